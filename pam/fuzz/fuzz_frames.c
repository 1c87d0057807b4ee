/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting pictures out of a command's output: whatever comes in whatever pieces, they are those of the whole, one behind the
   other, and lie within it. */
#include "frames.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    size_t step = (size_t) data[0] + 1;
    unsigned wanted = data[1] % MAXIMUM_FRAMES + 1;
    data += 2;
    size -= 2;
    unsigned char *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) return 0;
    memcpy(copy, data, size);
    struct splitter whole = { .state = SPLIT_AT_START };
    enum split all = splitter_feed(&whole, copy, size, wanted);
    free(copy);

    struct splitter parts = { .state = SPLIT_AT_START };
    enum split split = SPLIT_NEEDS_MORE;
    for (size_t length = 0; split == SPLIT_NEEDS_MORE; length += step) {
        size_t part = length < size ? length : size;
        copy = malloc(part > 0 ? part : 1);
        if (copy == NULL) return 0;
        memcpy(copy, data, part);
        split = splitter_feed(&parts, copy, part, wanted);
        free(copy);
        if (part == size) break;
    }
    if (split != all || parts.frames.count != whole.frames.count || whole.frames.count > wanted) abort();
    if ((all == SPLIT_HAS_ALL) != (whole.frames.count == wanted)) abort();
    size_t end = 0;
    for (unsigned i = 0; i < whole.frames.count; i++) {
        if (whole.frames.frame[i].begin != end || whole.frames.frame[i].length < 4) abort();
        if (whole.frames.frame[i].begin != parts.frames.frame[i].begin || whole.frames.frame[i].length != parts.frames.frame[i].length)
            abort();
        end += whole.frames.frame[i].length;
    }
    if (end > size) abort();
    return 0;
}
