/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon's reply to io.likeness.Verification.VerifyFrames says. */
#ifndef LIKENESS_REPLY_H
#define LIKENESS_REPLY_H

#include <stddef.h>

enum answer {
    /* Not one of the replies that are known. The first, so that what is left at zero is no match. */
    ANSWER_UNKNOWN = 0,
    ANSWER_MATCH,
    ANSWER_NO_MATCH,
    ANSWER_INCONCLUSIVE,
    ANSWER_NO_FACE,
    ANSWER_SEVERAL_FACES,
    ANSWER_NOT_ENROLLED,
    ANSWER_LOCKED_OUT,
    ANSWER_TOO_FAST,
    ANSWER_BUSY,
    ANSWER_NO_PERMISSION,
    /* The daemon does not know the method. */
    ANSWER_TOO_OLD,
    /* Another error that the interface declares. */
    ANSWER_REFUSED,
    /* The identity is no face. */
    ANSWER_OTHER_MODALITY
};

struct reply {
    enum answer answer;
    /* The name of the error on the wire; empty where there is none that could be written to a log. */
    char error[96];
};

/* Reads one message, without the NUL behind it. Only a whole, well-formed reply about `identity` is a decision. */
struct reply reply_read(const char *message, size_t length, const char *identity);

#endif
