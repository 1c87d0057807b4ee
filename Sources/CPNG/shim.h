/* libpng reports errors by longjmp, which Swift cannot cross: each function here arms setjmp, calls libpng
 * and returns 0 or -1 with a message. */
#ifndef LIKENESS_CPNG_SHIM_H
#define LIKENESS_CPNG_SHIM_H

#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t count;
    size_t offset;
    int truncated;
    char message[160];
} likeness_png_reader;

static inline void likeness_png_keep_message(char *to, const char *message) {
    strncpy(to, message, 159);
    to[159] = 0;
}

static void likeness_png_read_failed(png_structp png, png_const_charp message) {
    likeness_png_reader *reader = (likeness_png_reader *)png_get_error_ptr(png);
    likeness_png_keep_message(reader->message, message);
    png_longjmp(png, 1);
}

static void likeness_png_ignore_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void likeness_png_read_bytes(png_structp png, png_bytep into, size_t count) {
    likeness_png_reader *reader = (likeness_png_reader *)png_get_io_ptr(png);
    if (count > reader->count - reader->offset) {
        reader->truncated = 1;
        png_error(png, "the file ends too early");
    }
    memcpy(into, reader->bytes + reader->offset, count);
    reader->offset += count;
}

static inline void likeness_png_close(likeness_png_reader *reader) {
    if (reader == NULL) return;
    if (reader->png != NULL) png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader);
}

/* The bytes must stay where they are until the reader is closed. Chunks beside the image data may take
 * chunk_bytes each. NULL when there is no memory. */
static inline likeness_png_reader *likeness_png_open(const uint8_t *bytes, size_t count, size_t chunk_bytes) {
    likeness_png_reader *reader = (likeness_png_reader *)calloc(1, sizeof *reader);
    if (reader == NULL) return NULL;
    reader->bytes = bytes;
    reader->count = count;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, likeness_png_read_failed, likeness_png_ignore_warning);
    reader->info = reader->png == NULL ? NULL : png_create_info_struct(reader->png);
    if (reader->info == NULL) {
        likeness_png_close(reader);
        return NULL;
    }
    png_set_read_fn(reader->png, reader, likeness_png_read_bytes);
    png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);
    png_set_chunk_malloc_max(reader->png, chunk_bytes);
    png_set_chunk_cache_max(reader->png, 16);
    /* Text, profiles and the like are not needed and are where bombs hide. */
    png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    return reader;
}

/* Reads up to the image data; tells the size and nothing is allocated for pixels. */
static inline int likeness_png_read_header(likeness_png_reader *reader, uint32_t *width, uint32_t *height) {
    if (setjmp(png_jmpbuf(reader->png))) return -1;
    png_read_info(reader->png, reader->info);
    *width = png_get_image_width(reader->png, reader->info);
    *height = png_get_image_height(reader->png, reader->info);
    return 0;
}

/* After the header: 8 bits per channel, palette and transparency expanded; tells the channels (1 to 4). */
static inline int likeness_png_prepare(likeness_png_reader *reader, int *channels, size_t *row_bytes) {
    if (setjmp(png_jmpbuf(reader->png))) return -1;
    png_set_expand(reader->png);
    png_set_scale_16(reader->png);
    png_set_interlace_handling(reader->png);
    png_read_update_info(reader->png, reader->info);
    *channels = png_get_channels(reader->png, reader->info);
    *row_bytes = png_get_rowbytes(reader->png, reader->info);
    return 0;
}

/* rows: height pointers to row_bytes each. Reads to the end of the file, so that a cut file is noticed. */
static inline int likeness_png_read_rows(likeness_png_reader *reader, uint8_t **rows) {
    if (setjmp(png_jmpbuf(reader->png))) return -1;
    png_read_image(reader->png, rows);
    png_read_end(reader->png, NULL);
    return 0;
}

typedef struct {
    png_structp png;
    png_infop info;
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    char message[160];
} likeness_png_writer;

static void likeness_png_write_failed(png_structp png, png_const_charp message) {
    likeness_png_writer *writer = (likeness_png_writer *)png_get_error_ptr(png);
    likeness_png_keep_message(writer->message, message);
    png_longjmp(png, 1);
}

static void likeness_png_write_bytes(png_structp png, png_bytep bytes, size_t count) {
    likeness_png_writer *writer = (likeness_png_writer *)png_get_io_ptr(png);
    if (count > writer->capacity - writer->count) {
        size_t capacity = 2 * (writer->capacity + count);
        uint8_t *larger = (uint8_t *)realloc(writer->bytes, capacity);
        if (larger == NULL) png_error(png, "there is no memory for the file");
        writer->bytes = larger;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->count, bytes, count);
    writer->count += count;
}

static void likeness_png_flush_nothing(png_structp png) { (void)png; }

static inline void likeness_png_writer_free(likeness_png_writer *writer) {
    free(writer->bytes);
    writer->bytes = NULL;
}

/* channels: 1 (grey) or 3 (RGB). The file is in writer->bytes, to be freed by likeness_png_writer_free. */
static inline int likeness_png_write(
    likeness_png_writer *writer, uint32_t width, uint32_t height, int channels, const uint8_t *pixels) {
    memset(writer, 0, sizeof *writer);
    writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, likeness_png_write_failed, likeness_png_ignore_warning);
    writer->info = writer->png == NULL ? NULL : png_create_info_struct(writer->png);
    if (writer->info == NULL) {
        likeness_png_keep_message(writer->message, "there is no memory for the file");
        if (writer->png != NULL) png_destroy_write_struct(&writer->png, NULL);
        return -1;
    }
    if (setjmp(png_jmpbuf(writer->png))) {
        png_destroy_write_struct(&writer->png, &writer->info);
        return -1;
    }
    png_set_write_fn(writer->png, writer, likeness_png_write_bytes, likeness_png_flush_nothing);
    png_set_user_limits(writer->png, 0x7fffffff, 0x7fffffff);
    png_set_IHDR(writer->png, writer->info, width, height, 8, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer->png, writer->info);
    for (uint32_t row = 0; row < height; row++) {
        png_write_row(writer->png, pixels + (size_t)row * width * (size_t)channels);
    }
    png_write_end(writer->png, writer->info);
    png_destroy_write_struct(&writer->png, &writer->info);
    return 0;
}

#endif
