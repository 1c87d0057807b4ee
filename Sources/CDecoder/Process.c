// SPDX-License-Identifier: Apache-2.0
#include "CDecoder.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Descriptors from here on are none of those that a decoder finds. */
enum { FREE_DESCRIPTORS = 16 };

int likeness_decoder_create_memory(size_t bytes) {
    int memory = memfd_create("likeness-pictures", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memory < 0) return -1;
    if (ftruncate(memory, (off_t)bytes) == 0
        && fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) {
        return memory;
    }
    int error = errno;
    close(memory);
    errno = error;
    return -1;
}

int likeness_decoder_create_sockets(int sockets[2]) { return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets); }

static int prepare(
    posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int socket, int memory) {
    int error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    /* What libraries say of a file is the file's to choose. */
    if (error == 0) error = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, socket, LIKENESS_DECODER_SOCKET);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, memory, LIKENESS_DECODER_MEMORY);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, LIKENESS_DECODER_MEMORY + 1);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    /* A signal from the terminal is the caller's to act upon: it ends the decoder. */
    if (error == 0) error = posix_spawnattr_setpgroup(attributes, 0);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) {
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    return error;
}

static int spawn(const char *path, const char *maximum_pixels, int socket, int memory, pid_t *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    char libraries[4096];
    const char *given = getenv("LD_LIBRARY_PATH");
    snprintf(libraries, sizeof libraries, "LD_LIBRARY_PATH=%s", given == NULL ? "" : given);
    /* Each further arena of the heap would take 64 MiB of the address space. */
    /* Swift's backtraces would be made by another program, which a decoder may not start. */
    char *environment[] = {"MALLOC_ARENA_MAX=1", "SWIFT_BACKTRACE=enable=no", given == NULL ? NULL : libraries, NULL};
    char *arguments[] = {"likeness-decode", (char *)maximum_pixels, NULL};
    error = prepare(&actions, &attributes, socket, memory);
    if (error == 0) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int likeness_decoder_start(const char *path, const char *maximum_pixels, int socket, int memory, pid_t *process) {
    /* Where one of them had the other's number, the first to be put in place would close the second. */
    int free_socket = fcntl(socket, F_DUPFD_CLOEXEC, FREE_DESCRIPTORS);
    if (free_socket < 0) return errno;
    int free_memory = fcntl(memory, F_DUPFD_CLOEXEC, FREE_DESCRIPTORS);
    int error = free_memory < 0 ? errno : spawn(path, maximum_pixels, free_socket, free_memory, process);
    close(free_socket);
    if (free_memory >= 0) close(free_memory);
    return error;
}

/* The soft limit alone, which can be raised again for the next picture. */
static void limit(pid_t process, __rlimit_resource_t resource, rlim_t value) {
    struct rlimit now;
    if (prlimit(process, resource, NULL, &now) != 0) return;
    struct rlimit next = {.rlim_cur = value > now.rlim_max ? now.rlim_max : value, .rlim_max = now.rlim_max};
    prlimit(process, resource, &next, NULL);
}

void likeness_decoder_limit_processor(pid_t process, uint64_t seconds) {
    clockid_t clock;
    struct timespec used = {0};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &used) != 0) return;
    limit(process, RLIMIT_CPU, (rlim_t)used.tv_sec + 1 + seconds);
}

void likeness_decoder_limit_memory(pid_t process, uint64_t bytes) { limit(process, RLIMIT_AS, bytes); }

int likeness_decoder_has_ended(pid_t process, int *status) {
    pid_t ended;
    do { ended = waitpid(process, status, WNOHANG); } while (ended < 0 && errno == EINTR);
    return ended == process ? 1 : ended == 0 ? 0 : -1;
}

void likeness_decoder_set_stop(void *memory, uint32_t stops) { __atomic_store_n((uint32_t *)memory, stops, __ATOMIC_RELAXED); }

uint32_t likeness_decoder_stops(const void *memory) { return __atomic_load_n((const uint32_t *)memory, __ATOMIC_RELAXED); }

void likeness_decoder_release(void *start, size_t bytes) { madvise(start, bytes, MADV_REMOVE); }

void likeness_decoder_trim(void) { malloc_trim(0); }

size_t likeness_decoder_taken_heap(void) { return mallinfo2().arena; }

size_t likeness_decoder_heap(void) {
    struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}
