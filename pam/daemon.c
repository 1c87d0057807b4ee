/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon.h"

#include "deadline.h"
#include "place.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* How long to wait, in milliseconds, for a daemon whose queue of connections is full. */
enum { RETRY_AFTER = 20 };

static int connect_to(int connection, const char *path, int64_t deadline) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof address.sun_path) return ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path) + 1);
    for (;;) {
        if (connect(connection, (const struct sockaddr *) &address, sizeof address) == 0) return 0;
        if (errno != EAGAIN && errno != EINTR) return errno;
        int left = clock_left(deadline);
        if (left == 0) return ETIMEDOUT;
        poll(NULL, 0, left < RETRY_AFTER ? left : RETRY_AFTER);
    }
}

int daemon_connect(const char *path, int64_t deadline, struct why *why) {
    struct trusted trusted = trusted_users(true);
    int file = place_open(path, S_IFSOCK, &trusted, why);
    if (file < 0) return -1;
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int code = connection < 0 ? errno : 0;
    if (code == 0) {
        /* What is connected to is what was looked at. Without /proc it is the path, every folder of which is in safe hands. */
        char opened[sizeof "/proc/self/fd/" + 11];
        snprintf(opened, sizeof opened, "/proc/self/fd/%d", file);
        code = connect_to(connection, opened, deadline);
        if (code == ENOENT) code = connect_to(connection, path, deadline);
    }
    close(file);
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (code == 0 && getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) code = errno;
    if (code != 0) {
        because(why, "%s: %s", path, code == ECONNREFUSED ? "nobody listens; is likenessd running?" : strerrordesc_np(code));
    } else if (!trusted_contains(&trusted, peer.uid)) {
        because(why, "the program that answers at %s is that of user %u, who is not trusted", path, (unsigned) peer.uid);
    } else {
        return connection;
    }
    if (connection >= 0) close(connection);
    return -1;
}

static char *append_base64(char *at, const unsigned char *bytes, size_t length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        unsigned group = (unsigned) bytes[i] << 16 | (i + 1 < length ? (unsigned) bytes[i + 1] << 8 : 0)
                         | (i + 2 < length ? (unsigned) bytes[i + 2] : 0);
        *at++ = digits[group >> 18];
        *at++ = digits[group >> 12 & 63];
        *at++ = i + 1 < length ? digits[group >> 6 & 63] : '=';
        *at++ = i + 2 < length ? digits[group & 63] : '=';
    }
    return at;
}

static const char before_method[] = "{\"method\":\"io.likeness.Verification.", before_parameters[] = "\",\"parameters\":{";

/* Enough for all of a call but its pictures. */
static size_t text_size(const char *identity) { return sizeof before_method + sizeof before_parameters + 2 * strlen(identity) + 128; }

static char *append_identity(char *at, const char *identity) {
    at = stpcpy(at, "\"identity\":\"");
    for (const char *byte = identity; *byte != 0; byte++) {
        if (*byte == '"' || *byte == '\\') *at++ = '\\';
        *at++ = *byte;
    }
    return stpcpy(at, "\"");
}

char *daemon_describe_text(const char *identity, size_t *length) {
    char *text = malloc(text_size(identity));
    if (text == NULL) return NULL;
    char *at = stpcpy(stpcpy(stpcpy(text, before_method), "Describe"), before_parameters);
    at = stpcpy(append_identity(at, identity), "}}");
    *length = (size_t) (at - text) + 1;
    return text;
}

char *daemon_verify_text(
    const char *identity, bool names_user, uid_t user, const struct frames *frames, size_t *length) {
    size_t size = text_size(identity);
    for (unsigned i = 0; i < frames->count; i++) size += (frames->frame[i].length + 2) / 3 * 4 + 3;
    char *text = malloc(size);
    if (text == NULL) return NULL;
    char *at = stpcpy(stpcpy(stpcpy(text, before_method), "VerifyFrames"), before_parameters);
    if (names_user) at += sprintf(at, "\"user\":%lu,", (unsigned long) user);
    at = stpcpy(append_identity(at, identity), ",\"images\":[");
    for (unsigned i = 0; i < frames->count; i++) {
        if (i > 0) *at++ = ',';
        *at++ = '"';
        at = append_base64(at, frames->data + frames->frame[i].begin, frames->frame[i].length);
        *at++ = '"';
    }
    at = stpcpy(at, "]}}");
    *length = (size_t) (at - text) + 1;
    return text;
}

/* Returns whether the connection is ready; a closed one is, too. */
static bool wait_for(int connection, short event, int64_t deadline) {
    for (;;) {
        int left = clock_left(deadline);
        if (left == 0) return false;
        struct pollfd wanted = { .fd = connection, .events = event };
        int count = poll(&wanted, 1, left);
        if (count > 0) return true;
        if (count < 0 && errno != EINTR && errno != EAGAIN) return false;
    }
}

ssize_t daemon_call(
    int connection, const char *call, size_t length, char reply[MAXIMUM_REPLY], int64_t deadline, struct why *why) {
    for (size_t sent = 0; sent < length;) {
        if (!wait_for(connection, POLLOUT, deadline)) {
            because(why, "the daemon did not take the call in time");
            return -1;
        }
        ssize_t count = send(connection, call + sent, length - sent, MSG_NOSIGNAL);
        if (count >= 0) sent += (size_t) count;
        /* A daemon that closes in the middle of a call has said why, as a rule. */
        else if (errno == EPIPE || errno == ECONNRESET) break;
        else if (errno != EAGAIN && errno != EINTR) {
            because(why, "sending the call: %s", strerrordesc_np(errno));
            return -1;
        }
    }
    size_t received = 0;
    for (;;) {
        if (!wait_for(connection, POLLIN, deadline)) {
            because(why, "the daemon did not answer in time");
            return -1;
        }
        ssize_t count = recv(connection, reply + received, MAXIMUM_REPLY - received, 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count <= 0) {
            because(why, "the daemon closed the connection without a whole reply");
            return -1;
        }
        const char *end = memchr(reply + received, 0, (size_t) count);
        received += (size_t) count;
        if (end != NULL) {
            if (end + 1 == reply + received) return end - reply;
            because(why, "the daemon sent something behind its reply");
            return -1;
        }
        if (received == MAXIMUM_REPLY) {
            because(why, "the daemon's reply has more than %d bytes", MAXIMUM_REPLY);
            return -1;
        }
    }
}
