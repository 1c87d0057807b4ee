/* SPDX-License-Identifier: Apache-2.0 */
#include "CPolkit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

static const char authority[] = "org.freedesktop.PolicyKit1";
/* CheckAuthorization's flag AllowUserInteraction. */
enum { ALLOW_USER_INTERACTION = 1 };

struct question {
    enum likeness_polkit_answer answer;
    char *why;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t) time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void because(struct question *question, const char *what, const char *more) {
    snprintf(question->why, LIKENESS_POLKIT_WHY, "%s: %s", what, more == NULL ? "no reason given" : more);
}

static enum likeness_polkit_answer of_code(struct question *question, const char *what, int code) {
    because(question, what, strerror(-code));
    return code == -ENOENT || code == -ECONNREFUSED || code == -EACCES || code == -EPERM ? LIKENESS_POLKIT_ABSENT
                                                                                          : LIKENESS_POLKIT_FAILED;
}

static enum likeness_polkit_answer of_error(struct question *question, const sd_bus_error *error) {
    because(question, error->name == NULL ? "error" : error->name, error->message);
    /* The bus's own words that nobody is there. */
    static const char *const absent[] = {
        "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
        "org.freedesktop.DBus.Error.Spawn.ServiceNotFound", "org.freedesktop.DBus.Error.Spawn.ExecFailed",
        "org.freedesktop.DBus.Error.Spawn.ChildExited", "org.freedesktop.DBus.Error.AccessDenied",
        "org.freedesktop.systemd1.NoSuchUnit", "org.freedesktop.systemd1.UnitMasked",
    };
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        if (sd_bus_error_has_name(error, absent[i])) return LIKENESS_POLKIT_ABSENT;
    static const char *const late[] = {
        "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Timeout", "org.freedesktop.DBus.Error.TimedOut",
    };
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++)
        if (sd_bus_error_has_name(error, late[i])) return LIKENESS_POLKIT_LATE;
    return LIKENESS_POLKIT_FAILED;
}

/* Of (bba{ss}): whether it is allowed, whether a password would make it so, and details. */
static enum likeness_polkit_answer of_reply(struct question *question, sd_bus_message *reply) {
    int is_authorized = 0, is_challenge = 0, is_dismissed = 0;
    int code = sd_bus_message_enter_container(reply, SD_BUS_TYPE_STRUCT, "bba{ss}");
    if (code > 0) code = sd_bus_message_read(reply, "bb", &is_authorized, &is_challenge);
    if (code > 0) code = sd_bus_message_enter_container(reply, SD_BUS_TYPE_ARRAY, "{ss}");
    while (code > 0) {
        const char *key, *value;
        code = sd_bus_message_read(reply, "{ss}", &key, &value);
        if (code == 0) {
            code = sd_bus_message_exit_container(reply);
            if (code > 0) code = sd_bus_message_exit_container(reply);
            /* Nothing may stand behind it. */
            if (code > 0) code = sd_bus_message_at_end(reply, 1);
            if (code == 0) code = -EBADMSG;
            break;
        }
        if (code > 0 && strcmp(key, "polkit.dismissed") == 0 && value[0] != 0) is_dismissed = 1;
    }
    if (code <= 0) return of_code(question, "an answer that cannot be read", code < 0 ? code : -EBADMSG);
    if (is_authorized) return LIKENESS_POLKIT_AUTHORIZED;
    if (is_dismissed) return LIKENESS_POLKIT_DISMISSED;
    return is_challenge ? LIKENESS_POLKIT_NOBODY_TO_ASK : LIKENESS_POLKIT_REFUSED;
}

static int answered(sd_bus_message *reply, void *context, sd_bus_error *unused) {
    (void) unused;
    struct question *question = context;
    const sd_bus_error *error = sd_bus_message_get_error(reply);
    question->answer = error != NULL ? of_error(question, error) : of_reply(question, reply);
    return 0;
}

static int send_question(
    sd_bus *bus, const char *action, uint32_t process, uint32_t user, int64_t deadline, struct question *question) {
    sd_bus_message *call = NULL;
    int code = sd_bus_message_new_method_call(
        bus, &call, authority, "/org/freedesktop/PolicyKit1/Authority", "org.freedesktop.PolicyKit1.Authority", "CheckAuthorization");
    /* The user is told as the kernel told it when the process connected, so that another process of the same number is nobody else.
       polkit reads when the process began by itself: its own /proc shows that, and a daemon's may not. */
    if (code >= 0)
        code = sd_bus_message_append(
            call, "(sa{sv})sa{ss}us", "unix-process", (unsigned) 3, "pid", "u", process, "start-time", "t", (uint64_t) 0, "uid", "i",
            (int32_t) user, action, (unsigned) 0, (uint32_t) ALLOW_USER_INTERACTION, "");
    int64_t left = deadline - now();
    if (code >= 0) code = sd_bus_call_async(bus, NULL, call, answered, question, left > 0 ? (uint64_t) left : 1);
    sd_bus_message_unref(call);
    return code;
}

/* Until the question is answered, or there is no more to wait for. */
static enum likeness_polkit_answer wait_for(sd_bus *bus, int64_t deadline, int cancelled, struct question *question) {
    for (;;) {
        int code = sd_bus_process(bus, NULL);
        if (question->answer != 0) return question->answer;
        if (code < 0) return of_code(question, "the bus", code);
        int64_t left = deadline - now();
        if (left <= 0) return LIKENESS_POLKIT_LATE;
        uint64_t own = UINT64_MAX;
        int events = code > 0 ? 0 : sd_bus_get_events(bus);
        if (events < 0) return of_code(question, "the bus", events);
        if (code == 0 && sd_bus_get_timeout(bus, &own) >= 0 && own != UINT64_MAX) {
            int64_t until = (int64_t) own - now();
            if (until < left) left = until < 0 ? 0 : until;
        }
        struct pollfd wanted[2] = { { .fd = sd_bus_get_fd(bus), .events = (short) events }, { .fd = cancelled, .events = POLLIN } };
        /* With code > 0 there is more to process at once; the second descriptor is looked at all the same. */
        int count = poll(wanted, 2, code > 0 ? 0 : (int) (left / 1000 + 1));
        if (count < 0 && errno != EINTR) return of_code(question, "poll", -errno);
        if (count > 0 && wanted[1].revents != 0) return LIKENESS_POLKIT_CANCELLED;
    }
}

enum likeness_polkit_answer likeness_polkit_ask(
    const char *action, uint32_t process, uint32_t user, int milliseconds, int cancelled, char why[LIKENESS_POLKIT_WHY]) {
    struct question question = { .answer = 0, .why = why };
    why[0] = 0;
    int64_t deadline = now() + (int64_t) milliseconds * 1000;
    /* One of its own: polkit ends a question when whoever asked it leaves the bus. */
    sd_bus *bus = NULL;
    int code = sd_bus_open_system(&bus);
    if (code < 0) return of_code(&question, "the system's bus", code);
    code = send_question(bus, action, process, user, deadline, &question);
    enum likeness_polkit_answer answer =
        code < 0 ? of_code(&question, "the question", code) : wait_for(bus, deadline, cancelled, &question);
    sd_bus_close_unref(bus);
    return answer;
}

int likeness_polkit_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
