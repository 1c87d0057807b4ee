// SPDX-License-Identifier: Apache-2.0
/* WebP, HEIC and AVIF, and TIFF files, each by its library, behind one interface.
 *
 * A reader tells a picture's size before anything is allocated for pixels, and gives all rows at once, 8 bits a channel.
 * What a library cannot be asked to end in the middle is bounded by the picture's size. */
#ifndef LIKENESS_CPICTUREFORMATS_H
#define LIKENESS_CPICTUREFORMATS_H

#include <stddef.h>
#include <stdint.h>

typedef struct likeness_picture likeness_picture;

/* Asked between pieces of work; anything but 0 ends it. */
typedef int (*likeness_picture_stop)(void *context);

typedef enum {
    LIKENESS_PICTURE_WEBP = 0,
    LIKENESS_PICTURE_HEIF,
    LIKENESS_PICTURE_TIFF,
} likeness_picture_format;

typedef enum {
    LIKENESS_PICTURE_DONE = 0,
    LIKENESS_PICTURE_STOPPED,
    /* The file ends before its pixels do. */
    LIKENESS_PICTURE_TRUNCATED,
    LIKENESS_PICTURE_DAMAGED,
    LIKENESS_PICTURE_UNSUPPORTED,
    /* Reading the file takes more memory than a picture may. */
    LIKENESS_PICTURE_TOO_MUCH_WORK,
} likeness_picture_outcome;

/* What the samples of a pixel are. */
typedef enum {
    LIKENESS_PICTURE_GREY = 0,
    LIKENESS_PICTURE_RGB,
    LIKENESS_PICTURE_RGBA,
    /* Four inks, 255 where there is none: the way around in which JPEG files hold them. */
    LIKENESS_PICTURE_INVERTED_CMYK,
} likeness_picture_layout;

typedef struct {
    uint32_t width, height;
    likeness_picture_layout layout;
    /* By the tag of EXIF and TIFF, 1 to 8; 1 where nothing is stated or the library has turned the picture. */
    int orientation;
    /* A TIFF structure that states the orientation; 0 bytes where there is none. */
    const uint8_t *exif;
    size_t exif_count;
    /* The embedded ICC profile; 0 bytes where there is none. */
    const uint8_t *profile;
    size_t profile_count;
} likeness_picture_header;

typedef struct {
    /* The most that one allocation, and the most that a picture's own size, may take. */
    size_t memory;
    uint32_t longest_side;
} likeness_picture_limits;

/* Loads what the libraries load when they are first used, so that nothing has to be opened later. Returns 0, or -1. */
int likeness_pictures_prepare(void);

/* The bytes must stay where they are until the picture is closed. NULL when there is no memory, or when the format was left
 * out of the build. */
likeness_picture *likeness_picture_open(
    likeness_picture_format format, const uint8_t *bytes, size_t count, likeness_picture_limits limits,
    likeness_picture_stop stop, void *context);

/* What the header points to is there until the picture is closed. */
likeness_picture_outcome likeness_picture_read_header(likeness_picture *picture, likeness_picture_header *header);

/* After the header: all rows, width × samples bytes each. */
likeness_picture_outcome likeness_picture_read_rows(likeness_picture *picture, uint8_t *pixels);

/* What was said of the last failure. */
const char *likeness_picture_message(const likeness_picture *picture);

void likeness_picture_close(likeness_picture *picture);

#endif
