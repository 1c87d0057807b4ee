/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include "frames.h"
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reader {
    char *at;
    char *end;
    int line;
};

static int peek(const struct reader *reader) { return reader->at < reader->end ? (unsigned char) *reader->at : -1; }

static void skip_blanks(struct reader *reader) {
    while (peek(reader) == ' ' || peek(reader) == '\t') reader->at++;
}

/* A comment and the end of its line, or the end of the file. */
static bool end_of_line(struct reader *reader) {
    skip_blanks(reader);
    if (peek(reader) == '#')
        while (peek(reader) != -1 && peek(reader) != '\n') {
            int byte = peek(reader);
            if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7F) return false;
            reader->at++;
        }
    if (peek(reader) == '\r') reader->at++;
    if (peek(reader) == -1) return true;
    if (peek(reader) != '\n') return false;
    reader->at++;
    reader->line++;
    return true;
}

/* Passes over white space, comments and line ends within an array. */
static void skip_lines(struct reader *reader) {
    for (;;) {
        skip_blanks(reader);
        int byte = peek(reader);
        if ((byte != '#' && byte != '\r' && byte != '\n') || !end_of_line(reader)) return;
    }
}

/* A text in quotes, which is brought to its place in the file's own bytes: it only becomes shorter. */
static char *text(struct reader *reader) {
    int quote = peek(reader);
    if (quote != '"' && quote != '\'') return NULL;
    char *begin = ++reader->at, *into = begin;
    for (int byte; (byte = peek(reader)) != quote; reader->at++) {
        if (byte < 0x20 || byte == 0x7F) return NULL;
        if (byte == '\\' && quote == '"') {
            reader->at++;
            byte = peek(reader);
            if (byte != '"' && byte != '\\') return NULL;
        }
        *into++ = (char) byte;
    }
    reader->at++;
    *into = 0;
    return begin;
}

static bool words(struct reader *reader, struct words *words) {
    if (peek(reader) != '[') return false;
    reader->at++;
    words->count = 0;
    for (;;) {
        skip_lines(reader);
        if (peek(reader) == ']') break;
        char *word = words->count < MAXIMUM_WORDS ? text(reader) : NULL;
        if (word == NULL) return false;
        words->word[words->count++] = word;
        skip_lines(reader);
        if (peek(reader) == ']') break;
        if (peek(reader) != ',') return false;
        reader->at++;
    }
    reader->at++;
    words->word[words->count] = NULL;
    return true;
}

static bool number(struct reader *reader, int minimum, int maximum, int *value) {
    int digits = 0;
    *value = 0;
    if (peek(reader) == '0') return false;
    for (; peek(reader) >= '0' && peek(reader) <= '9' && digits < 6; digits++) *value = *value * 10 + (*reader->at++ - '0');
    return digits > 0 && *value >= minimum && *value <= maximum;
}

static bool is_absolute(const char *path) { return path != NULL && path[0] == '/'; }

enum key { KEY_SERVICES, KEY_SOCKET, KEY_TIMEOUT, KEY_FRAMES, KEY_CAPTURE, KEY_PICTURE, KEY_CAPTURE_USER, KEY_COUNT };

static const struct {
    const char *name;
    const char *expected;
} keys[KEY_COUNT] = {
    [KEY_SERVICES] = { "services", "an array of at most 64 names of services in quotes" },
    [KEY_SOCKET] = { "socket", "an absolute path in quotes" },
    [KEY_TIMEOUT] = { "timeout_seconds", "a number from 1 to 60" },
    [KEY_FRAMES] = { "frames", "a number from 1 to 5" },
    [KEY_CAPTURE] = { "capture", "an array of a program's absolute path and its arguments, at most 64, each in quotes" },
    [KEY_PICTURE] = { "picture", "an absolute path in quotes" },
    [KEY_CAPTURE_USER] = { "capture_user", "the name of a user in quotes, or \"%u\"" },
};

static bool value(struct reader *reader, enum key key, struct settings *settings) {
    switch (key) {
    case KEY_SERVICES: return settings->has_services = words(reader, &settings->services);
    case KEY_SOCKET: return is_absolute(settings->socket = text(reader));
    case KEY_TIMEOUT: return number(reader, MINIMUM_TIMEOUT, MAXIMUM_TIMEOUT, &settings->timeout_seconds);
    case KEY_FRAMES: return number(reader, 1, MAXIMUM_FRAMES, &settings->frames);
    case KEY_CAPTURE: return words(reader, &settings->capture) && is_absolute(settings->capture.word[0]);
    case KEY_PICTURE: return is_absolute(settings->picture = text(reader));
    case KEY_CAPTURE_USER: {
        char *name = text(reader);
        settings->capture_user = name;
        return name != NULL && name[0] != 0;
    }
    case KEY_COUNT: break;
    }
    return false;
}

static enum key key_at(struct reader *reader) {
    char *begin = reader->at;
    while ((peek(reader) >= 'a' && peek(reader) <= 'z') || peek(reader) == '_') reader->at++;
    size_t length = (size_t) (reader->at - begin);
    for (enum key key = 0; key < KEY_COUNT; key++)
        if (strlen(keys[key].name) == length && memcmp(keys[key].name, begin, length) == 0) return key;
    return KEY_COUNT;
}

bool settings_parse(struct settings *settings, size_t length, struct why *why) {
    settings->text[length] = 0;
    settings->has_services = false;
    settings->services.count = settings->capture.count = 0;
    settings->socket = "/run/likeness/likeness.sock";
    settings->timeout_seconds = DEFAULT_TIMEOUT;
    settings->frames = DEFAULT_FRAMES;
    settings->picture = settings->capture_user = NULL;
    bool is_there[KEY_COUNT] = { false };
    struct reader reader = { .at = settings->text, .end = settings->text + length, .line = 1 };
    while (peek(&reader) != -1) {
        skip_blanks(&reader);
        if (peek(&reader) >= 'a' && peek(&reader) <= 'z') {
            int line = reader.line;
            enum key key = key_at(&reader);
            skip_blanks(&reader);
            if (key == KEY_COUNT || peek(&reader) != '=') {
                because(why, "line %d: there is no such setting", line);
                return false;
            }
            if (is_there[key]) {
                because(why, "line %d: %s stands there twice", line, keys[key].name);
                return false;
            }
            is_there[key] = true;
            reader.at++;
            skip_blanks(&reader);
            if (!value(&reader, key, settings)) {
                because(why, "line %d: %s is to be %s", line, keys[key].name, keys[key].expected);
                return false;
            }
        }
        int line = reader.line;
        if (!end_of_line(&reader)) {
            because(why, "line %d: that is neither a setting nor a comment", line);
            return false;
        }
    }
    if (is_there[KEY_CAPTURE] == is_there[KEY_PICTURE]) {
        because(why, "one of capture and picture is to be set");
        return false;
    }
    if (!is_there[KEY_CAPTURE_USER]) {
        because(why, "capture_user is to be set");
        return false;
    }
    return true;
}

bool settings_read(struct settings *settings, const char *path, struct why *why) {
    struct trusted trusted = trusted_users(false);
    int place = place_open(path, S_IFREG, &trusted, why);
    if (place < 0) return false;
    char opened[sizeof "/proc/self/fd/" + 11];
    snprintf(opened, sizeof opened, "/proc/self/fd/%d", place);
    int file = open(opened, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    int code = errno;
    struct stat status;
    bool is_safe = fstat(place, &status) == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    close(place);
    struct why reason;
    bool is_read = false;
    if (file < 0) {
        because(why, "%s: %s", path, strerrordesc_np(code));
    } else if (!is_safe) {
        because(why, "%s: others can write to it", path);
    } else {
        size_t length = 0;
        ssize_t count;
        while (length <= MAXIMUM_SETTINGS
               && ((count = read(file, settings->text + length, MAXIMUM_SETTINGS + 1 - length)) > 0
                   || (count < 0 && errno == EINTR)))
            if (count > 0) length += (size_t) count;
        if (length > MAXIMUM_SETTINGS) because(why, "%s has more than %d bytes", path, MAXIMUM_SETTINGS);
        else if (count < 0) because(why, "%s: %s", path, strerrordesc_np(errno));
        else if (settings_parse(settings, length, &reason)) is_read = true;
        else because(why, "%s: %.400s", path, reason.text);
    }
    if (file >= 0) close(file);
    return is_read;
}

bool settings_has_service(const struct settings *settings, const char *service) {
    if (!settings->has_services) return true;
    for (size_t i = 0; i < settings->services.count; i++)
        if (strcmp(settings->services.word[i], service) == 0) return true;
    return false;
}
