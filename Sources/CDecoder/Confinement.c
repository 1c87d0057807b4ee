// SPDX-License-Identifier: Apache-2.0
/* What a decoder may ask of the system from the moment on at which it is given strangers' files: memory, time, threads of
 * its own and its socket. A filter of prctl(2) and not of seccomp(2), which a sandbox around it may not allow. */
#include "CDecoder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the filter of system calls is written for x86_64 and aarch64"
#endif

#define CALL offsetof(struct seccomp_data, nr)
/* The lower half of an argument; both processors have it first. */
#define ARGUMENT(number) (offsetof(struct seccomp_data, args) + 8 * (number))
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW ANSWER(SECCOMP_RET_ALLOW)
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))
#define KILL ANSWER(SECCOMP_RET_KILL_PROCESS)
/* What follows the call, where it is this one. */
#define IF_CALL(name, statements) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, statements)
#define ALLOWED(name) IF_CALL(name, 1), ALLOW
#define REFUSED(name) IF_CALL(name, 1), REFUSE(EPERM)
/* Memory that is not to be executed. */
#define ALLOWED_AS_DATA(name) \
    IF_CALL(name, 4), LOAD(ARGUMENT(2)), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), KILL, ALLOW
#define ALLOWED_FOR(name, value) \
    IF_CALL(name, 4), LOAD(ARGUMENT(0)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0), KILL, ALLOW

/* Set before any thread is started, it holds for all of them. */
static int filter_calls(void) {
    struct sock_filter filter[] = {
        LOAD(offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        KILL,
        LOAD(CALL),
        ALLOWED(futex),
        ALLOWED(clock_gettime),
        ALLOWED(madvise),
        ALLOWED(munmap),
        ALLOWED(mremap),
        ALLOWED(brk),
        ALLOWED_AS_DATA(mmap),
        ALLOWED_AS_DATA(mprotect),
        ALLOWED_FOR(recvfrom, LIKENESS_DECODER_SOCKET),
        ALLOWED_FOR(sendto, LIKENESS_DECODER_SOCKET),
        ALLOWED_FOR(write, STDERR_FILENO),
        /* Threads, and no processes; clone3(2) keeps its flags where a filter cannot see them. */
        IF_CALL(clone, 4), LOAD(ARGUMENT(0)), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0), KILL, ALLOW,
        IF_CALL(clone3, 1), REFUSE(ENOSYS),
        ALLOWED(set_robust_list),
        ALLOWED(rseq),
        ALLOWED(sigaltstack),
        ALLOWED(rt_sigprocmask),
        ALLOWED(rt_sigreturn),
        ALLOWED(restart_syscall),
        ALLOWED(sched_yield),
        ALLOWED(sched_getaffinity),
        ALLOWED(clock_nanosleep),
        ALLOWED(nanosleep),
        ALLOWED(getpid),
        ALLOWED(gettid),
        ALLOWED(getrandom),
        ALLOWED(exit),
        ALLOWED(exit_group),
        /* abort(3) */
        ALLOWED_FOR(tgkill, (uint32_t)getpid()),
        /* What libraries ask for and do without. */
        REFUSED(openat),
        REFUSED(newfstatat),
        REFUSED(fstat),
        REFUSED(faccessat),
        REFUSED(readlinkat),
        REFUSED(ioctl),
        REFUSED(lseek),
        REFUSED(close),
        REFUSED(prctl),
        REFUSED(prlimit64),
        REFUSED(getrusage),
        REFUSED(sysinfo),
        REFUSED(uname),
        REFUSED(rt_sigaction),
        REFUSED(sched_setaffinity),
        REFUSED(sched_setscheduler),
        REFUSED(sched_getparam),
        REFUSED(sched_getscheduler),
        REFUSED(get_mempolicy),
        REFUSED(getcpu),
#if defined(__x86_64__)
        REFUSED(open),
        REFUSED(access),
        REFUSED(readlink),
        REFUSED(getrlimit),
#endif
        KILL,
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

static int set_limit(__rlimit_resource_t resource, rlim_t value) {
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    return prlimit(0, resource, &limit, NULL);
}

/* The bytes of the address space that are taken; 0 where the system does not say. */
static uint64_t address_space(void) {
    uint64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%lu", &pages) != 1) pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* When memory runs out, it is the decoder that goes; where that cannot be said, the kernel chooses. */
static void offer_for_memory(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (write(file, "1000", 4) < 0) { /* The kernel chooses. */ }
    close(file);
}

int likeness_decoder_confine(uint64_t memory, uint64_t *taken) {
    offer_for_memory();
    *taken = address_space();
    if (*taken == 0) {
        errno = ENODATA;
        return -1;
    }
    if (set_limit(RLIMIT_AS, *taken + memory) != 0 || set_limit(RLIMIT_CORE, 0) != 0 || set_limit(RLIMIT_FSIZE, 0) != 0
        || set_limit(RLIMIT_NOFILE, LIKENESS_DECODER_MEMORY + 1) != 0) {
        return -1;
    }
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -1;
    return filter_calls();
}
