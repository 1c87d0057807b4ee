/* SPDX-License-Identifier: Apache-2.0 */
#include "reply.h"

#include "json.h"

#include <string.h>

#define VERIFICATION "io.likeness.Verification."
#define SERVICE "org.varlink.service."

static const struct {
    const char *name;
    enum answer answer;
} errors[] = {
    { VERIFICATION "NoFace", ANSWER_NO_FACE },
    { VERIFICATION "SeveralFaces", ANSWER_SEVERAL_FACES },
    { VERIFICATION "NoSuchIdentity", ANSWER_NOT_ENROLLED },
    { VERIFICATION "Busy", ANSWER_BUSY },
    { VERIFICATION "NoUsableSample", ANSWER_REFUSED },
    { VERIFICATION "InvalidName", ANSWER_REFUSED },
    { VERIFICATION "ImageRejected", ANSWER_REFUSED },
    { VERIFICATION "ModalityMismatch", ANSWER_REFUSED },
    { VERIFICATION "NoSuchOperatingPoint", ANSWER_REFUSED },
    { VERIFICATION "Internal", ANSWER_REFUSED },
    { SERVICE "PermissionDenied", ANSWER_NO_PERMISSION },
    { SERVICE "InterfaceNotFound", ANSWER_TOO_OLD },
    { SERVICE "MethodNotFound", ANSWER_TOO_OLD },
    { SERVICE "MethodNotImplemented", ANSWER_TOO_OLD },
    { SERVICE "InvalidParameter", ANSWER_REFUSED },
};

/* What of the parameters matters. */
struct parameters {
    bool are_there, has_result, has_identity, has_modality, has_locked, locked;
    struct json_text result, identity, modality;
};

/* A key that stands there twice means two things, and so nothing. */
static bool is_new(bool *is_there) {
    bool was_there = *is_there;
    *is_there = true;
    return !was_there;
}

static bool read_parameters(struct json *json, struct parameters *found) {
    struct json_text key;
    if (!json_open_object(json)) return false;
    for (bool is_first = true;; is_first = false) {
        enum json_key next = json_next_key(json, is_first, &key);
        if (next != JSON_KEY) return next == JSON_NO_MORE_KEYS;
        bool is_read;
        if (json_equals(&key, "result")) is_read = is_new(&found->has_result) && json_string(json, &found->result);
        else if (json_equals(&key, "modality")) is_read = is_new(&found->has_modality) && json_string(json, &found->modality);
        else if (json_equals(&key, "identity")) {
            /* An error may say null in place of a name. */
            if (!is_new(&found->has_identity)) return false;
            found->identity.length = 0;
            is_read = json_peek(json) == '"' ? json_string(json, &found->identity) : json_value(json);
        } else if (json_equals(&key, "locked")) is_read = is_new(&found->has_locked) && json_boolean(json, &found->locked);
        else is_read = json_value(json);
        if (!is_read) return false;
    }
}

static enum answer decision(const struct parameters *found, const char *identity) {
    if (!found->has_result || !found->has_identity || !json_equals(&found->identity, identity)) return ANSWER_UNKNOWN;
    /* A signature that somebody holds before the camera is no face. */
    if (!found->has_modality || !json_equals(&found->modality, "face")) return ANSWER_OTHER_MODALITY;
    if (json_equals(&found->result, "match")) return ANSWER_MATCH;
    if (json_equals(&found->result, "no_match")) return ANSWER_NO_MATCH;
    return json_equals(&found->result, "inconclusive") ? ANSWER_INCONCLUSIVE : ANSWER_UNKNOWN;
}

static enum answer refusal(const struct json_text *error, const struct parameters *found) {
    if (json_equals(error, VERIFICATION "TooManyAttempts"))
        return !found->has_locked ? ANSWER_UNKNOWN : found->locked ? ANSWER_LOCKED_OUT : ANSWER_TOO_FAST;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (json_equals(error, errors[i].name)) return errors[i].answer;
    return ANSWER_UNKNOWN;
}

static void copy_name(char *name, size_t size, const struct json_text *error) {
    if (error->length >= size) return;
    for (size_t i = 0; i < error->length; i++) {
        char byte = error->bytes[i];
        if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '.'
              || byte == '-'))
            return;
    }
    memcpy(name, error->bytes, error->length);
    name[error->length] = 0;
}

struct reply reply_read(const char *message, size_t length, const char *identity) {
    struct reply reply = { .answer = ANSWER_UNKNOWN, .error = "" };
    const struct reply unknown = reply;
    struct parameters found = { 0 };
    struct json_text key, error = { 0 };
    bool has_error = false, has_continues = false, continues = false;
    struct json json;
    json_begin(&json, message, length);
    if (!json_open_object(&json)) return unknown;
    for (bool is_first = true;; is_first = false) {
        enum json_key next = json_next_key(&json, is_first, &key);
        if (next == JSON_MALFORMED) return unknown;
        if (next == JSON_NO_MORE_KEYS) break;
        bool is_read = false;
        if (json_equals(&key, "parameters")) is_read = is_new(&found.are_there) && read_parameters(&json, &found);
        else if (json_equals(&key, "error")) is_read = is_new(&has_error) && json_string(&json, &error);
        else if (json_equals(&key, "continues")) is_read = is_new(&has_continues) && json_boolean(&json, &continues);
        if (!is_read) return unknown;
    }
    if (!json_is_at_end(&json) || continues) return unknown;
    if (has_error) {
        copy_name(reply.error, sizeof reply.error, &error);
        reply.answer = refusal(&error, &found);
    } else {
        reply.answer = decision(&found, identity);
    }
    return reply;
}
