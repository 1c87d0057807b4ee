// SPDX-License-Identifier: Apache-2.0
#include "Picture.h"

static const picture_reader *reader_of(likeness_picture_format format) {
    switch (format) {
#ifdef LIKENESS_WEBP
    case LIKENESS_PICTURE_WEBP: return &webp_reader;
#endif
#ifdef LIKENESS_HEIF
    case LIKENESS_PICTURE_HEIF: return &heif_reader;
#endif
#ifdef LIKENESS_TIFF
    case LIKENESS_PICTURE_TIFF: return &tiff_reader;
#endif
    default: return NULL;
    }
}

int likeness_pictures_prepare(void) {
#ifdef LIKENESS_HEIF
    return heif_prepare();
#else
    return 0;
#endif
}

likeness_picture *likeness_picture_open(
    likeness_picture_format format, const uint8_t *bytes, size_t count, likeness_picture_limits limits,
    likeness_picture_stop stop, void *context) {
    const picture_reader *reader = reader_of(format);
    if (reader == NULL) return NULL;
    likeness_picture *picture = calloc(1, sizeof *picture);
    void *state = calloc(1, reader->state_bytes);
    if (picture == NULL || state == NULL) {
        free(picture);
        free(state);
        return NULL;
    }
    picture->reader = reader;
    picture->bytes = bytes;
    picture->count = count;
    picture->limits = limits;
    picture->stop = stop;
    picture->context = context;
    picture->state = state;
    picture->header.orientation = 1;
    return picture;
}

likeness_picture_outcome likeness_picture_read_header(likeness_picture *picture, likeness_picture_header *header) {
    likeness_picture_outcome outcome = picture->reader->read_header(picture);
    *header = picture->header;
    return outcome;
}

likeness_picture_outcome likeness_picture_read_rows(likeness_picture *picture, uint8_t *pixels) {
    if (is_stopped(picture)) return LIKENESS_PICTURE_STOPPED;
    return picture->reader->read_rows(picture, pixels);
}

const char *likeness_picture_message(const likeness_picture *picture) { return picture->message; }

void likeness_picture_close(likeness_picture *picture) {
    if (picture == NULL) return;
    picture->reader->close(picture);
    free(picture->state);
    free(picture);
}
