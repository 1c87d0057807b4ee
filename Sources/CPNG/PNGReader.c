// SPDX-License-Identifier: Apache-2.0
#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    SIGNATURE_BYTES = 8,
    /* A chunk's length and type before its content. */
    CHUNK_HEAD = 8,
    /* With the checksum after it. */
    CHUNK_FRAME = 12,
    /* What libpng takes of a chunk whose length the picture does not explain; a palette needs 768. */
    CHUNK_MEMORY = 1 << 20,
    /* Reads between two questions whether to stop, beside the one before each row. */
    READS_AT_ONCE = 1024,
};

/* Where a row of an interlaced picture's pass goes: pixels that are `step` apart. */
typedef struct {
    uint8_t *into;
    uint32_t count;
    size_t step;
    int channels;
} spread_place;

struct likeness_png {
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t count;
    /* Where libpng reads next, and where the chunk that it reads ends. */
    size_t offset, chunk_end;
    int has_image_data;
    uint32_t reads;
    /* libpng goes on to the end of the image data when it has the last row. */
    int is_last_row, has_last_row;
    spread_place spread;
    likeness_png_stop stop;
    void *context;
    likeness_png_outcome outcome;
    char message[160];
};

static uint32_t number_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int is_of_type(const uint8_t *chunk, const char *type) { return memcmp(chunk + 4, type, 4) == 0; }

/* A chunk that a reader may leave out, by the case of its type's first letter. */
static int is_ancillary(const uint8_t *chunk) {
    for (int index = 4; index < 8; index++) {
        uint8_t lower = chunk[index] | 0x20;
        if (lower < 'a' || lower > 'z') return 0;
    }
    return (chunk[4] & 0x20) != 0;
}

/* The bytes of the chunk at `offset`, its checksum among them; 0 where it is not all there. */
static size_t chunk_bytes(const likeness_png *reader, size_t offset) {
    size_t left = reader->count - offset;
    if (left < CHUNK_FRAME) return 0;
    size_t length = number_at(reader->bytes + offset);
    return length <= left - CHUNK_FRAME ? length + CHUNK_FRAME : 0;
}

static int has_right_checksum(const uint8_t *chunk, size_t bytes) {
    uLong sum = crc32(0, chunk + 4, (uInt)(bytes - CHUNK_HEAD));
    return sum == number_at(chunk + bytes - 4);
}

static void fail(likeness_png *reader, likeness_png_outcome outcome, const char *message) {
    reader->outcome = outcome;
    strncpy(reader->message, message, sizeof reader->message - 1);
    png_longjmp(reader->png, 1);
}

static void read_failed(png_structp png, png_const_charp message) {
    fail(png_get_error_ptr(png), LIKENESS_PNG_DAMAGED, message);
}

static void ignore_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void check_stop(likeness_png *reader) {
    if (reader->stop(reader->context)) fail(reader, LIKENESS_PNG_STOPPED, "");
}

/* Goes on to the next chunk that the pixels need. */
static void begin_chunk(likeness_png *reader) {
    for (;;) {
        const uint8_t *chunk = reader->bytes + reader->offset;
        size_t bytes = chunk_bytes(reader, reader->offset);
        if (bytes == 0) fail(reader, LIKENESS_PNG_TRUNCATED, "");
        int is_image_data = is_of_type(chunk, "IDAT");
        /* All image data lies together; what comes then ends it, whatever it is. */
        int is_needed = reader->has_image_data ? !is_image_data || bytes > CHUNK_FRAME : !is_ancillary(chunk) || is_of_type(chunk, "tRNS");
        if (is_needed) {
            if (!has_right_checksum(chunk, bytes)) {
                char message[] = "????: CRC error";
                for (int index = 0; index < 4; index++) {
                    if (chunk[4 + index] >= ' ' && chunk[4 + index] <= '~') message[index] = (char)chunk[4 + index];
                }
                fail(reader, LIKENESS_PNG_DAMAGED, message);
            }
            reader->has_image_data = is_image_data;
            reader->chunk_end = reader->offset + bytes;
            return;
        }
        reader->offset += bytes;
    }
}

static void read_bytes(png_structp png, png_bytep into, size_t count) {
    likeness_png *reader = png_get_io_ptr(png);
    if (reader->has_last_row) fail(reader, LIKENESS_PNG_DONE, "");
    if (++reader->reads % READS_AT_ONCE == 0) check_stop(reader);
    while (count > 0) {
        if (reader->offset == reader->chunk_end) begin_chunk(reader);
        size_t part = reader->chunk_end - reader->offset;
        if (part > count) part = count;
        memcpy(into, reader->bytes + reader->offset, part);
        reader->offset += part;
        into += part;
        count -= part;
    }
}

static inline void spread(const uint8_t *from, uint8_t *into, uint32_t count, size_t step, int channels) {
    for (uint32_t column = 0; column < count; column++) {
        for (int channel = 0; channel < channels; channel++) into[channel] = from[channel];
        from += channels;
        into += step * (size_t)channels;
    }
}

/* Puts the pixels of a pass's row where they belong. Each number of channels has its own loop. */
static void spread_row(const uint8_t *from, const spread_place *place) {
    uint8_t *into = place->into;
    uint32_t count = place->count;
    size_t step = place->step;
    switch (place->channels) {
    case 1: spread(from, into, count, step, 1); break;
    case 2: spread(from, into, count, step, 2); break;
    case 3: spread(from, into, count, step, 3); break;
    default: spread(from, into, count, step, 4); break;
    }
}

/* Called with each row when it is ready; what libpng reads after the last is no pixel any more. */
static void take_row(png_structp png, png_row_infop info, png_bytep row) {
    (void)info;
    likeness_png *reader = png_get_io_ptr(png);
    if (reader->spread.into != NULL) spread_row(row, &reader->spread);
    if (reader->is_last_row) reader->has_last_row = 1;
}

likeness_png *likeness_png_open(const uint8_t *bytes, size_t count, likeness_png_stop stop, void *context) {
    if (count < SIGNATURE_BYTES) return NULL;
    likeness_png *reader = calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    reader->bytes = bytes;
    reader->count = count;
    reader->chunk_end = SIGNATURE_BYTES;
    reader->stop = stop;
    reader->context = context;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, read_failed, ignore_warning);
    reader->info = reader->png == NULL ? NULL : png_create_info_struct(reader->png);
    if (reader->info == NULL) {
        likeness_png_close(reader);
        return NULL;
    }
    png_set_read_fn(reader->png, reader, read_bytes);
    png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);
    png_set_chunk_malloc_max(reader->png, CHUNK_MEMORY);
    png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    /* The checksums are right, or libpng does not see the chunk. */
    png_set_crc_action(reader->png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    return reader;
}

likeness_png_outcome likeness_png_read_header(likeness_png *reader, uint32_t *width, uint32_t *height, size_t *row_bytes) {
    if (setjmp(png_jmpbuf(reader->png))) return reader->outcome;
    png_read_info(reader->png, reader->info);
    *width = png_get_image_width(reader->png, reader->info);
    *height = png_get_image_height(reader->png, reader->info);
    *row_bytes = png_get_rowbytes(reader->png, reader->info);
    return LIKENESS_PNG_DONE;
}

likeness_png_outcome likeness_png_prepare(likeness_png *reader, int *channels) {
    if (setjmp(png_jmpbuf(reader->png))) return reader->outcome;
    png_set_expand(reader->png);
    png_set_scale_16(reader->png);
    png_set_read_user_transform_fn(reader->png, take_row);
    png_read_update_info(reader->png, reader->info);
    *channels = png_get_channels(reader->png, reader->info);
    if (*channels < 1 || *channels > 4 || png_get_bit_depth(reader->png, reader->info) != 8) {
        png_error(reader->png, "the channels are not those of a PNG file");
    }
    return LIKENESS_PNG_DONE;
}

static void read_row(likeness_png *reader, uint8_t *into, int is_last) {
    check_stop(reader);
    reader->is_last_row = is_last;
    png_read_row(reader->png, into, NULL);
}

/* The seven passes of Adam7, each read as the small picture that it is: libpng's own way goes through all rows seven
 * times. */
static void read_passes(likeness_png *reader, uint8_t *pixels, uint32_t width, uint32_t height, int channels) {
    uint64_t left = 0;
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        if (PNG_PASS_COLS(width, pass) > 0) left += PNG_PASS_ROWS(height, pass);
    }
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        uint32_t columns = PNG_PASS_COLS(width, pass), rows = PNG_PASS_ROWS(height, pass);
        if (columns == 0) continue;
        size_t first = PNG_PASS_START_COL(pass);
        for (uint32_t index = 0; index < rows; index++) {
            size_t y = PNG_PASS_START_ROW(pass) + ((size_t)index << PNG_PASS_ROW_SHIFT(pass));
            reader->spread = (spread_place){
                .into = pixels + (y * width + first) * (size_t)channels, .count = columns,
                .step = (size_t)1 << PNG_PASS_COL_SHIFT(pass), .channels = channels};
            read_row(reader, NULL, --left == 0);
        }
    }
}

likeness_png_outcome likeness_png_read_rows(likeness_png *reader, uint8_t *pixels) {
    if (setjmp(png_jmpbuf(reader->png))) return reader->outcome;
    uint32_t width = png_get_image_width(reader->png, reader->info);
    uint32_t height = png_get_image_height(reader->png, reader->info);
    int channels = png_get_channels(reader->png, reader->info);
    if (png_get_interlace_type(reader->png, reader->info) != PNG_INTERLACE_NONE) {
        read_passes(reader, pixels, width, height, channels);
    } else {
        size_t row_bytes = (size_t)width * (size_t)channels;
        for (uint32_t y = 0; y < height; y++) read_row(reader, pixels + y * row_bytes, y + 1 == height);
    }
    return LIKENESS_PNG_DONE;
}

void likeness_png_find_exif(const likeness_png *reader, size_t *offset, size_t *count) {
    *offset = *count = 0;
    size_t bytes;
    for (size_t place = SIGNATURE_BYTES; place < reader->count && (bytes = chunk_bytes(reader, place)) != 0; place += bytes) {
        const uint8_t *chunk = reader->bytes + place;
        if (is_of_type(chunk, "eXIf") && bytes > CHUNK_FRAME && has_right_checksum(chunk, bytes)) {
            *offset = place + CHUNK_HEAD;
            *count = bytes - CHUNK_FRAME;
            return;
        }
        if (is_of_type(chunk, "IEND")) return;
    }
}

/* Unfolds no more than `most` bytes, whatever the chunk would unfold to. */
static uint8_t *unfolded(const uint8_t *bytes, size_t count, size_t most, size_t *length) {
    uint8_t *into = malloc(most);
    z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)count, .next_out = into, .avail_out = (uInt)most};
    if (into == NULL || inflateInit(&stream) != Z_OK) {
        free(into);
        return NULL;
    }
    int status = inflate(&stream, Z_FINISH);
    *length = most - stream.avail_out;
    inflateEnd(&stream);
    if (status == Z_STREAM_END && *length > 0) return into;
    free(into);
    return NULL;
}

void likeness_png_read_profile(const likeness_png *reader, size_t most, uint8_t **profile, size_t *count) {
    enum { LONGEST_NAME = 79 };
    *profile = NULL;
    *count = 0;
    size_t bytes;
    for (size_t place = SIGNATURE_BYTES; place < reader->count && (bytes = chunk_bytes(reader, place)) != 0; place += bytes) {
        const uint8_t *chunk = reader->bytes + place;
        if (is_of_type(chunk, "IDAT") || is_of_type(chunk, "IEND")) return;
        if (!is_of_type(chunk, "iCCP") || !has_right_checksum(chunk, bytes)) continue;
        /* A name, a zero, the kind of compression, of which there is one, and the profile. */
        const uint8_t *name = chunk + CHUNK_HEAD;
        size_t length = bytes - CHUNK_FRAME, name_bytes = 0;
        while (name_bytes < length && name_bytes <= LONGEST_NAME && name[name_bytes] != 0) name_bytes++;
        if (name_bytes + 2 >= length || name[name_bytes] != 0 || name[name_bytes + 1] != 0) return;
        *profile = unfolded(name + name_bytes + 2, length - name_bytes - 2, most, count);
        if (*profile == NULL) *count = 0;
        return;
    }
}

void likeness_png_free_profile(uint8_t *profile) { free(profile); }

const char *likeness_png_message(const likeness_png *reader) { return reader->message; }

void likeness_png_close(likeness_png *reader) {
    if (reader == NULL) return;
    if (reader->png != NULL) png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader);
}
