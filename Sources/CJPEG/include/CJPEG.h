// SPDX-License-Identifier: Apache-2.0
/* JPEG files by libjpeg's classic interface, row by row and with a way to stop.
 *
 * libjpeg reports errors by longjmp, which Swift cannot cross, and what is wrong with a file by the code of a warning:
 * both stay behind these functions. A warning that costs pixels ends the reading at once. */
#ifndef LIKENESS_CJPEG_H
#define LIKENESS_CJPEG_H

#include <stddef.h>
#include <stdint.h>

typedef struct likeness_jpeg likeness_jpeg;

/* Asked between pieces of work; anything but 0 ends it. */
typedef int (*likeness_jpeg_stop)(void *context);

typedef enum {
    LIKENESS_JPEG_DONE = 0,
    LIKENESS_JPEG_STOPPED,
    /* The file costs more than the budget; the message says what does. */
    LIKENESS_JPEG_TOO_MUCH_WORK,
    /* The file ends before its pixels do. */
    LIKENESS_JPEG_TRUNCATED,
    LIKENESS_JPEG_DAMAGED,
    LIKENESS_JPEG_UNSUPPORTED,
    LIKENESS_JPEG_NO_PIXELS,
    /* A side is longer than LIKENESS_JPEG_LONGEST_SIDE; the size is known. */
    LIKENESS_JPEG_SIDE_TOO_LONG,
} likeness_jpeg_outcome;

/* The most pixels along a side that libjpeg reads, JPEG_MAX_DIMENSION. */
enum { LIKENESS_JPEG_LONGEST_SIDE = 65500 };

typedef struct {
    uint32_t width, height;
    /* The grey levels alone, three channels, four inks, or another number of them, which are not read. */
    int channels;
    /* Made for printing: CMYK, or YCCK. */
    int is_for_print;
    /* Whether the pixels come in one scan of Huffman coding, so that going through them twice costs little. */
    int is_plain;
    /* The embedded ICC profile; 0 bytes where there is none that is whole. */
    size_t profile_count;
    /* The TIFF structure of the first EXIF segment before the pixels; 0 bytes where there is none. */
    size_t exif_offset, exif_count;
} likeness_jpeg_header;

/* How much work a file may be.
 *
 * A scan goes through all blocks of 8 × 8 levels of its channels, however little it says of them. */
typedef struct {
    /* The most scans. */
    uint32_t scans;
    /* How many times the blocks of the channel that has the most are gone through, by all scans together. */
    uint32_t passes;
    /* The most bytes of arithmetic coding, which costs ten times what Huffman coding does. */
    size_t arithmetic_bytes;
    /* The most bytes of coefficients and other memory of the decoder. */
    size_t memory;
} likeness_jpeg_budget;

/* The bytes must stay where they are until the reader is closed. NULL when there is no memory. */
likeness_jpeg *likeness_jpeg_open(
    const uint8_t *bytes, size_t count, likeness_jpeg_budget budget, likeness_jpeg_stop stop, void *context);

/* Reads up to the first scan; nothing is allocated for pixels. After SIDE_TOO_LONG too the size is told. */
likeness_jpeg_outcome likeness_jpeg_read_header(likeness_jpeg *reader, likeness_jpeg_header *header);

/* After the header: the profile's bytes in their order. */
void likeness_jpeg_copy_profile(const likeness_jpeg *reader, uint8_t *into);

typedef enum {
    LIKENESS_JPEG_GREY = 0,
    LIKENESS_JPEG_RGB,
    /* Four inks, 255 where there is none: the way around in which all programs write them. */
    LIKENESS_JPEG_INVERTED_CMYK,
} likeness_jpeg_layout;

/* A part of the reduced picture, in its pixels. */
typedef struct {
    uint32_t left, top, width, height;
} likeness_jpeg_part;

/* After the header: makes ready to read the rows of a part of the picture at 1/1, 1/2, 1/4 or 1/8 of its size, which is
 * rounded up. Of a file of several scans all are read. */
likeness_jpeg_outcome likeness_jpeg_start(
    likeness_jpeg *reader, likeness_jpeg_layout layout, uint32_t reduction, likeness_jpeg_part part);

/* Reads the next `rows` rows of the part, one behind the other. Nothing of the file is read beyond its last row. */
likeness_jpeg_outcome likeness_jpeg_read_rows(likeness_jpeg *reader, uint8_t *into, uint32_t rows);

/* What libjpeg said of the last failure. */
const char *likeness_jpeg_message(const likeness_jpeg *reader);

void likeness_jpeg_close(likeness_jpeg *reader);

#endif
