// SPDX-License-Identifier: Apache-2.0
#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static void keep_message(likeness_png_writer *writer, const char *message) {
    strncpy(writer->message, message, sizeof writer->message - 1);
}

static void write_failed(png_structp png, png_const_charp message) {
    keep_message(png_get_error_ptr(png), message);
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
    likeness_png_writer *writer = png_get_io_ptr(png);
    if (count > writer->capacity - writer->count) {
        size_t capacity = 2 * (writer->capacity + count);
        uint8_t *larger = realloc(writer->bytes, capacity);
        if (larger == NULL) png_error(png, "there is no memory for the file");
        writer->bytes = larger;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->count, bytes, count);
    writer->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

void likeness_png_writer_free(likeness_png_writer *writer) {
    free(writer->bytes);
    writer->bytes = NULL;
}

int likeness_png_write(likeness_png_writer *writer, uint32_t width, uint32_t height, int channels, const uint8_t *pixels) {
    memset(writer, 0, sizeof *writer);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, write_failed, ignore_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL) {
        keep_message(writer, "there is no memory for the file");
        if (png != NULL) png_destroy_write_struct(&png, NULL);
        return -1;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return -1;
    }
    png_set_write_fn(png, writer, write_bytes, flush_nothing);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_IHDR(png, info, width, height, 8, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t row = 0; row < height; row++) {
        png_write_row(png, pixels + (size_t)row * width * (size_t)channels);
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return 0;
}
