// SPDX-License-Identifier: Apache-2.0
#ifndef LIKENESS_CCAIRO_SHIM_H
#define LIKENESS_CCAIRO_SHIM_H

#include <cairo.h>
#include <cairo-svg.h>
#include <stdlib.h>
#include <string.h>

/* A file in memory that cairo writes. */
typedef struct {
    unsigned char *bytes;
    size_t count;
    size_t capacity;
} likeness_cairo_file;

static inline cairo_status_t likeness_cairo_file_append(void *closure, const unsigned char *data, unsigned int length) {
    likeness_cairo_file *file = (likeness_cairo_file *)closure;
    if (length > file->capacity - file->count) {
        size_t capacity = 2 * file->capacity + length;
        unsigned char *bytes = (unsigned char *)realloc(file->bytes, capacity);
        if (bytes == NULL) return CAIRO_STATUS_NO_MEMORY;
        file->bytes = bytes;
        file->capacity = capacity;
    }
    memcpy(file->bytes + file->count, data, length);
    file->count += length;
    return CAIRO_STATUS_SUCCESS;
}

/* NULL when there is no memory. */
static inline likeness_cairo_file *likeness_cairo_file_open(void) {
    return (likeness_cairo_file *)calloc(1, sizeof(likeness_cairo_file));
}

static inline void likeness_cairo_file_close(likeness_cairo_file *file) {
    free(file->bytes);
    free(file);
}

/* A vector surface whose file is whole once the surface is finished; the file has to outlive the surface. */
static inline cairo_surface_t *likeness_cairo_svg_surface(likeness_cairo_file *file, double width, double height) {
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(likeness_cairo_file_append, file, width, height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    return surface;
}

static inline cairo_status_t likeness_cairo_write_png(cairo_surface_t *surface, likeness_cairo_file *file) {
    return cairo_surface_write_to_png_stream(surface, likeness_cairo_file_append, file);
}

#endif
