// SPDX-License-Identifier: Apache-2.0
/* libsystemd, and what Swift cannot spell of it: function-like macros and credentials of a peer. */
#ifndef LIKENESS_CSYSTEMD_SHIM_H
#define LIKENESS_CSYSTEMD_SHIM_H

/* Each entry has the place in the source that Swift tells, and not that of this header too. */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/uio.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

/* Where the descriptors that systemd hands over begin. */
static inline int likeness_listen_fds_start(void) { return SD_LISTEN_FDS_START; }

/* 1 when the descriptor is a listening stream socket of the AF_UNIX family, 0 when it is not, or a negative
 * errno when it cannot be asked. */
static inline int likeness_is_listening_unix_stream(int descriptor) {
    return sd_is_socket_unix(descriptor, SOCK_STREAM, 1, NULL, 0);
}

/* 1 when the descriptor is the file of this device and inode, as JOURNAL_STREAM names the journal's socket. */
static inline int likeness_is_file(int descriptor, uint64_t device, uint64_t inode) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return 0;
    return (uint64_t)status.st_dev == device && (uint64_t)status.st_ino == inode;
}

/* One journal entry of count fields, field i being lengths[i] bytes of the text that begins at offsets[i],
 * each of the form NAME=value. 0, or a negative errno. */
static inline int likeness_journal_send(
    const char *text, const size_t *offsets, const size_t *lengths, int count) {
    if (count < 1 || count > 1024) return -22;
    struct iovec fields[1024];
    for (int index = 0; index < count; index++) {
        fields[index].iov_base = (void *)(text + offsets[index]);
        fields[index].iov_len = lengths[index];
    }
    return sd_journal_sendv(fields, count);
}

#endif
