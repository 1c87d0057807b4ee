// SPDX-License-Identifier: Apache-2.0
#include "CFaultyDisk.h"
#include "DiskRecord.h"
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/// Where files are that SQLite has open still when their disk is gone.
static Disk nowhere;

/// A file of SQLite's on a disk, with the default VFS's own behind it.
typedef struct {
    sqlite3_file base;
    Disk *disk;
    uint64_t mounting;
    char *path;
    /// SQLite's own structure begins on 8 bytes.
    _Alignas(8) char real[];
} File;

static sqlite3_vfs *usual;
static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((File *)file)->real; }
static Disk *disk_below(sqlite3_file *file) {
    const File *own = (File *)file;
    return own->disk->mounting == own->mounting ? own->disk : &nowhere;
}

static int place(unsigned operation) { return __builtin_ctz(operation); }

/// Counts an operation. Returns the code that it is to fail with.
static int begin(Disk *disk, unsigned operation) {
    if (!disk->is_mounted) return SQLITE_OK;
    if (disk->is_dead) return operation == faulty_disk_open ? SQLITE_CANTOPEN : SQLITE_IOERR;
    disk->counts[place(operation)]++;
    if (!(disk->failing & operation)) return SQLITE_OK;
    if (disk->failing_after > 0) {
        disk->failing_after--;
        return SQLITE_OK;
    }
    disk->failures++;
    if (disk->failing_times > 0 && --disk->failing_times == 0) disk->failing = 0;
    return disk->failing_code;
}

int disk_change(Disk *disk) {
    if (!disk->is_to_be_cut || disk->is_dead || disk->changes++ < disk->cut_after) return SQLITE_OK;
    disk_cut(disk);
    return SQLITE_IOERR;
}

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    pthread_mutex_lock(&disk_mutex);
    const int code = begin(disk_below(file), faulty_disk_read);
    pthread_mutex_unlock(&disk_mutex);
    if (code == SQLITE_IOERR_SHORT_READ) memset(bytes, 0, (size_t)count);
    if (code != SQLITE_OK) return code;
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    pthread_mutex_lock(&disk_mutex);
    Disk *disk = disk_below(file);
    int code = begin(disk, faulty_disk_write), written = count;
    if (disk->is_mounted && !disk->is_dead) {
        if (code != SQLITE_OK) written = count / 2;
        sqlite3_int64 size = 0;
        real(file)->pMethods->xFileSize(real(file), &size);
        if (disk->limit >= 0 && offset + written > size) {
            const int64_t room = disk->limit - disk_size(disk), wanted = offset + written - size;
            if (wanted > room) {
                written = (int)(room > 0 ? written - (wanted - room) : written - wanted);
                if (written < 0) written = 0;
                code = SQLITE_FULL;
                disk->failures++;
            }
        }
        record_write(disk_record(disk, ((File *)file)->path), bytes, (size_t)written, (uint64_t)offset);
        if (code == SQLITE_OK) code = disk_change(disk);
    }
    const bool is_dead = disk->is_dead;
    pthread_mutex_unlock(&disk_mutex);
    if (is_dead) return SQLITE_IOERR;
    const int usual_code = written > 0 ? real(file)->pMethods->xWrite(real(file), bytes, written, offset) : SQLITE_OK;
    return code != SQLITE_OK ? code : usual_code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    pthread_mutex_lock(&disk_mutex);
    Disk *disk = disk_below(file);
    int code = begin(disk, faulty_disk_truncate);
    if (disk->is_mounted && code == SQLITE_OK) {
        record_truncate(disk_record(disk, ((File *)file)->path), (uint64_t)size);
        code = disk_change(disk);
    }
    pthread_mutex_unlock(&disk_mutex);
    return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int sync_file(sqlite3_file *file, int flags) {
    pthread_mutex_lock(&disk_mutex);
    Disk *disk = disk_below(file);
    int code = begin(disk, faulty_disk_sync);
    if (disk->is_mounted && !disk->is_dead) {
        Record *record = disk_record(disk, ((File *)file)->path);
        if (code != SQLITE_OK) record_lose(record);
        else if ((code = disk_change(disk)) == SQLITE_OK) record_sync(record);
    }
    pthread_mutex_unlock(&disk_mutex);
    return code != SQLITE_OK ? code : real(file)->pMethods->xSync(real(file), flags);
}

static int close_file(sqlite3_file *file) {
    const int code = real(file)->pMethods->xClose(real(file));
    free(((File *)file)->path);
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) { return real(file)->pMethods->xFileSize(real(file), size); }
static int lock_file(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }
static int unlock_file(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
static int check_lock(sqlite3_file *file, int *result) { return real(file)->pMethods->xCheckReservedLock(real(file), result); }
static int control_file(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int characteristics(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
static int map_shared(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}
static int lock_shared(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void order_shared(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int unmap_shared(sqlite3_file *file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

/// The second version: the third would map files into memory, past this.
static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = close_file, .xRead = read_file, .xWrite = write_file, .xTruncate = truncate_file, .xSync = sync_file,
    .xFileSize = file_size, .xLock = lock_file, .xUnlock = unlock_file, .xCheckReservedLock = check_lock,
    .xFileControl = control_file, .xSectorSize = sector_size, .xDeviceCharacteristics = characteristics, .xShmMap = map_shared,
    .xShmLock = lock_shared, .xShmBarrier = order_shared, .xShmUnmap = unmap_shared,
};

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *result) {
    pthread_mutex_lock(&disk_mutex);
    Disk *disk = path != NULL ? disk_of(path) : NULL;
    int code = disk != NULL ? begin(disk, faulty_disk_open) : SQLITE_OK;
    if (disk != NULL && code == SQLITE_OK && !(flags & SQLITE_OPEN_READONLY)) {
        disk_record(disk, path);
        code = disk_change(disk);
    }
    pthread_mutex_unlock(&disk_mutex);
    file->pMethods = NULL;
    if (code != SQLITE_OK) return code;
    if (disk == NULL) return usual->xOpen(usual, path, file, flags, result);
    File *own = (File *)file;
    code = usual->xOpen(usual, path, real(file), flags, result);
    if (real(file)->pMethods == NULL) return code;
    own->base.pMethods = &methods;
    own->disk = disk;
    own->mounting = disk->mounting;
    own->path = strdup(path);
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int sync_folder) {
    pthread_mutex_lock(&disk_mutex);
    Disk *disk = disk_of(path);
    int code = disk != NULL ? begin(disk, faulty_disk_delete) : SQLITE_OK;
    if (disk != NULL && code == SQLITE_OK) {
        disk_remove(disk, path);
        code = disk_change(disk);
    }
    pthread_mutex_unlock(&disk_mutex);
    return code != SQLITE_OK ? code : usual->xDelete(usual, path, sync_folder);
}

static sqlite3_vfs faulty;

void disk_install(void) {
    sqlite3_initialize();
    usual = sqlite3_vfs_find(NULL);
    faulty = *usual;
    faulty.zName = "faulty-disk";
    faulty.pNext = NULL;
    faulty.szOsFile = (int)sizeof(File) + usual->szOsFile;
    faulty.xOpen = open_file;
    faulty.xDelete = delete_file;
    sqlite3_vfs_register(&faulty, 1);
}
