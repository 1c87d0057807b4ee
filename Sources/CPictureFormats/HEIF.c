// SPDX-License-Identifier: Apache-2.0
/* HEIC and AVIF by libheif, which turns a picture as the file says. Of several pictures it is the primary one. */
#ifdef LIKENESS_HEIF

#include "Picture.h"

#include <libheif/heif.h>

typedef struct {
    struct heif_context *context;
    struct heif_image_handle *handle;
    uint8_t *profile;
} heif_state;

int heif_prepare(void) { return heif_init(NULL).code == heif_error_Ok ? 0 : -1; }

static likeness_picture_outcome outcome_of(likeness_picture *picture, struct heif_error error) {
    likeness_picture_outcome outcome = LIKENESS_PICTURE_DAMAGED;
    switch (error.code) {
    case heif_error_Ok: return LIKENESS_PICTURE_DONE;
    case heif_error_Unsupported_feature:
    case heif_error_Unsupported_filetype:
    case heif_error_Plugin_loading_error: outcome = LIKENESS_PICTURE_UNSUPPORTED; break;
    case heif_error_Memory_allocation_error: outcome = LIKENESS_PICTURE_TOO_MUCH_WORK; break;
    default: break;
    }
    if (error.subcode == heif_suberror_Security_limit_exceeded) outcome = LIKENESS_PICTURE_TOO_MUCH_WORK;
    if (error.subcode == heif_suberror_End_of_data) outcome = LIKENESS_PICTURE_TRUNCATED;
    return failed(picture, outcome, error.message == NULL ? "it cannot be read" : error.message);
}

static likeness_picture_outcome read_header(likeness_picture *picture) {
    heif_state *state = picture->state;
    state->context = heif_context_alloc();
    if (state->context == NULL) return failed(picture, LIKENESS_PICTURE_TOO_MUCH_WORK, "there is no memory to read it");
    heif_context_set_maximum_image_size_limit(state->context, (int)picture->limits.longest_side);
    heif_context_set_max_decoding_threads(state->context, 0);
    struct heif_error error =
        heif_context_read_from_memory_without_copy(state->context, picture->bytes, picture->count, NULL);
    if (error.code == heif_error_Ok) error = heif_context_get_primary_image_handle(state->context, &state->handle);
    if (error.code != heif_error_Ok) return outcome_of(picture, error);
    int width = heif_image_handle_get_width(state->handle), height = heif_image_handle_get_height(state->handle);
    picture->header.width = width > 0 ? (uint32_t)width : 0;
    picture->header.height = height > 0 ? (uint32_t)height : 0;
    picture->header.layout =
        heif_image_handle_has_alpha_channel(state->handle) ? LIKENESS_PICTURE_RGBA : LIKENESS_PICTURE_RGB;
    size_t count = heif_image_handle_get_raw_color_profile_size(state->handle);
    if (count > 0 && count <= LARGEST_PROFILE && (state->profile = malloc(count)) != NULL
        && heif_image_handle_get_raw_color_profile(state->handle, state->profile).code == heif_error_Ok) {
        picture->header.profile = state->profile;
        picture->header.profile_count = count;
    }
    return LIKENESS_PICTURE_DONE;
}

static void undo_premultiplication(uint8_t *row, size_t width) {
    for (size_t column = 0; column < width; column++, row += 4) {
        unsigned alpha = row[3];
        if (alpha == 0 || alpha == 255) continue;
        for (int channel = 0; channel < 3; channel++) {
            unsigned level = (row[channel] * 255u + alpha / 2) / alpha;
            row[channel] = (uint8_t)(level > 255 ? 255 : level);
        }
    }
}

static likeness_picture_outcome read_rows(likeness_picture *picture, uint8_t *pixels) {
    heif_state *state = picture->state;
    struct heif_decoding_options *options = heif_decoding_options_alloc();
    if (options == NULL) return failed(picture, LIKENESS_PICTURE_TOO_MUCH_WORK, "there is no memory to read it");
    options->convert_hdr_to_8bit = 1;
    options->strict_decoding = 1;
    size_t samples = samples_of(picture->header.layout);
    struct heif_image *image = NULL;
    struct heif_error error = heif_decode_image(
        state->handle, &image, heif_colorspace_RGB,
        samples == 4 ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options);
    heif_decoding_options_free(options);
    if (error.code != heif_error_Ok) return outcome_of(picture, error);
    likeness_picture_outcome outcome = LIKENESS_PICTURE_DONE;
    int stride = 0;
    const uint8_t *rows = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    size_t row_bytes = (size_t)picture->header.width * samples;
    if (rows == NULL || stride < 0 || (size_t)stride < row_bytes
        || heif_image_get_width(image, heif_channel_interleaved) != (int)picture->header.width
        || heif_image_get_height(image, heif_channel_interleaved) != (int)picture->header.height) {
        outcome = failed(picture, LIKENESS_PICTURE_DAMAGED, "its pixels are of another size than it says");
    } else {
        int is_premultiplied = samples == 4 && heif_image_handle_is_premultiplied_alpha(state->handle);
        for (size_t row = 0; row < picture->header.height; row++) {
            memcpy(pixels + row * row_bytes, rows + row * (size_t)stride, row_bytes);
            if (is_premultiplied) undo_premultiplication(pixels + row * row_bytes, picture->header.width);
        }
    }
    heif_image_release(image);
    return outcome;
}

static void close_reader(likeness_picture *picture) {
    heif_state *state = picture->state;
    if (state->handle != NULL) heif_image_handle_release(state->handle);
    if (state->context != NULL) heif_context_free(state->context);
    free(state->profile);
}

const picture_reader heif_reader = {read_header, read_rows, close_reader, sizeof(heif_state)};

#endif
