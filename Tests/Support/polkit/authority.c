/* SPDX-License-Identifier: Apache-2.0 */
/* In polkit's place on a bus of a test's own (DBUS_SYSTEM_BUS_ADDRESS): answers by the number of the user that it is asked about. Prints
   "ready", and each question as it came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

static int reply_with(sd_bus_message *question, int is_authorized, int is_challenge, const char *key, const char *value) {
    return key == NULL ? sd_bus_reply_method_return(question, "(bba{ss})", is_authorized, is_challenge, (unsigned) 0)
                       : sd_bus_reply_method_return(question, "(bba{ss})", is_authorized, is_challenge, (unsigned) 1, key, value);
}

static int check(sd_bus_message *question, void *context, sd_bus_error *error) {
    (void) context;
    const char *kind, *name[3], *action, *identifier;
    uint32_t process, flags;
    uint64_t start;
    int32_t user;
    if (!sd_bus_message_is_method_call(question, "org.freedesktop.PolicyKit1.Authority", "CheckAuthorization")) return 0;
    int code = sd_bus_message_read(
        question, "(sa{sv})sa{ss}us", &kind, 3, &name[0], "u", &process, &name[1], "t", &start, &name[2], "i", &user, &action, 0, &flags,
        &identifier);
    if (code < 0) return sd_bus_error_setf(error, "org.freedesktop.DBus.Error.InvalidArgs", "%s", strerror(-code));
    printf(
        "%s %s=%u %s=%llu %s=%d %s %u\n", kind, name[0], process, name[1], (unsigned long long) start, name[2], user, action, flags);
    switch (user) {
    case 1001: return reply_with(question, 1, 0, NULL, NULL);
    case 1002: return reply_with(question, 0, 0, NULL, NULL);
    case 1003: return reply_with(question, 0, 1, NULL, NULL);
    case 1004: return reply_with(question, 0, 0, "polkit.dismissed", "true");
    case 1005: return reply_with(question, 1, 0, "polkit.temporary_authorization_id", "tmpauthz1");
    /* What says yes and is none of polkit's answers. */
    case 1006: return sd_bus_reply_method_return(question, "b", 1);
    case 1007: return sd_bus_reply_method_return(question, "(bb)", 1, 1);
    case 1008: return sd_bus_reply_method_return(question, "(bba{ss})s", 1, 0, (unsigned) 0, "more");
    case 1009: return sd_bus_reply_method_return(question, NULL);
    case 1010: return sd_bus_reply_method_return(question, "s", "yes");
    case 1011: return sd_bus_error_setf(error, "org.freedesktop.PolicyKit1.Error.Failed", "Action %s is not registered", action);
    case 1012: return sd_bus_error_setf(error, "org.freedesktop.PolicyKit1.Error.NotAuthorized", "Only trusted callers");
    case 1013: exit(1);
    /* No answer, ever. */
    default: return 1;
    }
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    sd_bus *bus = NULL;
    int code = sd_bus_open_system(&bus);
    if (code >= 0)
        /* Without a table of methods, by which the library would keep the wrong answers back. */
        code = sd_bus_add_object(bus, NULL, "/org/freedesktop/PolicyKit1/Authority", check, NULL);
    if (code >= 0) code = sd_bus_request_name(bus, "org.freedesktop.PolicyKit1", 0);
    if (code >= 0) puts("ready");
    while (code >= 0) {
        code = sd_bus_process(bus, NULL);
        if (code == 0) code = sd_bus_wait(bus, UINT64_MAX);
    }
    fprintf(stderr, "%s\n", strerror(-code));
    return 1;
}
