/* SPDX-License-Identifier: Apache-2.0 */
#include "frames.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const unsigned char png_signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
static const unsigned char jpeg_signature[3] = { 0xFF, 0xD8, 0xFF };

/* Whether as much as there is agrees with a signature. */
static bool may_begin(const unsigned char *at, size_t left, const unsigned char *signature, size_t length) {
    return memcmp(at, signature, left < length ? left : length) == 0;
}

static void end_picture(struct splitter *splitter) {
    struct frames *frames = &splitter->frames;
    frames->frame[frames->count].begin = splitter->begin;
    frames->frame[frames->count].length = splitter->at - splitter->begin;
    frames->count++;
    splitter->begin = splitter->at;
    splitter->state = SPLIT_AT_START;
}

/* Each of these takes one step. SPLIT_HAS_ALL stands for a step that was taken. */

static enum split start(struct splitter *splitter, const unsigned char *at, size_t left) {
    if (left == 0) return SPLIT_NEEDS_MORE;
    if (may_begin(at, left, jpeg_signature, sizeof jpeg_signature)) {
        if (left < sizeof jpeg_signature) return SPLIT_NEEDS_MORE;
        splitter->at += 2;
        splitter->state = SPLIT_AT_MARKER;
        return SPLIT_HAS_ALL;
    }
    if (may_begin(at, left, png_signature, sizeof png_signature)) {
        if (left < sizeof png_signature) return SPLIT_NEEDS_MORE;
        splitter->at += sizeof png_signature;
        splitter->state = SPLIT_AT_CHUNK;
        return SPLIT_HAS_ALL;
    }
    return SPLIT_IS_WRONG;
}

static enum split marker(struct splitter *splitter, const unsigned char *at, size_t left) {
    if (left == 0) return SPLIT_NEEDS_MORE;
    if (at[0] != 0xFF) return SPLIT_IS_WRONG;
    if (left < 2) return SPLIT_NEEDS_MORE;
    unsigned char code = at[1];
    if (code == 0xFF) {
        splitter->at += 1;
    } else if (code == 0xD9) {
        splitter->at += 2;
        end_picture(splitter);
    } else if (code == 0x01 || (code >= 0xD0 && code <= 0xD7)) {
        splitter->at += 2;
    } else if (code == 0x00 || code == 0xD8) {
        return SPLIT_IS_WRONG;
    } else {
        if (left < 4) return SPLIT_NEEDS_MORE;
        size_t length = (size_t) at[2] << 8 | at[3];
        if (length < 2) return SPLIT_IS_WRONG;
        if (left < 2 + length) return SPLIT_NEEDS_MORE;
        splitter->at += 2 + length;
        if (code == 0xDA) splitter->state = SPLIT_IN_SCAN;
    }
    return SPLIT_HAS_ALL;
}

static enum split scan(struct splitter *splitter, const unsigned char *at, size_t left) {
    const unsigned char *found = left > 0 ? memchr(at, 0xFF, left) : NULL;
    if (found == NULL) {
        splitter->at += left;
        return SPLIT_NEEDS_MORE;
    }
    splitter->at += (size_t) (found - at);
    if (found + 1 == at + left) return SPLIT_NEEDS_MORE;
    if (found[1] == 0x00 || (found[1] >= 0xD0 && found[1] <= 0xD7)) splitter->at += 2;
    else if (found[1] == 0xFF) splitter->at += 1;
    else splitter->state = SPLIT_AT_MARKER;
    return SPLIT_HAS_ALL;
}

static enum split chunk(struct splitter *splitter, const unsigned char *at, size_t left) {
    if (left < 8) return SPLIT_NEEDS_MORE;
    uint64_t length = (uint64_t) at[0] << 24 | (uint64_t) at[1] << 16 | (uint64_t) at[2] << 8 | at[3];
    if (length > INT32_MAX) return SPLIT_IS_WRONG;
    if (left < 12 + length) return SPLIT_NEEDS_MORE;
    bool is_end = memcmp(at + 4, "IEND", 4) == 0;
    splitter->at += 12 + (size_t) length;
    if (is_end) end_picture(splitter);
    return SPLIT_HAS_ALL;
}

enum split splitter_feed(struct splitter *splitter, const unsigned char *data, size_t length, unsigned wanted) {
    splitter->frames.data = data;
    while (splitter->frames.count < wanted && splitter->frames.count < MAXIMUM_FRAMES) {
        const unsigned char *at = data + splitter->at;
        size_t left = length - splitter->at;
        enum split step = SPLIT_IS_WRONG;
        switch (splitter->state) {
        case SPLIT_AT_START: step = start(splitter, at, left); break;
        case SPLIT_AT_MARKER: step = marker(splitter, at, left); break;
        case SPLIT_IN_SCAN: step = scan(splitter, at, left); break;
        case SPLIT_AT_CHUNK: step = chunk(splitter, at, left); break;
        }
        if (step != SPLIT_HAS_ALL) return step;
    }
    return SPLIT_HAS_ALL;
}
