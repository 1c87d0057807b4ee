/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char daemon_user[] = "likeness";

struct trusted trusted_users(bool with_daemon) {
    struct trusted trusted = { .users = { 0, geteuid() }, .count = 2 };
    if (with_daemon) {
        struct passwd entry, *found = NULL;
        char text[4096];
        if (getpwnam_r(daemon_user, &entry, text, sizeof text, &found) == 0 && found != NULL)
            trusted.users[trusted.count++] = found->pw_uid;
    }
    return trusted;
}

bool trusted_contains(const struct trusted *trusted, uid_t user) {
    for (size_t i = 0; i < trusted->count; i++)
        if (trusted->users[i] == user) return true;
    return false;
}

/* Whether a folder is in safe hands. In one such as /tmp nobody can move what is another's, and what is there is looked at
   in its turn; the file itself may not lie in one. */
static bool is_safe(const struct stat *status, bool is_last, const struct trusted *trusted) {
    if (!S_ISDIR(status->st_mode) || !trusted_contains(trusted, status->st_uid)) return false;
    return (status->st_mode & (S_IWGRP | S_IWOTH)) == 0 || (!is_last && (status->st_mode & S_ISVTX) != 0);
}

int place_open(const char *path, mode_t kind, const struct trusted *trusted, struct why *why) {
    if (path[0] != '/') {
        because(why, "%s is no absolute path", path);
        return -1;
    }
    int at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    const char *name = path;
    while (at >= 0) {
        name += strspn(name, "/");
        size_t length = strcspn(name, "/");
        const char *rest = name + length;
        rest += strspn(rest, "/");
        bool is_last = *rest == 0;
        char component[256];
        struct stat status;
        if (length == 0 || length >= sizeof component || (length == 1 && name[0] == '.')
            || (length == 2 && name[0] == '.' && name[1] == '.')) {
            because(why, "%s is no path that can be looked at", path);
            break;
        }
        if (fstat(at, &status) != 0 || !is_safe(&status, is_last, trusted)) {
            because(why, "the folder above %s belongs to somebody else, or others can write to it", name);
            break;
        }
        memcpy(component, name, length);
        component[length] = 0;
        int next = openat(at, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        int code = errno;
        close(at);
        at = next;
        if (at < 0) {
            because(why, "%s: %s", path, strerrordesc_np(code));
            return -1;
        }
        if (!is_last) {
            name = rest;
            continue;
        }
        if (fstat(at, &status) != 0 || (status.st_mode & S_IFMT) != kind) {
            because(why, "%s is %s", path, kind == S_IFSOCK ? "no socket" : "no regular file");
            break;
        }
        if (!trusted_contains(trusted, status.st_uid)) {
            because(why, "%s belongs to user %u, who is not trusted", path, (unsigned) status.st_uid);
            break;
        }
        return at;
    }
    if (at >= 0) close(at);
    else because(why, "/: %s", strerrordesc_np(errno));
    return -1;
}
