/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of the daemon's replies: it reads no byte beside the message, and takes no other message for a match. */
#include "reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int holds(const char *text, size_t length, const char *word) { return memmem(text, length, word, strlen(word)) != NULL; }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* In memory of its own, so that one byte beside it is found. */
    char *message = malloc(size > 0 ? size : 1);
    if (message == NULL) return 0;
    memcpy(message, data, size);
    struct reply reply = reply_read(message, size, "alice");
    /* Without a reader of JSON: a match has these words in it, unless characters are written by their numbers. */
    if (reply.answer == ANSWER_MATCH && !holds(message, size, "\\u")
        && !(holds(message, size, "\"parameters\"") && holds(message, size, "\"result\"") && holds(message, size, "\"match\"")
             && holds(message, size, "\"identity\"") && holds(message, size, "\"alice\"") && message[size - 1] != '"'))
        abort();
    /* It is one about this identity, and about no other. */
    if (reply.answer == ANSWER_MATCH && reply_read(message, size, "bob").answer != ANSWER_UNKNOWN) abort();
    /* Nothing may be missing, nor stand behind it. */
    if (reply.answer == ANSWER_MATCH && reply_read(message, size - 1, "alice").answer != ANSWER_UNKNOWN && message[size - 1] > ' ')
        abort();
    if (memchr(reply.error, 0, sizeof reply.error) == NULL) abort();
    free(message);
    return 0;
}
