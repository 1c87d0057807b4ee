/* SPDX-License-Identifier: Apache-2.0 */
/* Asks polkit's authority, over the system's bus, whether the user of a process may do something. */
#ifndef LIKENESS_CPOLKIT_H
#define LIKENESS_CPOLKIT_H

#include <stddef.h>
#include <stdint.h>

/* What came of it. Only the first lets anybody do anything. */
enum likeness_polkit_answer {
    LIKENESS_POLKIT_AUTHORIZED = 1,
    /* The policy forbids it, or the password was wrong. */
    LIKENESS_POLKIT_REFUSED = 2,
    /* Somebody closed the question. */
    LIKENESS_POLKIT_DISMISSED = 3,
    /* A password would do, and no agent is there that could ask for it. */
    LIKENESS_POLKIT_NOBODY_TO_ASK = 4,
    /* No bus, or no polkit on it. */
    LIKENESS_POLKIT_ABSENT = 5,
    /* No answer in time. */
    LIKENESS_POLKIT_LATE = 6,
    /* The descriptor `cancelled` became readable. */
    LIKENESS_POLKIT_CANCELLED = 7,
    /* Something else is wrong: polkit does not know the action, for one. */
    LIKENESS_POLKIT_FAILED = 8
};

enum { LIKENESS_POLKIT_WHY = 512 };

/* Returns within `milliseconds`, of which it may wait all: the user may be asked for a password meanwhile. The question ends with this
   call, which blocks.
   - process, user: whose they are is for the caller to know; polkit finds the session, the agent and what was asked before by the process.
   - cancelled: a descriptor that becomes readable to end the wait, or -1.
   - why: filled with what went wrong, in the words of the bus; empty where nothing did. */
enum likeness_polkit_answer likeness_polkit_ask(
    const char *action, uint32_t process, uint32_t user, int milliseconds, int cancelled, char why[LIKENESS_POLKIT_WHY]);

/* A pipe that no program gets which is started meanwhile; its first end becomes readable when the second is closed. 0, or -1 and errno. */
int likeness_polkit_pipe(int ends[2]);

#endif
