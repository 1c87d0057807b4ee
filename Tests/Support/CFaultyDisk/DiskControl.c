// SPDX-License-Identifier: Apache-2.0
// What a test asks of its disks, and the syncs and new names that are not SQLite's own.
#include "CFaultyDisk.h"
#include "DiskRecord.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { maximum_disks = 64 };
static Disk disks[maximum_disks];
static uint64_t mountings;

Disk *disk_of(const char *path) {
    for (int number = 0; number < maximum_disks; number++) {
        const Disk *disk = &disks[number];
        const size_t length = disk->is_mounted ? strlen(disk->folder) : 0;
        if (length > 0 && strncmp(path, disk->folder, length) == 0 && path[length] == '/') return &disks[number];
    }
    return NULL;
}

int64_t disk_size(const Disk *disk) {
    int64_t size = 0;
    for (const Record *record = disk->records; record != NULL; record = record->next) {
        struct stat status;
        if (!record->is_removed && stat(record->path, &status) == 0) size += status.st_size;
    }
    return size;
}

int faulty_disk_mount(const char *folder) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, disk_install);
    pthread_mutex_lock(&disk_mutex);
    int number = 0;
    while (number < maximum_disks && disks[number].is_mounted) number++;
    if (number == maximum_disks) number = -1;
    else {
        Disk *disk = &disks[number];
        *disk = (Disk){.is_mounted = true, .mounting = ++mountings, .folder = realpath(folder, NULL), .limit = -1};
        DIR *listing = disk->folder != NULL ? opendir(disk->folder) : NULL;
        for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
            char path[PATH_MAX];
            snprintf(path, sizeof path, "%s/%s", disk->folder, entry->d_name);
            const int descriptor = entry->d_type == DT_REG ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (descriptor < 0) continue;
            Record *record = disk_record(disk, path);
            uint8_t bytes[65536];
            uint64_t offset = 0;
            for (ssize_t count; (count = read(descriptor, bytes, sizeof bytes)) > 0; offset += (uint64_t)count) {
                record_write(record, bytes, (size_t)count, offset);
            }
            close(descriptor);
            record_sync(record);
            record->is_named_durably = true;
        }
        if (listing != NULL) closedir(listing);
        if (disk->folder == NULL) {
            *disk = (Disk){0};
            number = -1;
        }
    }
    pthread_mutex_unlock(&disk_mutex);
    return number;
}

/// Runs a block on a disk.
#define WITH_DISK(number, body) do { \
    pthread_mutex_lock(&disk_mutex); \
    Disk *disk = &disks[number]; \
    body; \
    pthread_mutex_unlock(&disk_mutex); \
} while (0)

void faulty_disk_unmount(int number) { WITH_DISK(number, disk_forget(disk)); }

uint64_t faulty_disk_count(int number, unsigned operations) {
    uint64_t count = 0;
    WITH_DISK(number, for (int bit = 0; bit < 6; bit++) if (operations & (1u << bit)) count += disk->counts[bit]);
    return count;
}

void faulty_disk_fail(int number, unsigned operations, uint64_t after, uint64_t times, int code) {
    WITH_DISK(number, {
        disk->failing = operations;
        disk->failing_after = after;
        disk->failing_times = times;
        disk->failing_code = code;
        disk->failures = 0;
    });
}

uint64_t faulty_disk_failures(int number) {
    uint64_t failures;
    WITH_DISK(number, failures = disk->failures);
    return failures;
}

void faulty_disk_leave(int number, int64_t bytes) {
    WITH_DISK(number, disk->limit = bytes < 0 ? -1 : disk_size(disk) + bytes);
}

void faulty_disk_cut_power(int number, uint64_t after, uint64_t seed) {
    WITH_DISK(number, {
        disk->is_to_be_cut = true;
        disk->cut_after = after;
        disk->changes = 0;
        disk->seed = seed;
    });
}

bool faulty_disk_is_dead(int number) {
    bool is_dead;
    WITH_DISK(number, is_dead = disk->is_dead);
    return is_dead;
}

bool faulty_disk_write_image(int number, const char *folder, uint64_t seed) {
    bool is_written;
    WITH_DISK(number, {
        if (!disk->is_dead) {
            disk->seed = seed;
            disk_cut(disk);
        }
        is_written = disk_write(disk, folder);
    });
    return is_written;
}

/// What a sync without SQLite makes durable, or SQLite's sync of a folder.
static void note_sync(int descriptor) {
    char name[64], path[PATH_MAX];
    snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(name, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    pthread_mutex_lock(&disk_mutex);
    for (int number = 0; number < maximum_disks; number++) {
        Disk *disk = &disks[number];
        if (!disk->is_mounted || disk->is_dead) continue;
        if (strcmp(path, disk->folder) == 0) disk_sync_folder(disk);
        for (Record *record = disk->records; record != NULL; record = record->next) {
            if (!record->is_removed && strcmp(path, record->path) == 0) record_sync(record);
        }
    }
    pthread_mutex_unlock(&disk_mutex);
}

// Stand before the C library's functions in a test's executable, for the program's own syncs and names and SQLite's syncs of folders.

int fsync(int descriptor) {
    note_sync(descriptor);
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
    note_sync(descriptor);
    return (int)syscall(SYS_fdatasync, descriptor);
}

int rename(const char *from, const char *to) {
    const int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    const int code = errno;
    char *const path = result == 0 ? realpath(to, NULL) : NULL;
    if (path != NULL) {
        // Within one folder, as the gallery does it.
        char before[PATH_MAX];
        const char *const name = strrchr(from, '/');
        snprintf(before, sizeof before, "%.*s/%s", (int)(strrchr(path, '/') - path), path, name != NULL ? name + 1 : from);
        pthread_mutex_lock(&disk_mutex);
        Disk *disk = disk_of(path);
        if (disk != NULL && !disk->is_dead) {
            disk_rename(disk, before, path);
            disk_change(disk);
        }
        pthread_mutex_unlock(&disk_mutex);
        free(path);
    }
    errno = code;
    return result;
}
