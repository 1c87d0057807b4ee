/* SPDX-License-Identifier: Apache-2.0 */
/* A PAM module that asks the daemon of Likeness whether the user who is to be authenticated is in front of the camera. See
   pam_likeness(8). It succeeds where the daemon says "match" about that user, and nowhere else. */
#include "capture.h"
#include "daemon.h"
#include "deadline.h"
#include "reply.h"
#include "settings.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#define EXPORTED __attribute__((visibility("default")))

enum { MAXIMUM_ACCOUNT = 1 << 20 };

/* Everything that one authentication needs. It is too large for the stack of a thread. */
struct attempt {
    struct settings settings;
    struct identity identity;
    char account[128];
    uid_t user;
    gid_t group;
    char reply[MAXIMUM_REPLY];
    struct why why;
};

struct arguments {
    const char *configuration;
    const char *socket;
    int timeout_seconds;
};

static bool read_arguments(struct arguments *arguments, int argc, const char **argv, struct why *why) {
    *arguments = (struct arguments) { .configuration = "/etc/likeness/pam.toml" };
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "config=/", 8) == 0) {
            arguments->configuration = argv[i] + 7;
        } else if (strncmp(argv[i], "socket=/", 8) == 0) {
            arguments->socket = argv[i] + 7;
        } else if (strncmp(argv[i], "timeout=", 8) == 0) {
            char *end = NULL;
            long seconds = argv[i][8] >= '1' && argv[i][8] <= '9' ? strtol(argv[i] + 8, &end, 10) : 0;
            if (seconds < MINIMUM_TIMEOUT || seconds > MAXIMUM_TIMEOUT || *end != 0) {
                because(why, "timeout= is to be a number from %d to %d", MINIMUM_TIMEOUT, MAXIMUM_TIMEOUT);
                return false;
            }
            arguments->timeout_seconds = (int) seconds;
        } else {
            because(why, "the argument %.100s is none of config=PATH, socket=PATH and timeout=SECONDS", argv[i]);
            return false;
        }
    }
    return true;
}

/* Somebody who is not at this machine must not be let in by the face of somebody who is. */
static bool is_remote(pam_handle_t *pamh) {
    static const char *const variables[] = { "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY" };
    const void *host = NULL;
    if (pam_get_item(pamh, PAM_RHOST, &host) == PAM_SUCCESS && host != NULL && ((const char *) host)[0] != 0) return true;
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        if (getenv(variables[i]) != NULL) return true;
    return false;
}

/* Looks an account up. The name is as the user database spells it, which may differ from how it was typed. */
static bool find_account(const char *name, char account[128], uid_t *user, gid_t *group) {
    struct passwd entry, *found = NULL;
    char *text = NULL;
    bool is_found = false;
    for (size_t size = 4096; size <= MAXIMUM_ACCOUNT; size *= 4) {
        char *larger = realloc(text, size);
        if (larger == NULL) break;
        text = larger;
        if (getpwnam_r(name, &entry, text, size, &found) == ERANGE) continue;
        is_found = found != NULL && found->pw_name != NULL && strlen(found->pw_name) > 0 && strlen(found->pw_name) < 128;
        break;
    }
    if (is_found) {
        strcpy(account, found->pw_name);
        *user = found->pw_uid;
        *group = found->pw_gid;
    }
    free(text);
    return is_found;
}

/* Only printable ASCII: no name that could be spelt in two ways. */
static bool is_plain(const char *name) {
    for (; *name != 0; name++)
        if (*name < 0x21 || *name > 0x7E) return false;
    return true;
}

static bool find_capture_user(struct attempt *attempt) {
    const char *name = attempt->settings.capture_user;
    char account[128];
    uid_t user = attempt->user;
    gid_t group = attempt->group;
    if (strcmp(name, "%u") == 0) name = attempt->account;
    else if (find_account(name, account, &user, &group)) name = account;
    else {
        because(&attempt->why, "there is no user %.100s to capture as", name);
        return false;
    }
    if (identity_of(&attempt->identity, name, user, group)) return true;
    because(&attempt->why, "user %.100s has more than %d groups", name, MAXIMUM_GROUPS);
    return false;
}

/* What the user is told; NULL for nothing. */
static const char *advice(enum answer answer) {
    switch (answer) {
    case ANSWER_NO_MATCH: return "You were not recognised.";
    case ANSWER_INCONCLUSIVE: return "The pictures are not good enough to recognise anybody: more light, and look straight ahead.";
    case ANSWER_NO_FACE: return "The camera saw no face.";
    case ANSWER_SEVERAL_FACES: return "The camera saw several faces.";
    case ANSWER_LOCKED_OUT: return "Too many tries have failed: face recognition is locked. An administrator can unlock it.";
    case ANSWER_TOO_FAST: return "Too many tries in a short time: try face recognition again later.";
    case ANSWER_UNKNOWN: case ANSWER_MATCH: case ANSWER_NOT_ENROLLED: case ANSWER_BUSY: case ANSWER_NO_PERMISSION:
    case ANSWER_TOO_OLD: case ANSWER_REFUSED: case ANSWER_OTHER_MODALITY:
        break;
    }
    return NULL;
}

static const char *in_words(enum answer answer) {
    switch (answer) {
    case ANSWER_UNKNOWN: return "the daemon's reply is none that is known";
    case ANSWER_MATCH: return "match";
    case ANSWER_NO_MATCH: return "no match";
    case ANSWER_INCONCLUSIVE: return "no picture supports a decision";
    case ANSWER_NO_FACE: return "no face was found";
    case ANSWER_SEVERAL_FACES: return "several faces were found";
    case ANSWER_NOT_ENROLLED: return "nobody is enrolled under the account's name";
    case ANSWER_LOCKED_OUT: return "locked out after failed comparisons (enroll unlock lifts it)";
    case ANSWER_TOO_FAST: return "too many comparisons in a short time";
    case ANSWER_BUSY: return "the daemon is busy";
    case ANSWER_NO_PERMISSION: return "the daemon denies it: the program has neither root's rights nor access.verify_self";
    case ANSWER_TOO_OLD: return "the daemon does not know VerifyFrames; bring it to the version of this module";
    case ANSWER_REFUSED: return "the daemon refused the call";
    case ANSWER_OTHER_MODALITY: return "who is enrolled under the account's name is not enrolled by faces";
    }
    return "the daemon's reply is none that is known";
}

/* Tells the user something, unless the program wants silence. What comes of it changes nothing. */
static void tell(pam_handle_t *pamh, int flags, int style, const char *message) {
    if (message == NULL || ((unsigned) flags & PAM_SILENT) != 0) return;
    char *ignored = NULL;
    (void) pam_prompt(pamh, style, &ignored, "%s", message);
    free(ignored);
}

/* Makes one call, whose text it frees. */
static bool call(
    struct attempt *attempt, int connection, char *text, size_t length, int64_t deadline, struct reply *reply) {
    if (text == NULL) {
        because(&attempt->why, "no memory for the call");
        return false;
    }
    ssize_t size = daemon_call(connection, text, length, attempt->reply, deadline, &attempt->why);
    explicit_bzero(text, length);
    free(text);
    if (size < 0) return false;
    *reply = reply_read(attempt->reply, (size_t) size, attempt->account);
    return true;
}

static bool look_and_ask(
    pam_handle_t *pamh, int flags, struct attempt *attempt, int connection, int64_t deadline, struct reply *reply) {
    const struct settings *settings = &attempt->settings;
    size_t length = 0;
    if (geteuid() == 0) {
        /* Root may know who is enrolled. Before somebody who is not, the camera stays off; of what else comes nothing is made. */
        char *text = daemon_describe_text(attempt->account, &length);
        struct reply described;
        if (!call(attempt, connection, text, length, deadline, &described)) return false;
        if (described.answer == ANSWER_NOT_ENROLLED) {
            *reply = described;
            return true;
        }
    }
    if (settings->capture.count > 0) tell(pamh, flags, PAM_TEXT_INFO, "Look at the camera.");
    struct captured captured;
    struct capture capture = {
        .command = settings->capture.count > 0 ? settings->capture.word : NULL,
        .picture = settings->picture,
        .identity = &attempt->identity,
        .frames = (unsigned) settings->frames,
    };
    bool is_done = capture_run(&capture, deadline, &captured, &attempt->why);
    if (is_done) {
        /* Root names the user, whose failed comparison it then is; anybody else asks for itself. */
        bool names_user = geteuid() == 0 || geteuid() != attempt->user;
        char *text = daemon_verify_text(attempt->account, names_user, attempt->user, &captured.frames, &length);
        is_done = call(attempt, connection, text, length, deadline, reply);
    }
    captured_free(&captured);
    return is_done;
}

static bool ask(
    pam_handle_t *pamh, int flags, struct attempt *attempt, const char *socket, int64_t deadline, struct reply *reply) {
    /* Before the camera is turned on: a daemon that is away, or another's, is known at once. */
    int connection = daemon_connect(socket, deadline, &attempt->why);
    if (connection < 0) return false;
    bool is_done = look_and_ask(pamh, flags, attempt, connection, deadline, reply);
    close(connection);
    return is_done;
}

static int authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv, struct attempt *attempt) {
    struct arguments arguments;
    const void *service = NULL;
    if (!read_arguments(&arguments, argc, argv, &attempt->why)
        || !settings_read(&attempt->settings, arguments.configuration, &attempt->why)) {
        pam_syslog(pamh, LOG_ERR, "%s", attempt->why.text);
        return PAM_AUTHINFO_UNAVAIL;
    }
    const struct settings *settings = &attempt->settings;
    if (pam_get_item(pamh, PAM_SERVICE, &service) != PAM_SUCCESS || service == NULL) return PAM_AUTHINFO_UNAVAIL;
    if (!settings_has_service(settings, service)) return PAM_IGNORE;
    if (is_remote(pamh)) return PAM_IGNORE;

    const char *name = NULL;
    int code = pam_get_user(pamh, &name, NULL);
    if (code == PAM_CONV_AGAIN) return PAM_INCOMPLETE;
    if (code != PAM_SUCCESS || name == NULL) return PAM_AUTHINFO_UNAVAIL;
    if (!find_account(name, attempt->account, &attempt->user, &attempt->group) || !is_plain(attempt->account))
        return PAM_USER_UNKNOWN;
    if (!find_capture_user(attempt)) {
        pam_syslog(pamh, LOG_ERR, "%s", attempt->why.text);
        return PAM_AUTHINFO_UNAVAIL;
    }

    int seconds = arguments.timeout_seconds > 0 ? arguments.timeout_seconds : settings->timeout_seconds;
    const char *socket = arguments.socket != NULL ? arguments.socket : settings->socket;
    struct reply reply = { .answer = ANSWER_UNKNOWN };
    if (!ask(pamh, flags, attempt, socket, clock_now() + (int64_t) seconds * 1000, &reply)) {
        pam_syslog(pamh, LOG_WARNING, "user %s: %s", attempt->account, attempt->why.text);
        return PAM_AUTHINFO_UNAVAIL;
    }
    pam_syslog(
        pamh, reply.answer == ANSWER_MATCH ? LOG_INFO : LOG_NOTICE, "user %s: %s%s%s%s", attempt->account,
        in_words(reply.answer), reply.error[0] != 0 ? " (" : "", reply.error, reply.error[0] != 0 ? ")" : "");
    tell(pamh, flags, PAM_ERROR_MSG, advice(reply.answer));
    switch (reply.answer) {
    case ANSWER_MATCH: return PAM_SUCCESS;
    case ANSWER_NO_MATCH: case ANSWER_LOCKED_OUT: case ANSWER_TOO_FAST: return PAM_AUTH_ERR;
    default: return PAM_AUTHINFO_UNAVAIL;
    }
}

EXPORTED int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    struct attempt *attempt = calloc(1, sizeof *attempt);
    if (attempt == NULL) return PAM_BUF_ERR;
    int code = authenticate(pamh, flags, argc, argv, attempt);
    explicit_bzero(attempt->reply, sizeof attempt->reply);
    free(attempt);
    return code;
}

/* There are no credentials to set. libpam goes the way that the authentication went, so that this lets nobody in. */
EXPORTED int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    (void) pamh, (void) flags, (void) argc, (void) argv;
    return PAM_SUCCESS;
}
