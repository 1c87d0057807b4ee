/* SPDX-License-Identifier: Apache-2.0 */
/* A strict reader of JSON (RFC 8259) that goes once over a text it does not own, and allocates nothing. */
#ifndef LIKENESS_JSON_H
#define LIKENESS_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct json {
    const unsigned char *at, *end;
};

/* A decoded text. One that did not fit has more bytes than there is room for, and equals nothing. */
struct json_text {
    size_t length;
    char bytes[256];
};

void json_begin(struct json *json, const char *text, size_t length);

/* Whether nothing but white space is left. */
bool json_is_at_end(struct json *json);

/* The next byte behind white space; -1 at the end. */
int json_peek(struct json *json);

/* Each of these passes over a value of its kind, and returns false where there is none. */
bool json_string(struct json *json, struct json_text *text);
bool json_boolean(struct json *json, bool *value);
/* Any value, in which objects and arrays stand in one another at most 16 deep. */
bool json_value(struct json *json);

/* Objects: json_open_object, then json_next_key until it says that there is none, with one value behind each key. */
enum json_key { JSON_KEY, JSON_NO_MORE_KEYS, JSON_MALFORMED };
bool json_open_object(struct json *json);
enum json_key json_next_key(struct json *json, bool is_first, struct json_text *key);

bool json_equals(const struct json_text *text, const char *other);

#endif
