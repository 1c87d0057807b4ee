/* SPDX-License-Identifier: Apache-2.0 */
/* The module's configuration, /etc/likeness/pam.toml: a small part of TOML. */
#ifndef LIKENESS_SETTINGS_H
#define LIKENESS_SETTINGS_H

#include "why.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MAXIMUM_SETTINGS = 1 << 14,
    MAXIMUM_WORDS = 64,
    MINIMUM_TIMEOUT = 1,
    MAXIMUM_TIMEOUT = 60,
    DEFAULT_TIMEOUT = 10,
    DEFAULT_FRAMES = 3
};

struct words {
    size_t count;
    /* NULL behind the last one. */
    char *word[MAXIMUM_WORDS + 1];
};

struct settings {
    /* Whether services are named at all; where they are not, every one has the module. */
    bool has_services;
    struct words services;
    const char *socket;
    int timeout_seconds;
    int frames;
    /* One of these two: without words there is no command. */
    struct words capture;
    const char *picture;
    /* Whom they run as; "%u" stands for the user who is to be authenticated. */
    const char *capture_user;

    /* The file's bytes, in which the texts above lie. */
    char text[MAXIMUM_SETTINGS + 1];
};

/* Reads the file, which belongs to root or to this process's user, and to which nobody else can write. */
bool settings_read(struct settings *settings, const char *path, struct why *why);

/* The same of the first `length` bytes of settings->text; what is wrong is told with its line. */
bool settings_parse(struct settings *settings, size_t length, struct why *why);

bool settings_has_service(const struct settings *settings, const char *service);

#endif
