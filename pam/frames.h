/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures in what a capture command writes: JPEG or PNG files, one behind the other. */
#ifndef LIKENESS_FRAMES_H
#define LIKENESS_FRAMES_H

#include <stddef.h>

/* As many as VerifyFrames takes. */
enum { MAXIMUM_FRAMES = 5 };

struct frames {
    const unsigned char *data;
    unsigned count;
    struct {
        size_t begin, length;
    } frame[MAXIMUM_FRAMES];
};

enum split { SPLIT_NEEDS_MORE, SPLIT_HAS_ALL, SPLIT_IS_WRONG };

/* Goes on where it was, whenever more has been written behind the same data. */
struct splitter {
    struct frames frames;
    /* Where the picture begins that is being looked at, and how far it was. */
    size_t begin, at;
    enum { SPLIT_AT_START, SPLIT_AT_MARKER, SPLIT_IN_SCAN, SPLIT_AT_CHUNK } state;
};

/* Looks at what there is now of the data, until there are `wanted` pictures. */
enum split splitter_feed(struct splitter *splitter, const unsigned char *data, size_t length, unsigned wanted);

#endif
