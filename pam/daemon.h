/* SPDX-License-Identifier: Apache-2.0 */
/* One call to the daemon over its Unix socket. */
#ifndef LIKENESS_DAEMON_H
#define LIKENESS_DAEMON_H

#include "frames.h"
#include "why.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The longest reply that is read. */
enum { MAXIMUM_REPLY = 1 << 16 };

/* Connects to a socket in a safe place, behind which root, this process's user or the user likeness listens.
   Returns a descriptor, which the caller closes, or -1. */
int daemon_connect(const char *path, int64_t deadline, struct why *why);

/* Texts of calls with the NUL behind them, which the caller frees; NULL without memory. `identity` is printable ASCII. */

/* VerifyFrames; `user` is named where `names_user`. */
char *daemon_verify_text(
    const char *identity, bool names_user, uid_t user, const struct frames *frames, size_t *length);
/* Describe. */
char *daemon_describe_text(const char *identity, size_t *length);

/* Sends a call and waits for the one reply to it. Returns the reply's length without its NUL, or -1. */
ssize_t daemon_call(
    int connection, const char *call, size_t length, char reply[MAXIMUM_REPLY], int64_t deadline, struct why *why);

#endif
