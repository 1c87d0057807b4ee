/* SPDX-License-Identifier: Apache-2.0 */
/* The module's capture command and its configuration for other programs of this checkout: the command `enroll`. */
#ifndef LIKENESS_CCAPTURE_H
#define LIKENESS_CCAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The most pictures that are taken at once. */
enum { LIKENESS_CAPTURE_FRAMES = 5 };

/* What a configuration says of how pictures are taken. Its texts live as long as it does. */
struct likeness_capture_settings;

/* The configuration in a file, as the module reads it; NULL where something is wrong with it, which `why` then says. */
struct likeness_capture_settings *likeness_capture_settings_read(const char *path, char *why, size_t why_size);
/* The same of a text. */
struct likeness_capture_settings *likeness_capture_settings_parse(const char *text, char *why, size_t why_size);
void likeness_capture_settings_free(struct likeness_capture_settings *settings);

/* The command's words from 0; NULL behind the last one. There is none where a file is named. */
const char *likeness_capture_word(const struct likeness_capture_settings *settings, size_t place);
/* NULL where a command is named. */
const char *likeness_capture_picture(const struct likeness_capture_settings *settings);
/* A user's name or "%u". */
const char *likeness_capture_user(const struct likeness_capture_settings *settings);
int likeness_capture_frames(const struct likeness_capture_settings *settings);
int likeness_capture_seconds(const struct likeness_capture_settings *settings);

/* Whom the pictures are taken as: for a process that is not root's, its own user. */
struct likeness_capture_identity {
    const char *name;
    uid_t user;
    gid_t group;
};

/* Pictures that were taken. */
struct likeness_pictures;

enum likeness_capture_outcome {
    LIKENESS_CAPTURE_DONE,
    LIKENESS_CAPTURE_FAILED,
    /* `cancel` became readable. */
    LIKENESS_CAPTURE_CANCELLED,
};

/* Takes up to `frames` pictures by a command, whose `words` end with NULL, or else of the file `picture`. It returns within the time, after
   the process and its group have been killed. The thread that calls has to live until then: with it the process ends.
   On success *pictures holds at least one; in any other case `why` says what was wrong. */
enum likeness_capture_outcome likeness_capture_take(
    char *const *words, const char *picture, const struct likeness_capture_identity *identity, unsigned frames,
    int milliseconds, int cancel, struct likeness_pictures **pictures, char *why, size_t why_size);

/* The file of one picture from 0; NULL behind the last one. */
const unsigned char *likeness_picture(const struct likeness_pictures *pictures, unsigned place, size_t *length);

/* Overwrites the pictures and frees them. */
void likeness_pictures_free(struct likeness_pictures *pictures);

#endif
