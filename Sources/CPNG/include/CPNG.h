// SPDX-License-Identifier: Apache-2.0
/* PNG files by libpng, row by row and with a way to stop.
 *
 * libpng reports errors by longjmp, which Swift cannot cross: it stays behind these functions. libpng sees the chunks
 * that the pixels need and no other, each after its checksum was found right, and nothing beyond the last row: what text,
 * profiles and spare image data would unfold to is never unfolded. */
#ifndef LIKENESS_CPNG_H
#define LIKENESS_CPNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct likeness_png likeness_png;

/* Asked between pieces of work; anything but 0 ends it. */
typedef int (*likeness_png_stop)(void *context);

typedef enum {
    LIKENESS_PNG_DONE = 0,
    LIKENESS_PNG_STOPPED,
    /* The file ends before its pixels do. */
    LIKENESS_PNG_TRUNCATED,
    LIKENESS_PNG_DAMAGED,
} likeness_png_outcome;

/* The bytes must stay where they are until the reader is closed. NULL when there is no memory. */
likeness_png *likeness_png_open(const uint8_t *bytes, size_t count, likeness_png_stop stop, void *context);

/* Reads up to the image data; tells the size and the bytes that a row unfolds to, and nothing is allocated for pixels. */
likeness_png_outcome likeness_png_read_header(likeness_png *reader, uint32_t *width, uint32_t *height, size_t *row_bytes);

/* After the header: 8 bits per channel, palette and transparency expanded; tells the channels: grey, grey and alpha,
 * RGB, or RGB and alpha. */
likeness_png_outcome likeness_png_prepare(likeness_png *reader, int *channels);

/* Reads all rows, width × channels bytes each. */
likeness_png_outcome likeness_png_read_rows(likeness_png *reader, uint8_t *pixels);

/* The first EXIF chunk (eXIf) that is whole, before the image data or after; 0 bytes where there is none. */
void likeness_png_find_exif(const likeness_png *reader, size_t *offset, size_t *count);

/* The ICC profile (iCCP) before the image data, unfolded; 0 bytes where there is none or where it is damaged or larger than
 * `most`. Bytes to be freed by likeness_png_free_profile. */
void likeness_png_read_profile(const likeness_png *reader, size_t most, uint8_t **profile, size_t *count);

void likeness_png_free_profile(uint8_t *profile);

/* What was said of the last failure. */
const char *likeness_png_message(const likeness_png *reader);

void likeness_png_close(likeness_png *reader);

typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    char message[160];
} likeness_png_writer;

/* channels: 1 (grey) or 3 (RGB). The file is in writer->bytes, to be freed by likeness_png_writer_free. Returns 0, or -1
 * with a message. */
int likeness_png_write(likeness_png_writer *writer, uint32_t width, uint32_t height, int channels, const uint8_t *pixels);

void likeness_png_writer_free(likeness_png_writer *writer);

#endif
