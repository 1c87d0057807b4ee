// SPDX-License-Identifier: Apache-2.0
/* What the readers of the formats have in common. */
#ifndef LIKENESS_PICTURE_H
#define LIKENESS_PICTURE_H

#include "CPictureFormats.h"

#include <stdlib.h>
#include <string.h>

/* A profile that is larger is passed over. */
enum { LARGEST_PROFILE = 4 << 20 };

typedef struct {
    likeness_picture_outcome (*read_header)(likeness_picture *picture);
    likeness_picture_outcome (*read_rows)(likeness_picture *picture, uint8_t *pixels);
    void (*close)(likeness_picture *picture);
    size_t state_bytes;
} picture_reader;

struct likeness_picture {
    const picture_reader *reader;
    const uint8_t *bytes;
    size_t count;
    likeness_picture_limits limits;
    likeness_picture_stop stop;
    void *context;
    likeness_picture_header header;
    char message[200];
    /* What the reader keeps. */
    void *state;
};

#ifdef LIKENESS_WEBP
extern const picture_reader webp_reader;
#endif
#ifdef LIKENESS_HEIF
extern const picture_reader heif_reader;
int heif_prepare(void);
#endif
#ifdef LIKENESS_TIFF
extern const picture_reader tiff_reader;
#endif

static inline likeness_picture_outcome failed(
    likeness_picture *picture, likeness_picture_outcome outcome, const char *message) {
    strncpy(picture->message, message, sizeof picture->message - 1);
    return outcome;
}

static inline int is_stopped(likeness_picture *picture) { return picture->stop(picture->context) != 0; }

static inline size_t samples_of(likeness_picture_layout layout) {
    return layout == LIKENESS_PICTURE_GREY ? 1 : layout == LIKENESS_PICTURE_RGB ? 3 : 4;
}

#endif
