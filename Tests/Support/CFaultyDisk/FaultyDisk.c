#include "CFaultyDisk.h"
#include "DiskRecord.h"
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { maximum_disks = 64 };
static Disk disks[maximum_disks];
/// Where files are that SQLite has open still when their disk is gone.
static Disk nowhere;
static uint64_t mountings;

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

Disk *disk_of(const char *path) {
    for (int number = 0; number < maximum_disks; number++) {
        const Disk *disk = &disks[number];
        const size_t length = disk->is_mounted ? strlen(disk->folder) : 0;
        if (length > 0 && strncmp(path, disk->folder, length) == 0 && path[length] == '/') return &disks[number];
    }
    return NULL;
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

/// Cuts the power, when it is time, at a change that is noted already, so that it may or may not be on the disk.
static int change(Disk *disk) {
    if (!disk->is_to_be_cut || disk->is_dead || disk->changes++ < disk->cut_after) return SQLITE_OK;
    disk_cut(disk);
    return SQLITE_IOERR;
}

static int64_t size_of_all(const Disk *disk) {
    int64_t size = 0;
    for (const Record *record = disk->records; record != NULL; record = record->next) {
        struct stat status;
        if (!record->is_removed && stat(record->path, &status) == 0) size += status.st_size;
    }
    return size;
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
            const int64_t room = disk->limit - size_of_all(disk), wanted = offset + written - size;
            if (wanted > room) {
                written = (int)(room > 0 ? written - (wanted - room) : written - wanted);
                if (written < 0) written = 0;
                code = SQLITE_FULL;
                disk->failures++;
            }
        }
        record_write(disk_record(disk, ((File *)file)->path), bytes, (size_t)written, (uint64_t)offset);
        if (code == SQLITE_OK) code = change(disk);
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
        code = change(disk);
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
        else if ((code = change(disk)) == SQLITE_OK) record_sync(record);
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
        code = change(disk);
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
        code = change(disk);
    }
    pthread_mutex_unlock(&disk_mutex);
    return code != SQLITE_OK ? code : usual->xDelete(usual, path, sync_folder);
}

static sqlite3_vfs faulty;

/// Puts the VFS before the default one, once for the process.
static void install(void) {
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

int faulty_disk_mount(const char *folder) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
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
    WITH_DISK(number, disk->limit = bytes < 0 ? -1 : size_of_all(disk) + bytes);
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

// Stand before the C library's functions in a test's executable, for the program's own syncs and SQLite's of folders.

int fsync(int descriptor) {
    note_sync(descriptor);
    return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
    note_sync(descriptor);
    return (int)syscall(SYS_fdatasync, descriptor);
}
