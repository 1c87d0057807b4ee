// SPDX-License-Identifier: Apache-2.0
/* WebP by libwebp. Of an animation it is the first frame. */
#ifdef LIKENESS_WEBP

#include "Picture.h"

#include <webp/decode.h>
#include <webp/demux.h>

/* Bytes that the decoder is given between two questions whether to stop. */
enum { BYTES_AT_ONCE = 1 << 16 };

typedef struct {
    WebPDemuxer *demuxer;
    WebPIterator frame;
    int has_frame;
} webp_state;

static void take_chunk(WebPDemuxer *demuxer, const char *name, const uint8_t **bytes, size_t *count) {
    WebPChunkIterator chunk;
    if (WebPDemuxGetChunk(demuxer, name, 1, &chunk)) {
        *bytes = chunk.chunk.bytes;
        *count = chunk.chunk.size;
        WebPDemuxReleaseChunkIterator(&chunk);
    }
}

static likeness_picture_outcome read_header(likeness_picture *picture) {
    webp_state *state = picture->state;
    WebPData data = {picture->bytes, picture->count};
    WebPDemuxState progress = WEBP_DEMUX_PARSE_ERROR;
    state->demuxer = WebPDemuxPartial(&data, &progress);
    if (state->demuxer == NULL || progress == WEBP_DEMUX_PARSE_ERROR) {
        return failed(picture, LIKENESS_PICTURE_DAMAGED, "its parts do not fit together");
    }
    state->has_frame = WebPDemuxGetFrame(state->demuxer, 1, &state->frame);
    if (!state->has_frame) return failed(picture, LIKENESS_PICTURE_TRUNCATED, "");
    WebPBitstreamFeatures features;
    VP8StatusCode status = WebPGetFeatures(state->frame.fragment.bytes, state->frame.fragment.size, &features);
    if (status == VP8_STATUS_NOT_ENOUGH_DATA) return failed(picture, LIKENESS_PICTURE_TRUNCATED, "");
    if (status != VP8_STATUS_OK) return failed(picture, LIKENESS_PICTURE_DAMAGED, "its first frame has no header");
    picture->header.width = (uint32_t)features.width;
    picture->header.height = (uint32_t)features.height;
    picture->header.layout = features.has_alpha ? LIKENESS_PICTURE_RGBA : LIKENESS_PICTURE_RGB;
    take_chunk(state->demuxer, "EXIF", &picture->header.exif, &picture->header.exif_count);
    take_chunk(state->demuxer, "ICCP", &picture->header.profile, &picture->header.profile_count);
    /* Some writers put JPEG's name of the segment before the structure. */
    if (picture->header.exif_count > 6 && memcmp(picture->header.exif, "Exif\0\0", 6) == 0) {
        picture->header.exif += 6;
        picture->header.exif_count -= 6;
    }
    return LIKENESS_PICTURE_DONE;
}

static likeness_picture_outcome outcome_of(likeness_picture *picture, VP8StatusCode status) {
    switch (status) {
    case VP8_STATUS_OK: return LIKENESS_PICTURE_DONE;
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA: return failed(picture, LIKENESS_PICTURE_TRUNCATED, "");
    case VP8_STATUS_OUT_OF_MEMORY:
        return failed(picture, LIKENESS_PICTURE_TOO_MUCH_WORK, "it needs more memory than a picture may have");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
        return failed(picture, LIKENESS_PICTURE_UNSUPPORTED, "it uses a feature that libwebp does not know");
    default: return failed(picture, LIKENESS_PICTURE_DAMAGED, "its pixels cannot be read");
    }
}

static likeness_picture_outcome read_rows(likeness_picture *picture, uint8_t *pixels) {
    webp_state *state = picture->state;
    size_t samples = samples_of(picture->header.layout);
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return failed(picture, LIKENESS_PICTURE_UNSUPPORTED, "libwebp is of another version");
    config.output.colorspace = samples == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int)(picture->header.width * samples);
    config.output.u.RGBA.size = (size_t)picture->header.width * picture->header.height * samples;
    WebPIDecoder *decoder = WebPIDecode(NULL, 0, &config);
    if (decoder == NULL) return outcome_of(picture, VP8_STATUS_OUT_OF_MEMORY);
    const uint8_t *bytes = state->frame.fragment.bytes;
    size_t count = state->frame.fragment.size;
    VP8StatusCode status = VP8_STATUS_SUSPENDED;
    likeness_picture_outcome outcome = LIKENESS_PICTURE_DONE;
    for (size_t offset = 0; offset < count && status == VP8_STATUS_SUSPENDED;) {
        if (is_stopped(picture)) {
            outcome = LIKENESS_PICTURE_STOPPED;
            break;
        }
        offset += count - offset < BYTES_AT_ONCE ? count - offset : BYTES_AT_ONCE;
        /* The bytes stay where they are, so that nothing is copied. */
        status = WebPIUpdate(decoder, bytes, offset);
    }
    WebPIDelete(decoder);
    return outcome == LIKENESS_PICTURE_DONE ? outcome_of(picture, status) : outcome;
}

static void close_reader(likeness_picture *picture) {
    webp_state *state = picture->state;
    if (state->has_frame) WebPDemuxReleaseIterator(&state->frame);
    WebPDemuxDelete(state->demuxer);
}

const picture_reader webp_reader = {read_header, read_rows, close_reader, sizeof(webp_state)};

#endif
