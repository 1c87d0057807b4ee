/* SPDX-License-Identifier: Apache-2.0 */
#include "CCapture.h"

#include "capture.h"
#include "deadline.h"
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int) LIKENESS_CAPTURE_FRAMES == (int) MAXIMUM_FRAMES, "as many pictures as an attempt has");

struct likeness_capture_settings {
    struct settings settings;
};

struct likeness_pictures {
    struct captured captured;
};

static void tell(char *why, size_t why_size, const char *text) { (void) snprintf(why, why_size, "%s", text); }

static struct likeness_capture_settings *settings_or_none(
    struct likeness_capture_settings *found, bool is_good, const struct why *reason, char *why, size_t why_size) {
    if (is_good) return found;
    tell(why, why_size, reason->text);
    free(found);
    return NULL;
}

struct likeness_capture_settings *likeness_capture_settings_read(const char *path, char *why, size_t why_size) {
    struct why reason = { "no memory" };
    struct likeness_capture_settings *found = malloc(sizeof *found);
    return settings_or_none(found, found != NULL && settings_read(&found->settings, path, &reason), &reason, why, why_size);
}

struct likeness_capture_settings *likeness_capture_settings_parse(const char *text, char *why, size_t why_size) {
    struct why reason = { "no memory" };
    size_t length = strlen(text);
    struct likeness_capture_settings *found = malloc(sizeof *found);
    bool is_good = found != NULL && length <= MAXIMUM_SETTINGS;
    if (found != NULL && !is_good) because(&reason, "it has more than %d bytes", MAXIMUM_SETTINGS);
    if (is_good) {
        memcpy(found->settings.text, text, length);
        is_good = settings_parse(&found->settings, length, &reason);
    }
    return settings_or_none(found, is_good, &reason, why, why_size);
}

void likeness_capture_settings_free(struct likeness_capture_settings *settings) { free(settings); }

const char *likeness_capture_word(const struct likeness_capture_settings *settings, size_t place) {
    return place < settings->settings.capture.count ? settings->settings.capture.word[place] : NULL;
}

const char *likeness_capture_picture(const struct likeness_capture_settings *settings) { return settings->settings.picture; }
const char *likeness_capture_user(const struct likeness_capture_settings *settings) { return settings->settings.capture_user; }
int likeness_capture_frames(const struct likeness_capture_settings *settings) { return settings->settings.frames; }
int likeness_capture_seconds(const struct likeness_capture_settings *settings) { return settings->settings.timeout_seconds; }

enum likeness_capture_outcome likeness_capture_take(
    char *const *words, const char *picture, const struct likeness_capture_identity *identity, unsigned frames,
    int milliseconds, int cancel, struct likeness_pictures **pictures, char *why, size_t why_size) {
    struct why reason = { "no memory" };
    *pictures = NULL;
    struct identity *whom = malloc(sizeof *whom);
    struct likeness_pictures *taken = calloc(1, sizeof *taken);
    enum likeness_capture_outcome outcome = LIKENESS_CAPTURE_FAILED;
    if (whom == NULL || taken == NULL) {
        tell(why, why_size, reason.text);
    } else if (!identity_of(whom, identity->name, identity->user, identity->group)) {
        because(&reason, "user %.100s has more than %d groups", identity->name, MAXIMUM_GROUPS);
        tell(why, why_size, reason.text);
    } else {
        struct capture capture = {
            .command = words, .picture = picture, .identity = whom, .frames = frames, .cancel = &cancel
        };
        if (capture_run(&capture, clock_now() + milliseconds, &taken->captured, &reason)) outcome = LIKENESS_CAPTURE_DONE;
        else if (taken->captured.is_cancelled) outcome = LIKENESS_CAPTURE_CANCELLED;
        if (outcome != LIKENESS_CAPTURE_DONE) tell(why, why_size, reason.text);
    }
    free(whom);
    if (outcome == LIKENESS_CAPTURE_DONE) *pictures = taken;
    else likeness_pictures_free(taken);
    return outcome;
}

const unsigned char *likeness_picture(const struct likeness_pictures *pictures, unsigned place, size_t *length) {
    const struct frames *frames = &pictures->captured.frames;
    if (place >= frames->count) return NULL;
    *length = frames->frame[place].length;
    return frames->data + frames->frame[place].begin;
}

void likeness_pictures_free(struct likeness_pictures *pictures) {
    if (pictures == NULL) return;
    captured_free(&pictures->captured);
    free(pictures);
}
