/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <stdint.h>
#include <string.h>

enum { MAXIMUM_DEPTH = 16 };

void json_begin(struct json *json, const char *text, size_t length) {
    json->at = (const unsigned char *) text;
    json->end = json->at + length;
}

int json_peek(struct json *json) {
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\t' || *json->at == '\n' || *json->at == '\r'))
        json->at++;
    return json->at < json->end ? *json->at : -1;
}

bool json_is_at_end(struct json *json) { return json_peek(json) < 0; }

static bool take(struct json *json, int byte) {
    if (json_peek(json) != byte) return false;
    json->at++;
    return true;
}

static bool word(struct json *json, const char *expected) {
    size_t length = strlen(expected);
    if ((size_t) (json->end - json->at) < length || memcmp(json->at, expected, length) != 0) return false;
    json->at += length;
    return true;
}

static void append(struct json_text *text, unsigned char byte) {
    if (text->length < sizeof text->bytes) text->bytes[text->length] = (char) byte;
    if (text->length <= sizeof text->bytes) text->length++;
}

static void append_scalar(struct json_text *text, uint32_t scalar) {
    if (scalar < 0x80) {
        append(text, (unsigned char) scalar);
    } else if (scalar < 0x800) {
        append(text, (unsigned char) (0xC0 | scalar >> 6));
        append(text, (unsigned char) (0x80 | (scalar & 0x3F)));
    } else if (scalar < 0x10000) {
        append(text, (unsigned char) (0xE0 | scalar >> 12));
        append(text, (unsigned char) (0x80 | (scalar >> 6 & 0x3F)));
        append(text, (unsigned char) (0x80 | (scalar & 0x3F)));
    } else {
        append(text, (unsigned char) (0xF0 | scalar >> 18));
        append(text, (unsigned char) (0x80 | (scalar >> 12 & 0x3F)));
        append(text, (unsigned char) (0x80 | (scalar >> 6 & 0x3F)));
        append(text, (unsigned char) (0x80 | (scalar & 0x3F)));
    }
}

/* The four digits of an escape. */
static bool escaped_unit(struct json *json, uint32_t *unit) {
    if (json->end - json->at < 4) return false;
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        unsigned char digit = *json->at++;
        uint32_t value;
        if (digit >= '0' && digit <= '9') value = (uint32_t) (digit - '0');
        else if (digit >= 'a' && digit <= 'f') value = (uint32_t) (digit - 'a' + 10);
        else if (digit >= 'A' && digit <= 'F') value = (uint32_t) (digit - 'A' + 10);
        else return false;
        *unit = *unit << 4 | value;
    }
    return true;
}

static bool escape(struct json *json, struct json_text *text) {
    if (json->at == json->end) return false;
    switch (*json->at++) {
    case '"': append(text, '"'); return true;
    case '\\': append(text, '\\'); return true;
    case '/': append(text, '/'); return true;
    case 'b': append(text, '\b'); return true;
    case 'f': append(text, '\f'); return true;
    case 'n': append(text, '\n'); return true;
    case 'r': append(text, '\r'); return true;
    case 't': append(text, '\t'); return true;
    case 'u': break;
    default: return false;
    }
    uint32_t unit, low;
    if (!escaped_unit(json, &unit)) return false;
    if (unit >= 0xDC00 && unit < 0xE000) return false;
    if (unit >= 0xD800 && unit < 0xDC00) {
        if (!word(json, "\\u") || !escaped_unit(json, &low) || low < 0xDC00 || low >= 0xE000) return false;
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    append_scalar(text, unit);
    return true;
}

/* The bytes of one scalar that is not ASCII: in its shortest form, and no surrogate. */
static bool sequence(struct json *json, struct json_text *text) {
    unsigned char first = *json->at;
    int count = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
    if (count == 0 || json->end - json->at < count) return false;
    unsigned char second = json->at[1];
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) || (first == 0xF0 && second < 0x90)
        || (first == 0xF4 && second >= 0x90))
        return false;
    for (int i = 1; i < count; i++)
        if ((json->at[i] & 0xC0) != 0x80) return false;
    for (int i = 0; i < count; i++) append(text, *json->at++);
    return true;
}

bool json_string(struct json *json, struct json_text *text) {
    text->length = 0;
    if (!take(json, '"')) return false;
    while (json->at < json->end) {
        unsigned char byte = *json->at;
        if (byte == '"') {
            json->at++;
            return true;
        }
        if (byte < 0x20) return false;
        if (byte == '\\') {
            json->at++;
            if (!escape(json, text)) return false;
        } else if (byte < 0x80) {
            append(text, byte);
            json->at++;
        } else if (!sequence(json, text)) {
            return false;
        }
    }
    return false;
}

bool json_boolean(struct json *json, bool *value) {
    *value = json_peek(json) == 't';
    return word(json, *value ? "true" : "false");
}

static bool digits(struct json *json) {
    const unsigned char *begin = json->at;
    while (json->at < json->end && *json->at >= '0' && *json->at <= '9') json->at++;
    return json->at > begin;
}

static bool number(struct json *json) {
    (void) word(json, "-");
    if (!word(json, "0") && !digits(json)) return false;
    if (word(json, ".") && !digits(json)) return false;
    if (json->at < json->end && (*json->at == 'e' || *json->at == 'E')) {
        json->at++;
        if (!word(json, "+")) (void) word(json, "-");
        return digits(json);
    }
    return true;
}

static bool value(struct json *json, int depth) {
    struct json_text text;
    bool truth;
    switch (json_peek(json)) {
    case '"': return json_string(json, &text);
    case 't':
    case 'f': return json_boolean(json, &truth);
    case 'n': return word(json, "null");
    case '-':
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return number(json);
    case '{':
        if (depth >= MAXIMUM_DEPTH || !json_open_object(json)) return false;
        for (bool is_first = true;; is_first = false) {
            enum json_key key = json_next_key(json, is_first, &text);
            if (key != JSON_KEY) return key == JSON_NO_MORE_KEYS;
            if (!value(json, depth + 1)) return false;
        }
    case '[':
        if (depth >= MAXIMUM_DEPTH || !take(json, '[')) return false;
        if (take(json, ']')) return true;
        do {
            if (!value(json, depth + 1)) return false;
        } while (take(json, ','));
        return take(json, ']');
    default: return false;
    }
}

bool json_value(struct json *json) { return value(json, 0); }

bool json_open_object(struct json *json) { return take(json, '{'); }

enum json_key json_next_key(struct json *json, bool is_first, struct json_text *key) {
    if (take(json, '}')) return JSON_NO_MORE_KEYS;
    if (!is_first && !take(json, ',')) return JSON_MALFORMED;
    return json_string(json, key) && take(json, ':') ? JSON_KEY : JSON_MALFORMED;
}

bool json_equals(const struct json_text *text, const char *other) {
    size_t length = strlen(other);
    return text->length == length && length <= sizeof text->bytes && memcmp(text->bytes, other, length) == 0;
}
