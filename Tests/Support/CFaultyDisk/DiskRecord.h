// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes that grow.
typedef struct {
    uint8_t *bytes;
    size_t count;
} Content;

/// A write or a truncation that no sync has made durable.
typedef struct Change {
    struct Change *next;
    /// A truncation to `offset` where there are no bytes.
    uint8_t *bytes;
    uint64_t offset;
    size_t count;
} Change;

/// A file, also one that was removed where its removal is not durable.
typedef struct Record {
    struct Record *next;
    char *path;
    Content durable;
    Change *first, **last;
    bool is_named_durably;
    bool is_removed;
} Record;

typedef struct {
    bool is_mounted;
    /// Which of the process's disks it is.
    uint64_t mounting;
    char *folder;
    Record *records;
    uint64_t counts[6];
    unsigned failing;
    uint64_t failing_after, failing_times, failures;
    int failing_code;
    int64_t limit;
    uint64_t changes, cut_after, seed;
    bool is_to_be_cut, is_dead;
    /// What was on the disk when the power was cut: files with names and durable content alone.
    Record *image;
} Disk;

/// Held wherever a disk is read or changed.
extern pthread_mutex_t disk_mutex;

/// The disk that a path is on, or NULL.
Disk *disk_of(const char *path);

/// The record of a file that has its name, made if need be.
Record *disk_record(Disk *disk, const char *path);
void record_write(Record *record, const void *bytes, size_t count, uint64_t offset);
void record_truncate(Record *record, uint64_t size);
void record_sync(Record *record);
/// What was not durable never will be, though it is read.
void record_lose(Record *record);
/// Gives a file another name, which is durable with the next sync of the folder.
void disk_rename(Disk *disk, const char *from, const char *to);
/// Cuts the power, when it is time, at a change that is noted already, so that it may or may not be on the disk.
int disk_change(Disk *disk);
void disk_remove(Disk *disk, const char *path);
/// Makes the names in the folder durable as they are.
void disk_sync_folder(Disk *disk);
/// Decides what of the rest is on the disk.
void disk_cut(Disk *disk);
bool disk_write(Disk *disk, const char *folder);
/// Of all files together, in bytes.
int64_t disk_size(const Disk *disk);
/// Puts the VFS before the default one, once for the process.
void disk_install(void);
void disk_forget(Disk *disk);
