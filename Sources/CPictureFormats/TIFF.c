// SPDX-License-Identifier: Apache-2.0
/* TIFF by libtiff, strips and tiles of every compression that it was built with. Of several pages it is the first. */
#ifdef LIKENESS_TIFF

#include "Picture.h"

#include <stdarg.h>
#include <stdio.h>
#include <tiffio.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "libtiff's rasters are read as red, green, blue and opacity, byte by byte"
#endif

typedef struct {
    TIFF *tiff;
    TIFFRGBAImage image;
    int has_image;
    uint64_t offset;
    /* Whether something was asked for that lies behind the file's end. */
    int has_ended;
    /* The rows of a strip, or of a row of tiles. */
    uint32_t rows_at_once;
    uint32_t *raster;
} tiff_state;

static tmsize_t read_bytes(thandle_t handle, void *into, tmsize_t count) {
    likeness_picture *picture = handle;
    tiff_state *state = picture->state;
    if (count <= 0) return 0;
    uint64_t left = state->offset < picture->count ? picture->count - state->offset : 0;
    if ((uint64_t)count > left) {
        state->has_ended = 1;
        count = (tmsize_t)left;
    }
    memcpy(into, picture->bytes + state->offset, (size_t)count);
    state->offset += (uint64_t)count;
    return count;
}

static tmsize_t write_bytes(thandle_t handle, void *from, tmsize_t count) {
    (void)handle;
    (void)from;
    (void)count;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
    likeness_picture *picture = handle;
    tiff_state *state = picture->state;
    switch (origin) {
    case SEEK_CUR: offset += state->offset; break;
    case SEEK_END: offset += picture->count; break;
    default: break;
    }
    if (offset > picture->count) state->has_ended = 1;
    state->offset = offset < picture->count ? offset : picture->count;
    return state->offset;
}

static int close_file(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) { return ((likeness_picture *)handle)->count; }

/* The file is there already: libtiff reads it where it lies. */
static int map(thandle_t handle, void **base, toff_t *size) {
    likeness_picture *picture = handle;
    *base = (void *)picture->bytes;
    *size = picture->count;
    return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size) {
    (void)handle;
    (void)base;
    (void)size;
}

/* The first that is said is nearest to the cause. */
static int take_error(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    (void)tiff;
    (void)module;
    likeness_picture *picture = context;
    if (picture->message[0] == 0) vsnprintf(picture->message, sizeof picture->message, format, arguments);
    return 1;
}

static int ignore_warning(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    (void)tiff;
    (void)context;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}

static likeness_picture_outcome damaged(likeness_picture *picture, const char *otherwise) {
    tiff_state *state = picture->state;
    /* What is mapped is read without a question; libtiff says where it ended. */
    if (state->has_ended || strstr(picture->message, "ead error") != NULL) {
        return failed(picture, LIKENESS_PICTURE_TRUNCATED, "");
    }
    if (strstr(picture->message, "emory") != NULL) {
        return failed(picture, LIKENESS_PICTURE_TOO_MUCH_WORK, "it needs more memory than a picture may have");
    }
    return picture->message[0] != 0 ? LIKENESS_PICTURE_DAMAGED : failed(picture, LIKENESS_PICTURE_DAMAGED, otherwise);
}

/* Whether the samples are four inks of 8 bits that lie together, in strips: the kind that programs write, and of which the
 * profile is worth more than a rule of thumb. */
static int has_plain_inks(const tiff_state *state) {
    uint16_t inks = 0, planes = PLANARCONFIG_CONTIG;
    TIFFGetFieldDefaulted(state->tiff, TIFFTAG_INKSET, &inks);
    TIFFGetFieldDefaulted(state->tiff, TIFFTAG_PLANARCONFIG, &planes);
    return state->image.photometric == PHOTOMETRIC_SEPARATED && inks == INKSET_CMYK && planes == PLANARCONFIG_CONTIG
        && state->image.bitspersample == 8 && state->image.samplesperpixel == 4 && !TIFFIsTiled(state->tiff);
}

/* libtiff 4.5 loses its place in tiles of grey levels of 16 bits that reach over the picture's edge. */
static int has_misread_tiles(TIFF *tiff) {
    uint16_t bits = 1, photometric = PHOTOMETRIC_RGB;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    return TIFFIsTiled(tiff) && bits == 16
        && (photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE);
}

static likeness_picture_outcome read_header(likeness_picture *picture) {
    tiff_state *state = picture->state;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options == NULL) return failed(picture, LIKENESS_PICTURE_TOO_MUCH_WORK, "there is no memory to read it");
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)picture->limits.memory);
    TIFFOpenOptionsSetErrorHandlerExtR(options, take_error, picture);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore_warning, picture);
    state->tiff = TIFFClientOpenExt(
        "picture", "r", picture, read_bytes, write_bytes, seek, close_file, size_of, map, unmap, options);
    TIFFOpenOptionsFree(options);
    if (state->tiff == NULL) return damaged(picture, "it has no directory");
    uint16_t orientation = ORIENTATION_TOPLEFT;
    TIFFGetField(state->tiff, TIFFTAG_IMAGEWIDTH, &picture->header.width);
    TIFFGetField(state->tiff, TIFFTAG_IMAGELENGTH, &picture->header.height);
    TIFFGetFieldDefaulted(state->tiff, TIFFTAG_ORIENTATION, &orientation);
    picture->header.orientation = orientation;
    uint32_t count = 0;
    const void *profile = NULL;
    if (TIFFGetField(state->tiff, TIFFTAG_ICCPROFILE, &count, &profile) && count <= LARGEST_PROFILE) {
        picture->header.profile = profile;
        picture->header.profile_count = count;
    }
    char reason[1024] = "";
    if (!TIFFRGBAImageOK(state->tiff, reason)) {
        return failed(picture, LIKENESS_PICTURE_UNSUPPORTED, reason[0] != 0 ? reason : "libtiff does not read its kind");
    }
    if (picture->header.width == 0 || picture->header.height == 0) return LIKENESS_PICTURE_DONE;
    if (has_misread_tiles(state->tiff)) {
        return failed(picture, LIKENESS_PICTURE_UNSUPPORTED, "its grey levels have 16 bits and lie in tiles");
    }
    if (!TIFFRGBAImageBegin(&state->image, state->tiff, 1, reason)) return damaged(picture, reason);
    state->has_image = 1;
    /* As it is stored; it is turned afterwards. */
    state->image.req_orientation = state->image.orientation;
    if (state->image.alpha != 0) {
        picture->header.layout = LIKENESS_PICTURE_RGBA;
    } else if (has_plain_inks(state)) {
        picture->header.layout = LIKENESS_PICTURE_INVERTED_CMYK;
    } else if (
        state->image.photometric == PHOTOMETRIC_MINISBLACK || state->image.photometric == PHOTOMETRIC_MINISWHITE) {
        picture->header.layout = LIKENESS_PICTURE_GREY;
    } else {
        picture->header.layout = LIKENESS_PICTURE_RGB;
    }
    return LIKENESS_PICTURE_DONE;
}

/* From opacity that the levels were multiplied by, as libtiff gives it, to levels beside it. */
static void take_row(const uint32_t *from, uint8_t *into, uint32_t width, likeness_picture_layout layout) {
    for (uint32_t column = 0; column < width; column++) {
        uint32_t pixel = from[column];
        uint32_t level[3] = {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)};
        if (layout == LIKENESS_PICTURE_GREY) {
            *into++ = (uint8_t)level[0];
            continue;
        }
        uint32_t alpha = layout == LIKENESS_PICTURE_RGBA ? TIFFGetA(pixel) : 255;
        for (int channel = 0; channel < 3; channel++) {
            if (alpha != 0 && alpha != 255) level[channel] = (level[channel] * 255 + alpha / 2) / alpha;
            *into++ = (uint8_t)(level[channel] > 255 ? 255 : level[channel]);
        }
        if (layout == LIKENESS_PICTURE_RGBA) *into++ = (uint8_t)alpha;
    }
}

static likeness_picture_outcome read_inks(likeness_picture *picture, uint8_t *pixels) {
    tiff_state *state = picture->state;
    size_t row_bytes = (size_t)picture->header.width * 4;
    if ((size_t)TIFFScanlineSize(state->tiff) != row_bytes) return damaged(picture, "its rows are of another length");
    for (uint32_t row = 0; row < picture->header.height; row++) {
        if (row % 64 == 0 && is_stopped(picture)) return LIKENESS_PICTURE_STOPPED;
        uint8_t *into = pixels + row * row_bytes;
        if (TIFFReadScanline(state->tiff, into, row, 0) < 0) return damaged(picture, "a row cannot be read");
        for (size_t index = 0; index < row_bytes; index++) into[index] = (uint8_t)(255 - into[index]);
    }
    return LIKENESS_PICTURE_DONE;
}

static likeness_picture_outcome read_rows(likeness_picture *picture, uint8_t *pixels) {
    tiff_state *state = picture->state;
    uint32_t width = picture->header.width, height = picture->header.height;
    if (picture->header.layout == LIKENESS_PICTURE_INVERTED_CMYK) return read_inks(picture, pixels);
    uint32_t rows = 0;
    TIFFGetFieldDefaulted(state->tiff, TIFFIsTiled(state->tiff) ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP, &rows);
    if (rows == 0 || rows > height) rows = height;
    size_t bytes = (size_t)rows * width * sizeof *state->raster;
    if (bytes > picture->limits.memory || (state->raster = malloc(bytes)) == NULL) {
        return failed(picture, LIKENESS_PICTURE_TOO_MUCH_WORK, "it needs more memory than a picture may have");
    }
    size_t row_bytes = (size_t)width * samples_of(picture->header.layout);
    for (uint32_t first = 0; first < height; first += rows) {
        if (is_stopped(picture)) return LIKENESS_PICTURE_STOPPED;
        uint32_t wanted = height - first < rows ? height - first : rows;
        state->image.row_offset = (int)first;
        if (!TIFFRGBAImageGet(&state->image, state->raster, width, wanted)) {
            return damaged(picture, "its pixels cannot be read");
        }
        for (uint32_t row = 0; row < wanted; row++) {
            take_row(
                state->raster + (size_t)row * width, pixels + (first + row) * row_bytes, width, picture->header.layout);
        }
    }
    return LIKENESS_PICTURE_DONE;
}

static void close_reader(likeness_picture *picture) {
    tiff_state *state = picture->state;
    if (state->has_image) TIFFRGBAImageEnd(&state->image);
    if (state->tiff != NULL) TIFFClose(state->tiff);
    free(state->raster);
}

const picture_reader tiff_reader = {read_header, read_rows, close_reader, sizeof(tiff_state)};

#endif
