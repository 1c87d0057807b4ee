// SPDX-License-Identifier: Apache-2.0
#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

_Static_assert(LIKENESS_JPEG_LONGEST_SIDE == JPEG_MAX_DIMENSION, "the longest side is libjpeg's");

enum {
    /* Rows that are read between two questions whether to stop. */
    ROWS_AT_ONCE = 16,
    /* The same for rows that are passed over. */
    ROWS_PASSED_AT_ONCE = 256,
    /* How far around a part is read: what enlarges chroma looks at neighbours, of the largest block that is coded together. */
    MARGIN = 32,
    /* A profile is parted into so many segments at most; a larger one is passed over. */
    PROFILE_SEGMENTS = 255,
    LARGEST_PROFILE = 4 << 20,
};

struct likeness_jpeg {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_source_mgr source;
    jmp_buf failed;
    const uint8_t *bytes;
    size_t count;
    /* Whether the file was read to its end, and an end of image was made up. */
    int has_ended;
    /* Where the first scan's data begin. */
    size_t data_offset;
    likeness_jpeg_budget budget;
    likeness_jpeg_stop stop;
    void *context;
    likeness_jpeg_outcome outcome;
    /* The scan whose cost is counted last. */
    int scan;
    /* The blocks that all scans so far go through. */
    uint64_t blocks;
    /* One bit for each channel of which a scan came. */
    uint32_t channels_seen;
    size_t exif_offset, exif_count;
    /* Where each segment of the profile lies, by its number; how many there are said to be, and whether they agree. */
    struct {
        size_t offset, count;
    } profile[PROFILE_SEGMENTS + 1];
    uint32_t profile_segments;
    int has_bad_profile;
    /* The part, and what is read of each row: the columns from `read_left`. */
    likeness_jpeg_part part;
    uint32_t read_left, samples;
    uint8_t *rows;
    char message[JMSG_LENGTH_MAX];
};

static likeness_jpeg *reader_of(j_common_ptr jpeg) { return (likeness_jpeg *)jpeg->client_data; }

static void say(likeness_jpeg *reader, const char *message) {
    strncpy(reader->message, message, sizeof reader->message - 1);
}

static void fail(likeness_jpeg *reader, likeness_jpeg_outcome outcome) {
    reader->outcome = outcome;
    longjmp(reader->failed, 1);
}

/* What an error or a warning that costs pixels means for the file. */
static likeness_jpeg_outcome outcome_of(const likeness_jpeg *reader, int code) {
    switch (code) {
    case JERR_IMAGE_TOO_BIG:
        return LIKENESS_JPEG_SIDE_TOO_LONG;
    case JERR_EMPTY_IMAGE:
        return LIKENESS_JPEG_NO_PIXELS;
    case JERR_NO_BACKING_STORE:
    case JERR_OUT_OF_MEMORY:
        return LIKENESS_JPEG_TOO_MUCH_WORK;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return LIKENESS_JPEG_UNSUPPORTED;
    default:
        /* Where the file has ended, what is missing is what is wrong. */
        return reader->has_ended ? LIKENESS_JPEG_TRUNCATED : LIKENESS_JPEG_DAMAGED;
    }
}

static void error_exit(j_common_ptr jpeg) {
    likeness_jpeg *reader = reader_of(jpeg);
    likeness_jpeg_outcome outcome = outcome_of(reader, reader->errors.msg_code);
    reader->errors.format_message(jpeg, reader->message);
    if (outcome == LIKENESS_JPEG_TOO_MUCH_WORK) say(reader, "it needs more memory than a picture may have");
    fail(reader, outcome);
}

static void emit_message(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    switch (reader_of(jpeg)->errors.msg_code) {
    /* Stray bytes between two markers, which cameras write. */
    case JWRN_EXTRANEOUS_DATA:
    /* A later revision of JFIF, which says nothing of the pixels. */
    case JWRN_JFIF_MAJOR:
    /* Zeros in place of the limits of a scan, where they can have one value only. */
    case JWRN_NOT_SEQUENTIAL:
        return;
    default:
        error_exit(jpeg);
    }
}

static void output_message(j_common_ptr jpeg) { (void)jpeg; }

/* The source is the whole file; when it is asked for more, an end of image is made up, as libjpeg's own source does. */
static boolean fill_input_buffer(j_decompress_ptr jpeg) {
    static const JOCTET end[2] = {0xFF, JPEG_EOI};
    reader_of((j_common_ptr)jpeg)->has_ended = 1;
    jpeg->src->next_input_byte = end;
    jpeg->src->bytes_in_buffer = sizeof end;
    return TRUE;
}

static void skip_input_data(j_decompress_ptr jpeg, long count) {
    if (count <= 0) return;
    if ((size_t)count > jpeg->src->bytes_in_buffer) {
        fill_input_buffer(jpeg);
        return;
    }
    jpeg->src->next_input_byte += count;
    jpeg->src->bytes_in_buffer -= (size_t)count;
}

static void nothing(j_decompress_ptr jpeg) { (void)jpeg; }

/* Remembers where the first EXIF segment and those of the ICC profile lie, and goes beyond the segment. */
static boolean read_application_segment(j_decompress_ptr jpeg) {
    static const uint8_t exif[6] = {'E', 'x', 'i', 'f', 0, 0};
    static const uint8_t profile[12] = {'I', 'C', 'C', '_', 'P', 'R', 'O', 'F', 'I', 'L', 'E', 0};
    likeness_jpeg *reader = reader_of((j_common_ptr)jpeg);
    const JOCTET *segment = jpeg->src->next_input_byte;
    if (reader->has_ended || jpeg->src->bytes_in_buffer < 2) ERREXIT(jpeg, JERR_INPUT_EOF);
    size_t length = (size_t)segment[0] << 8 | segment[1];
    if (length < 2) ERREXIT(jpeg, JERR_BAD_LENGTH);
    int is_whole = length <= jpeg->src->bytes_in_buffer;
    size_t offset = (size_t)(segment - reader->bytes);
    if (is_whole && length >= 2 + sizeof exif && reader->exif_count == 0 && memcmp(segment + 2, exif, sizeof exif) == 0) {
        reader->exif_offset = offset + 2 + sizeof exif;
        reader->exif_count = length - 2 - sizeof exif;
    }
    /* The number of the segment, from 1, and how many there are, come before its bytes. */
    if (is_whole && length > 4 + sizeof profile && memcmp(segment + 2, profile, sizeof profile) == 0) {
        uint32_t number = segment[2 + sizeof profile], segments = segment[3 + sizeof profile];
        if (number == 0 || number > segments || reader->profile[number].count != 0
            || (reader->profile_segments != 0 && reader->profile_segments != segments)) {
            reader->has_bad_profile = 1;
        } else {
            reader->profile_segments = segments;
            reader->profile[number].offset = offset + 4 + sizeof profile;
            reader->profile[number].count = length - 4 - sizeof profile;
        }
    }
    skip_input_data(jpeg, (long)length);
    return TRUE;
}

static size_t profile_bytes(const likeness_jpeg *reader) {
    size_t bytes = 0;
    for (uint32_t number = 1; number <= reader->profile_segments; number++) {
        if (reader->profile[number].count == 0) return 0;
        bytes += reader->profile[number].count;
    }
    return reader->has_bad_profile || bytes > LARGEST_PROFILE ? 0 : bytes;
}

void likeness_jpeg_copy_profile(const likeness_jpeg *reader, uint8_t *into) {
    if (profile_bytes(reader) == 0) return;
    for (uint32_t number = 1; number <= reader->profile_segments; number++) {
        memcpy(into, reader->bytes + reader->profile[number].offset, reader->profile[number].count);
        into += reader->profile[number].count;
    }
}

static uint64_t blocks_of(const jpeg_component_info *channel) {
    return (uint64_t)channel->width_in_blocks * channel->height_in_blocks;
}

/* Counts the scan that is about to be read, before it costs anything. */
static void count_scan(likeness_jpeg *reader) {
    j_decompress_ptr jpeg = &reader->jpeg;
    if (jpeg->input_scan_number == reader->scan) return;
    reader->scan = jpeg->input_scan_number;
    uint64_t most = 0;
    for (int index = 0; index < jpeg->num_components; index++) {
        uint64_t blocks = blocks_of(&jpeg->comp_info[index]);
        if (blocks > most) most = blocks;
    }
    for (int index = 0; index < jpeg->comps_in_scan; index++) {
        reader->blocks += blocks_of(jpeg->cur_comp_info[index]);
        reader->channels_seen |= 1u << jpeg->cur_comp_info[index]->component_index;
    }
    if ((uint32_t)reader->scan > reader->budget.scans || reader->blocks > most * reader->budget.passes) {
        say(reader, "it sends its pixels in too many scans");
        fail(reader, LIKENESS_JPEG_TOO_MUCH_WORK);
    }
}

/* Called between two pieces of work, before each row of blocks of each scan at least. */
static void check(likeness_jpeg *reader) {
    if (reader->stop(reader->context)) fail(reader, LIKENESS_JPEG_STOPPED);
    size_t used = reader->has_ended ? reader->count : reader->count - reader->source.bytes_in_buffer;
    if (reader->jpeg.arith_code && used - reader->data_offset > reader->budget.arithmetic_bytes) {
        say(reader, "it has too many bytes of arithmetic coding");
        fail(reader, LIKENESS_JPEG_TOO_MUCH_WORK);
    }
}

static void progress_monitor(j_common_ptr jpeg) {
    likeness_jpeg *reader = reader_of(jpeg);
    check(reader);
    count_scan(reader);
}

likeness_jpeg *likeness_jpeg_open(
    const uint8_t *bytes, size_t count, likeness_jpeg_budget budget, likeness_jpeg_stop stop, void *context) {
    likeness_jpeg *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    reader->bytes = bytes;
    reader->count = count;
    reader->budget = budget;
    reader->stop = stop;
    reader->context = context;
    reader->jpeg.err = jpeg_std_error(&reader->errors);
    reader->errors.error_exit = error_exit;
    reader->errors.emit_message = emit_message;
    reader->errors.output_message = output_message;
    reader->jpeg.client_data = reader;
    if (setjmp(reader->failed)) {
        likeness_jpeg_close(reader);
        return NULL;
    }
    jpeg_create_decompress(&reader->jpeg);
    reader->jpeg.mem->max_memory_to_use = (long)budget.memory;
    reader->progress.progress_monitor = progress_monitor;
    reader->jpeg.progress = &reader->progress;
    reader->source.init_source = nothing;
    reader->source.fill_input_buffer = fill_input_buffer;
    reader->source.skip_input_data = skip_input_data;
    reader->source.resync_to_restart = jpeg_resync_to_restart;
    reader->source.term_source = nothing;
    reader->source.next_input_byte = bytes;
    reader->source.bytes_in_buffer = count;
    reader->jpeg.src = &reader->source;
    jpeg_set_marker_processor(&reader->jpeg, JPEG_APP0 + 1, read_application_segment);
    jpeg_set_marker_processor(&reader->jpeg, JPEG_APP0 + 2, read_application_segment);
    return reader;
}

likeness_jpeg_outcome likeness_jpeg_read_header(likeness_jpeg *reader, likeness_jpeg_header *header) {
    j_decompress_ptr jpeg = &reader->jpeg;
    memset(header, 0, sizeof *header);
    if (setjmp(reader->failed)) {
        header->width = jpeg->image_width;
        header->height = jpeg->image_height;
        return reader->outcome;
    }
    jpeg_read_header(jpeg, TRUE);
    reader->data_offset = reader->count - reader->source.bytes_in_buffer;
    header->width = jpeg->image_width;
    header->height = jpeg->image_height;
    header->channels = jpeg->num_components;
    header->is_for_print = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
    header->is_plain = !jpeg->arith_code && !jpeg_has_multiple_scans(jpeg);
    header->profile_count = profile_bytes(reader);
    header->exif_offset = reader->exif_offset;
    header->exif_count = reader->exif_count;
    return LIKENESS_JPEG_DONE;
}

/* Whether the scans have said all of each channel. */
static int is_complete(const likeness_jpeg *reader) {
    const struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    if (reader->channels_seen != (1u << jpeg->num_components) - 1) return 0;
    if (!jpeg->progressive_mode) return 1;
    for (int channel = 0; channel < jpeg->num_components; channel++) {
        for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++) {
            if (jpeg->coef_bits[channel][coefficient] != 0) return 0;
        }
    }
    return 1;
}

static J_COLOR_SPACE color_space_of(likeness_jpeg_layout layout) {
    switch (layout) {
    case LIKENESS_JPEG_GREY: return JCS_GRAYSCALE;
    case LIKENESS_JPEG_INVERTED_CMYK: return JCS_CMYK;
    default: return JCS_RGB;
    }
}

/* Leaves out the columns beside the part and the rows above it, as far as the blocks that hold it allow. */
static void begin_part(likeness_jpeg *reader) {
    j_decompress_ptr jpeg = &reader->jpeg;
    likeness_jpeg_part part = reader->part;
    if (part.width < jpeg->output_width) {
        JDIMENSION left = part.left > MARGIN ? part.left - MARGIN : 0, right = part.left + part.width + MARGIN;
        if (right > jpeg->output_width) right = jpeg->output_width;
        JDIMENSION width = right - left;
        jpeg_crop_scanline(jpeg, &left, &width);
        reader->read_left = left;
        reader->rows = malloc((size_t)ROWS_AT_ONCE * width * reader->samples);
        if (reader->rows == NULL) fail(reader, LIKENESS_JPEG_TOO_MUCH_WORK);
    }
    JDIMENSION above = part.top > MARGIN ? part.top - MARGIN : 0;
    while (jpeg->output_scanline < above) {
        JDIMENSION wanted = above - jpeg->output_scanline;
        check(reader);
        if (jpeg_skip_scanlines(jpeg, wanted > ROWS_PASSED_AT_ONCE ? ROWS_PASSED_AT_ONCE : wanted) == 0) {
            fail(reader, outcome_of(reader, 0));
        }
    }
}

likeness_jpeg_outcome likeness_jpeg_start(
    likeness_jpeg *reader, likeness_jpeg_layout layout, uint32_t reduction, likeness_jpeg_part part) {
    j_decompress_ptr jpeg = &reader->jpeg;
    if (setjmp(reader->failed)) return reader->outcome;
    count_scan(reader);
    jpeg->out_color_space = color_space_of(layout);
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->scale_num = 1;
    jpeg->scale_denom = reduction;
    jpeg_start_decompress(jpeg);
    /* All scans are read. A file that was ended properly may leave the last refinements out; no channel. */
    if (jpeg_has_multiple_scans(jpeg)) {
        if (reader->has_ended && (jpeg->arith_code || !is_complete(reader))) fail(reader, LIKENESS_JPEG_TRUNCATED);
        if (reader->channels_seen != (1u << jpeg->num_components) - 1) {
            say(reader, "a channel is missing");
            fail(reader, LIKENESS_JPEG_DAMAGED);
        }
    }
    reader->samples = (uint32_t)jpeg->output_components;
    reader->part = part;
    if (part.width == 0 || part.height == 0 || part.left > jpeg->output_width
        || part.width > jpeg->output_width - part.left || part.top > jpeg->output_height
        || part.height > jpeg->output_height - part.top) {
        say(reader, "the part lies outside the picture");
        fail(reader, LIKENESS_JPEG_UNSUPPORTED);
    }
    begin_part(reader);
    return LIKENESS_JPEG_DONE;
}

likeness_jpeg_outcome likeness_jpeg_read_rows(likeness_jpeg *reader, uint8_t *into, uint32_t rows) {
    j_decompress_ptr jpeg = &reader->jpeg;
    if (setjmp(reader->failed)) return reader->outcome;
    size_t row_bytes = (size_t)reader->part.width * reader->samples;
    size_t read_bytes = (size_t)jpeg->output_width * reader->samples;
    size_t before = (size_t)(reader->part.left - reader->read_left) * reader->samples;
    JDIMENSION first = jpeg->output_scanline > reader->part.top ? jpeg->output_scanline : reader->part.top;
    JDIMENSION last = first + rows;
    uint8_t *next = into;
    while (jpeg->output_scanline < last) {
        JSAMPROW places[ROWS_AT_ONCE];
        /* Rows of the margin go where the first row of the part will. */
        int is_above = jpeg->output_scanline < reader->part.top;
        JDIMENSION wanted = (is_above ? reader->part.top : last) - jpeg->output_scanline;
        if (wanted > ROWS_AT_ONCE) wanted = ROWS_AT_ONCE;
        for (JDIMENSION row = 0; row < wanted; row++) {
            places[row] = reader->rows != NULL ? reader->rows + row * read_bytes : next + (is_above ? 0 : row * row_bytes);
        }
        check(reader);
        JDIMENSION got = jpeg_read_scanlines(jpeg, places, wanted);
        if (got == 0) fail(reader, outcome_of(reader, 0));
        if (is_above) continue;
        for (JDIMENSION row = 0; reader->rows != NULL && row < got; row++) {
            memcpy(next + row * row_bytes, places[row] + before, row_bytes);
        }
        next += got * row_bytes;
    }
    /* Arithmetic coding takes what is missing for zeros, and says nothing. */
    if (jpeg->arith_code && reader->has_ended) fail(reader, LIKENESS_JPEG_TRUNCATED);
    return LIKENESS_JPEG_DONE;
}

const char *likeness_jpeg_message(const likeness_jpeg *reader) { return reader->message; }

void likeness_jpeg_close(likeness_jpeg *reader) {
    if (reader == NULL) return;
    jpeg_destroy_decompress(&reader->jpeg);
    free(reader->rows);
    free(reader);
}
