/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of a command's output or of a file, made by a process of its own with no more rights than it needs. */
#ifndef LIKENESS_CAPTURE_H
#define LIKENESS_CAPTURE_H

#include "frames.h"
#include "why.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The most that is taken of a command's output, or of a file. */
enum { MAXIMUM_CAPTURE = 16 << 20, MAXIMUM_GROUPS = 1024 };

/* Whom the process runs as. */
struct identity {
    uid_t user;
    gid_t group;
    gid_t groups[MAXIMUM_GROUPS];
    int group_count;
};

/* The user's identity as the user database has it. False where that user has more groups than there is room for. */
bool identity_of(struct identity *identity, const char *name, uid_t user, gid_t group);

struct capture {
    /* The program's absolute path and its arguments, with NULL behind them; NULL for a file. */
    char *const *command;
    const char *picture;
    const struct identity *identity;
    unsigned frames;
    /* A descriptor that can be read once nobody wants the pictures any more; NULL for none. */
    const int *cancel;
};

/* Data that frames lie in. */
struct captured {
    unsigned char *data;
    size_t length;
    struct frames frames;
    bool is_cancelled;
};

/* Runs until there are as many frames as are wanted, the output ends or the deadline has passed; then the process and its group are
   killed. At least one whole frame is there on success. The caller calls captured_free in any case. */
bool capture_run(const struct capture *capture, int64_t deadline, struct captured *captured, struct why *why);

/* Overwrites the pictures and frees them. */
void captured_free(struct captured *captured);

#endif
