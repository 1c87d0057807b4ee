/* SPDX-License-Identifier: Apache-2.0 */
/* Files in places where nobody could have put them but those who are trusted. */
#ifndef LIKENESS_PLACE_H
#define LIKENESS_PLACE_H

#include "why.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Whose files and daemons are believed. */
struct trusted {
    uid_t users[3];
    size_t count;
};

/* Root and this process's own user and, where `with_daemon`, the user likeness, whom the system's daemon runs as. */
struct trusted trusted_users(bool with_daemon);
bool trusted_contains(const struct trusted *trusted, uid_t user);

/* Opens what is at an absolute path by descriptors (O_PATH), after a look at every folder on the way: each belongs to one who is
   trusted, and nobody else can write to it; links are not followed. What is found is of the `kind` (S_IFREG, S_IFSOCK), and
   belongs to one who is trusted as well.
   Returns a descriptor, which the caller closes, or -1. */
int place_open(const char *path, mode_t kind, const struct trusted *trusted, struct why *why);

#endif
