// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdbool.h>
#include <stdint.h>

// A disk below SQLite that fails, fills up and loses its power where a test says so.
//
// It is a VFS before the default one (https://www.sqlite.org/vfs.html) and touches only files in folders that are mounted as such
// disks. Of each file it keeps what is durable, as of its last sync, apart from what was written since; and of each folder
// which files' making and removal are durable. Functions take the number of a disk.

enum faulty_disk_operation {
    faulty_disk_read = 1,
    faulty_disk_write = 2,
    faulty_disk_sync = 4,
    faulty_disk_truncate = 8,
    faulty_disk_open = 16,
    faulty_disk_delete = 32,
};

/// Takes a folder for a disk whose files are durable as they are, and returns its number; -1 when there are too many disks.
int faulty_disk_mount(const char *folder);

/// What SQLite still has open goes on without a disk.
void faulty_disk_unmount(int disk);

/// How many operations of some kinds there were.
uint64_t faulty_disk_count(int disk, unsigned operations);

/// Fails operations of some kinds with a result code of SQLite's, or with a short read that is none (SQLITE_IOERR_SHORT_READ).
/// A write that fails has been made up to its middle; a sync that fails has lost what it should have made durable.
///
/// - after: how many of them succeed before.
/// - times: how many fail; 0 for all, until it is told otherwise.
void faulty_disk_fail(int disk, unsigned operations, uint64_t after, uint64_t times, int code);

/// How many operations have failed, since faulty_disk_fail.
uint64_t faulty_disk_failures(int disk);

/// Lets the files hold so many bytes together more than now and then fails writes with SQLITE_FULL; negative for no limit.
void faulty_disk_leave(int disk, int64_t bytes);

/// Stops everything at the operation that changes the disk after so many of them; what is on the disk then is kept.
void faulty_disk_cut_power(int disk, uint64_t after, uint64_t seed);

/// Whether the power was cut. From then on every operation fails.
bool faulty_disk_is_dead(int disk);

/// Writes what is on the disk after the power was cut, or is cut now, to a folder: what is durable, and of the rest what the seed says.
/// Returns false when that cannot be written.
bool faulty_disk_write_image(int disk, const char *folder, uint64_t seed);
