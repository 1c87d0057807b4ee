// SPDX-License-Identifier: Apache-2.0
/* From the colours of an ICC profile to sRGB, by Little CMS. */
#ifndef LIKENESS_CCOLORPROFILES_H
#define LIKENESS_CCOLORPROFILES_H

#include <stddef.h>
#include <stdint.h>

typedef struct likeness_color_conversion likeness_color_conversion;

typedef enum {
    LIKENESS_COLORS_GREY = 0,
    LIKENESS_COLORS_RGB,
    LIKENESS_COLORS_RGBA,
    LIKENESS_COLORS_INVERTED_CMYK,
} likeness_colors;

/* NULL where the profile is none for these colours, where it cannot be used, or where it changes no level by more than 1,
 * as those that state sRGB. To red, green and blue, and opacity where there is. */
likeness_color_conversion *likeness_color_conversion_open(const uint8_t *profile, size_t count, likeness_colors colors);

/* `into` may be `from` where both have as many samples. */
void likeness_color_convert(
    const likeness_color_conversion *conversion, const uint8_t *from, uint8_t *into, size_t pixels);

void likeness_color_conversion_close(likeness_color_conversion *conversion);

#endif
