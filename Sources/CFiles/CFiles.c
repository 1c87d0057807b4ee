// SPDX-License-Identifier: Apache-2.0
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/timex.h>
#include <sys/xattr.h>

int likeness_open_name(int folder, const char *name) {
    return openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int likeness_has_access_list(int descriptor) {
    /* fgetxattr(2) refuses a descriptor that cannot be read from. */
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    if (getxattr(path, "system.posix_acl_access", NULL, 0) >= 0) return 1;
    return errno == ENODATA || errno == ENOTSUP ? 0 : -1;
}

int likeness_clock_is_synchronized(void) {
    struct timex state = {0};
    if (adjtimex(&state) < 0) return -1;
    return state.status & STA_UNSYNC ? 0 : 1;
}
