// SPDX-License-Identifier: Apache-2.0
#include "DiskRecord.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

pthread_mutex_t disk_mutex = PTHREAD_MUTEX_INITIALIZER;

/// What a disk writes at once, whole or not at all or, when it loses its power in the middle of it, its beginning.
static const uint64_t sector = 512;

/// SplitMix64.
static uint64_t next_random(Disk *disk) {
    uint64_t mixed = disk->seed += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
}

static bool is_chosen(Disk *disk, unsigned percent) { return next_random(disk) % 100 < percent; }

static void resize(Content *content, size_t count, int filler) {
    if (count > content->count) {
        content->bytes = realloc(content->bytes, count);
        memset(content->bytes + content->count, filler, count - content->count);
    }
    content->count = count;
}

static void put(Content *content, const uint8_t *bytes, size_t count, uint64_t offset, int filler) {
    if (offset + count > content->count) resize(content, offset + count, filler);
    memcpy(content->bytes + offset, bytes, count);
}

static Content copy(Content content) {
    Content result = {0};
    if (content.count > 0) put(&result, content.bytes, content.count, 0, 0);
    return result;
}

static void forget_changes(Record *record) {
    for (Change *change = record->first; change != NULL;) {
        Change *next = change->next;
        free(change->bytes);
        free(change);
        change = next;
    }
    record->first = NULL;
    record->last = &record->first;
}

static void forget_records(Record **list, bool only_removed) {
    for (Record **place = list; *place != NULL;) {
        Record *record = *place;
        if (only_removed && !record->is_removed) {
            place = &record->next;
            continue;
        }
        *place = record->next;
        forget_changes(record);
        free(record->durable.bytes);
        free(record->path);
        free(record);
    }
}

static Record *add(Record **list, const char *path) {
    Record *record = calloc(1, sizeof *record);
    record->path = strdup(path);
    record->last = &record->first;
    record->next = *list;
    *list = record;
    return record;
}

Record *disk_record(Disk *disk, const char *path) {
    for (Record *record = disk->records; record != NULL; record = record->next) {
        if (!record->is_removed && strcmp(record->path, path) == 0) return record;
    }
    return add(&disk->records, path);
}

static void append(Record *record, uint8_t *bytes, size_t count, uint64_t offset) {
    Change *change = calloc(1, sizeof *change);
    change->bytes = bytes;
    change->count = count;
    change->offset = offset;
    *record->last = change;
    record->last = &change->next;
}

void record_write(Record *record, const void *bytes, size_t count, uint64_t offset) {
    if (count == 0) return;
    uint8_t *kept = malloc(count);
    memcpy(kept, bytes, count);
    append(record, kept, count, offset);
}

void record_truncate(Record *record, uint64_t size) { append(record, NULL, 0, size); }

void record_sync(Record *record) {
    for (Change *change = record->first; change != NULL; change = change->next) {
        if (change->bytes == NULL) resize(&record->durable, change->offset, 0);
        else put(&record->durable, change->bytes, change->count, change->offset, 0);
    }
    forget_changes(record);
}

void record_lose(Record *record) { forget_changes(record); }

void disk_rename(Disk *disk, const char *from, const char *to) {
    disk_remove(disk, to);
    for (Record *old = disk->records; old != NULL; old = old->next) {
        if (old->is_removed || strcmp(old->path, from) != 0) continue;
        Record *renamed = add(&disk->records, to);
        renamed->durable = copy(old->durable);
        for (const Change *change = old->first; change != NULL; change = change->next) {
            if (change->bytes == NULL) record_truncate(renamed, change->offset);
            else record_write(renamed, change->bytes, change->count, change->offset);
        }
        old->is_removed = true;
        return;
    }
}

void disk_remove(Disk *disk, const char *path) {
    for (Record *record = disk->records; record != NULL; record = record->next) {
        if (strcmp(record->path, path) == 0) record->is_removed = true;
    }
}

/// Notes what was removed without SQLite.
static void notice_removals(Disk *disk) {
    for (Record *record = disk->records; record != NULL; record = record->next) {
        if (!record->is_removed && access(record->path, F_OK) != 0) record->is_removed = true;
    }
}

void disk_sync_folder(Disk *disk) {
    notice_removals(disk);
    forget_records(&disk->records, true);
    for (Record *record = disk->records; record != NULL; record = record->next) record->is_named_durably = true;
}

/// Some of the sectors of what was written and not synced; each as it was after some of the writes.
static Content remains(Disk *disk, const Record *record) {
    Content content = copy(record->durable);
    const unsigned kept = (unsigned[]){0, 30, 70, 95, 100}[next_random(disk) % 5];
    // A file that has grown may show what was on the disk before.
    const int filler = is_chosen(disk, 30) ? 0xA5 : 0;
    for (const Change *change = record->first; change != NULL; change = change->next) {
        if (change->bytes == NULL) {
            if (is_chosen(disk, kept)) resize(&content, change->offset, filler);
            continue;
        }
        for (uint64_t start = change->offset, end = change->offset + change->count; start < end;) {
            uint64_t next = (start / sector + 1) * sector;
            if (next > end) next = end;
            size_t count = next - start;
            if (is_chosen(disk, 3)) count = next_random(disk) % (count + 1);
            if (is_chosen(disk, kept) && count > 0) put(&content, change->bytes + (start - change->offset), count, start, filler);
            start = next;
        }
    }
    return content;
}

void disk_cut(Disk *disk) {
    disk->is_dead = true;
    notice_removals(disk);
    forget_records(&disk->image, false);
    for (Record *record = disk->records; record != NULL; record = record->next) {
        // A file that was removed may be there still, one that was made may not be there yet.
        const bool is_sure = record->is_named_durably && !record->is_removed;
        if (!is_sure && (!(record->is_named_durably || !record->is_removed) || is_chosen(disk, 50))) continue;
        bool is_there = false;
        for (Record *other = disk->image; other != NULL; other = other->next) is_there |= strcmp(other->path, record->path) == 0;
        if (!is_there) add(&disk->image, record->path)->durable = remains(disk, record);
    }
}

bool disk_write(Disk *disk, const char *folder) {
    for (const Record *record = disk->image; record != NULL; record = record->next) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, strrchr(record->path, '/') + 1) < 0) return false;
        const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        free(path);
        if (descriptor < 0) return false;
        const bool is_written = write(descriptor, record->durable.bytes, record->durable.count) == (ssize_t)record->durable.count;
        close(descriptor);
        if (!is_written) return false;
    }
    return true;
}

void disk_forget(Disk *disk) {
    forget_records(&disk->records, false);
    forget_records(&disk->image, false);
    free(disk->folder);
    memset(disk, 0, sizeof *disk);
}
