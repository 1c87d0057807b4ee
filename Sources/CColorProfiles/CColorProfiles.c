// SPDX-License-Identifier: Apache-2.0
#include "CColorProfiles.h"

#ifdef LIKENESS_COLOR_PROFILES

#include <lcms2.h>
#include <stdlib.h>

struct likeness_color_conversion {
    cmsContext context;
    cmsHTRANSFORM transform;
};

typedef struct {
    cmsUInt32Number from, to;
    cmsColorSpaceSignature space;
} color_formats;

static color_formats formats_of(likeness_colors colors) {
    switch (colors) {
    case LIKENESS_COLORS_GREY: return (color_formats){TYPE_GRAY_8, TYPE_RGB_8, cmsSigGrayData};
    case LIKENESS_COLORS_RGBA: return (color_formats){TYPE_RGBA_8, TYPE_RGBA_8, cmsSigRgbData};
    case LIKENESS_COLORS_INVERTED_CMYK: return (color_formats){TYPE_CMYK_8_REV, TYPE_RGB_8, cmsSigCmykData};
    default: return (color_formats){TYPE_RGB_8, TYPE_RGB_8, cmsSigRgbData};
    }
}

static void ignore_error(cmsContext context, cmsUInt32Number code, const char *text) {
    (void)context;
    (void)code;
    (void)text;
}

/* Whether a level of a grid of colours comes out differently by more than 1. */
static int changes_colors(cmsHTRANSFORM transform, likeness_colors colors) {
    enum { STEPS = 9, STEP = 32 };
    if (colors == LIKENESS_COLORS_INVERTED_CMYK) return 1;
    int samples = colors == LIKENESS_COLORS_GREY ? 1 : colors == LIKENESS_COLORS_RGB ? 3 : 4;
    for (int index = 0; index < STEPS * STEPS * STEPS; index++) {
        int steps[3] = {index % STEPS, index / STEPS % STEPS, index / STEPS / STEPS};
        uint8_t from[4] = {0, 0, 0, 255}, into[4] = {0, 0, 0, 255};
        for (int channel = 0; channel < 3; channel++) {
            int level = steps[samples == 1 ? 0 : channel] * STEP;
            from[channel] = (uint8_t)(level > 255 ? 255 : level);
        }
        uint8_t before[3] = {from[0], from[1], from[2]};
        cmsDoTransform(transform, from, into, 1);
        for (int channel = 0; channel < 3; channel++) {
            if (abs((int)into[channel] - (int)before[channel]) > 1) return 1;
        }
    }
    return 0;
}

likeness_color_conversion *likeness_color_conversion_open(const uint8_t *profile, size_t count, likeness_colors colors) {
    if (count == 0 || count > UINT32_MAX) return NULL;
    likeness_color_conversion *conversion = calloc(1, sizeof *conversion);
    if (conversion == NULL) return NULL;
    color_formats formats = formats_of(colors);
    conversion->context = cmsCreateContext(NULL, NULL);
    if (conversion->context != NULL) {
        cmsSetLogErrorHandlerTHR(conversion->context, ignore_error);
        cmsHPROFILE source = cmsOpenProfileFromMemTHR(conversion->context, profile, (cmsUInt32Number)count);
        cmsHPROFILE standard = cmsCreate_sRGBProfileTHR(conversion->context);
        if (source != NULL && standard != NULL && cmsGetColorSpace(source) == formats.space) {
            conversion->transform = cmsCreateTransformTHR(
                conversion->context, source, formats.from, standard, formats.to, INTENT_PERCEPTUAL,
                colors == LIKENESS_COLORS_RGBA ? cmsFLAGS_COPY_ALPHA : 0);
        }
        if (source != NULL) cmsCloseProfile(source);
        if (standard != NULL) cmsCloseProfile(standard);
    }
    if (conversion->transform == NULL || !changes_colors(conversion->transform, colors)) {
        likeness_color_conversion_close(conversion);
        return NULL;
    }
    return conversion;
}

void likeness_color_convert(
    const likeness_color_conversion *conversion, const uint8_t *from, uint8_t *into, size_t pixels) {
    cmsDoTransform(conversion->transform, from, into, (cmsUInt32Number)pixels);
}

void likeness_color_conversion_close(likeness_color_conversion *conversion) {
    if (conversion == NULL) return;
    if (conversion->transform != NULL) cmsDeleteTransform(conversion->transform);
    if (conversion->context != NULL) cmsDeleteContext(conversion->context);
    free(conversion);
}

#else

likeness_color_conversion *likeness_color_conversion_open(const uint8_t *profile, size_t count, likeness_colors colors) {
    (void)profile;
    (void)count;
    (void)colors;
    return 0;
}

void likeness_color_convert(
    const likeness_color_conversion *conversion, const uint8_t *from, uint8_t *into, size_t pixels) {
    (void)conversion;
    (void)from;
    (void)into;
    (void)pixels;
}

void likeness_color_conversion_close(likeness_color_conversion *conversion) { (void)conversion; }

#endif
