/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of the configuration: what it takes keeps its bounds. */
#include "settings.h"

#include "frames.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct settings *settings, const char *text) {
    if (text < settings->text || text + strlen(text) >= settings->text + sizeof settings->text) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > MAXIMUM_SETTINGS) return 0;
    struct settings *settings = malloc(sizeof *settings);
    struct why why;
    if (settings == NULL) return 0;
    /* What is behind the file's bytes is not to be taken for something. */
    memset(settings, '"', sizeof *settings);
    memcpy(settings->text, data, size);
    if (settings_parse(settings, size, &why)) {
        if (settings->timeout_seconds < MINIMUM_TIMEOUT || settings->timeout_seconds > MAXIMUM_TIMEOUT) abort();
        if (settings->frames < 1 || settings->frames > MAXIMUM_FRAMES || settings->socket[0] != '/') abort();
        if ((settings->capture.count > 0) == (settings->picture != NULL)) abort();
        if (settings->capture.count > 0 && settings->capture.word[0][0] != '/') abort();
        for (size_t i = 0; i < settings->capture.count; i++) check(settings, settings->capture.word[i]);
        if (settings->capture.count > 0 && settings->capture.word[settings->capture.count] != NULL) abort();
        for (size_t i = 0; i < settings->services.count; i++) check(settings, settings->services.word[i]);
        if (settings->picture != NULL) check(settings, settings->picture);
        check(settings, settings->capture_user);
        (void) settings_has_service(settings, "sudo");
    }
    free(settings);
    return 0;
}
