/* SPDX-License-Identifier: Apache-2.0 */
/* Why something is not done, in words for the log. */
#ifndef LIKENESS_WHY_H
#define LIKENESS_WHY_H

#include <stdio.h>

struct why {
    char text[512];
};

#define because(why, ...) ((void) snprintf((why)->text, sizeof(why)->text, __VA_ARGS__))

#endif
