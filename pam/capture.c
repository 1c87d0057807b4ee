/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"

#include "deadline.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_NOT_BEGUN = 126, COMPLAINT = 256, REAP_MILLISECONDS = 1000 };

bool identity_of(struct identity *identity, const char *name, uid_t user, gid_t group) {
    identity->user = user;
    identity->group = group;
    identity->group_count = MAXIMUM_GROUPS;
    return getgrouplist(name, group, identity->groups, &identity->group_count) >= 0;
}

/* MARK: In the new process, where nothing may be called but what is safe in a signal handler: the program may have threads. */

static void complain(const char *what) {
    ssize_t ignored = write(STDERR_FILENO, what, strlen(what));
    (void) ignored;
}

static void close_from_3(void) {
    if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0) return;
    struct rlimit limit;
    int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int) limit.rlim_cur : 65536;
    for (int i = 3; i < end; i++) close(i);
}

static bool take_identity(const struct identity *identity) {
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;
    if (geteuid() != 0) {
        /* Nothing but itself, then, and nothing that it could go back to. */
        if (identity->user != geteuid()) return false;
    } else if (setgroups((size_t) identity->group_count, identity->groups) != 0) {
        return false;
    }
    /* Of a program that runs with another group than its user's, the user's own. */
    gid_t group = geteuid() == 0 ? identity->group : getgid();
    if (setresgid(group, group, group) != 0 || setresuid(identity->user, identity->user, identity->user) != 0) return false;
    return getresuid(&real, &effective, &saved) == 0 && getresgid(&real_group, &effective_group, &saved_group) == 0
           && real == identity->user && effective == identity->user && saved == identity->user && real_group == group
           && effective_group == group && saved_group == group;
}

/* Gives up what the program may do beside being that user, and what it has in its session's keyring. */
static bool give_up_privileges(void) {
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return false;
    /* Root keeps what root has. */
    if (geteuid() != 0) {
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
        if (syscall(SYS_capset, &header, none) != 0) return false;
    }
    /* Where a sandbox forbids it, it keeps the command from the keyring as well. */
    return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 || errno == ENOSYS || errno == EPERM;
}

/* Writes a file to the standard output. */
static int write_file(const char *path) {
    /* Without waiting for the other end of a pipe; O_NOFOLLOW is about the last part of the path. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        complain("the picture cannot be opened as that user, or is no regular file");
        return 1;
    }
    char bytes[1 << 14];
    for (;;) {
        ssize_t count = read(file, bytes, sizeof bytes);
        if (count == 0) return 0;
        if (count < 0) {
            if (errno == EINTR) continue;
            complain("the picture cannot be read");
            return 1;
        }
        for (ssize_t written = 0; written < count;) {
            ssize_t more = write(STDOUT_FILENO, bytes + written, (size_t) (count - written));
            if (more < 0 && errno != EINTR) return 1;
            if (more > 0) written += more;
        }
    }
}

static _Noreturn void become(const struct capture *capture, int output, int errors, int64_t deadline) {
    static char *const environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/", NULL };
    /* The program's handlers and its mask are not the command's. */
    struct sigaction usual = { .sa_handler = SIG_DFL };
    for (int signal = 1; signal <= SIGRTMAX; signal++) (void) sigaction(signal, &usual, NULL);
    sigset_t none;
    sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);

    /* Away from 0 to 2, where a program that has closed its own may have got them. */
    int input = open("/dev/null", O_RDWR | O_CLOEXEC);
    output = fcntl(output, F_DUPFD_CLOEXEC, 3);
    errors = fcntl(errors, F_DUPFD_CLOEXEC, 3);
    input = input < 0 ? -1 : fcntl(input, F_DUPFD_CLOEXEC, 3);
    if (input < 0 || output < 0 || errors < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0)
        _exit(STATUS_NOT_BEGUN);
    close_from_3();
    umask(077);
    rlim_t seconds = (rlim_t) clock_left(deadline) / 1000 + 1;
    (void) setrlimit(RLIMIT_CPU, &(struct rlimit) { .rlim_cur = seconds, .rlim_max = seconds + 1 });
    (void) setrlimit(RLIMIT_CORE, &(struct rlimit) { 0, 0 });
    /* A session of its own has no terminal: what is typed there is not the command's to read, nor the shell's to be told. */
    if (setsid() < 0 || !take_identity(capture->identity) || !give_up_privileges() || chdir("/") != 0
        || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        complain("it cannot run as that user");
        _exit(STATUS_NOT_BEGUN);
    }
    if (capture->command == NULL) _exit(write_file(capture->picture));
    execve(capture->command[0], capture->command, environment);
    complain("it cannot be executed");
    _exit(STATUS_NOT_BEGUN);
}

/* MARK: In the program. */

struct running {
    pid_t process;
    int output, errors;
    char complaint[COMPLAINT];
    size_t complaint_length;
};

static void close_all(int *descriptors, int count) {
    for (int i = 0; i < count; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
}

static bool begin(struct running *running, const struct capture *capture, int64_t deadline, struct why *why) {
    int pipes[4] = { -1, -1, -1, -1 };
    if (pipe2(pipes, O_CLOEXEC) != 0 || pipe2(pipes + 2, O_CLOEXEC) != 0) {
        because(why, "no pipe to the capture command: %s", strerrordesc_np(errno));
        close_all(pipes, 4);
        return false;
    }
    running->process = fork();
    if (running->process == 0) become(capture, pipes[1], pipes[3], deadline);
    int code = errno;
    close_all((int[]) { pipes[1], pipes[3] }, 2);
    if (running->process < 0) {
        because(why, "no process for the capture command: %s", strerrordesc_np(code));
        close_all((int[]) { pipes[0], pipes[2] }, 2);
        return false;
    }
    running->output = pipes[0];
    running->errors = pipes[2];
    (void) fcntl(running->output, F_SETFL, O_NONBLOCK);
    (void) fcntl(running->errors, F_SETFL, O_NONBLOCK);
    return true;
}

/* Keeps the beginning of what the command complains of, and passes over the rest. */
static void hear(struct running *running) {
    char bytes[512];
    ssize_t count = read(running->errors, bytes, sizeof bytes);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        close(running->errors);
        running->errors = -1;
        return;
    }
    for (ssize_t i = 0; i < count && running->complaint_length + 1 < COMPLAINT; i++) {
        char byte = bytes[i];
        running->complaint[running->complaint_length++] = byte >= 0x20 && byte < 0x7F ? byte : ' ';
    }
}

/* Kills the process and its group, and takes its status; -1 where the program has taken that itself. */
static int end(struct running *running) {
    (void) kill(-running->process, SIGKILL);
    (void) kill(running->process, SIGKILL);
    int64_t deadline = clock_now() + REAP_MILLISECONDS;
    for (;;) {
        int status;
        pid_t process = waitpid(running->process, &status, WNOHANG);
        if (process == running->process) return status;
        if (process < 0 && errno != EINTR) return -1;
        /* One that the kernel does not let go is not waited for. */
        if (clock_left(deadline) == 0) return -1;
        poll(NULL, 0, 2);
    }
}

enum outcome { OUTCOME_FRAMES, OUTCOME_END, OUTCOME_WRONG, OUTCOME_TOO_LARGE, OUTCOME_LATE, OUTCOME_CANCELLED, OUTCOME_FAILED };

static enum outcome read_all(struct running *running, const struct capture *capture, int64_t deadline, struct captured *captured) {
    struct splitter splitter = { .state = SPLIT_AT_START };
    for (;;) {
        int left = clock_left(deadline);
        if (left == 0) return OUTCOME_LATE;
        struct pollfd wanted[] = { { .fd = running->output, .events = POLLIN },
                                   { .fd = running->errors, .events = POLLIN },
                                   { .fd = capture->cancel != NULL ? *capture->cancel : -1, .events = POLLIN } };
        if (poll(wanted, 3, left) < 0 && errno != EINTR && errno != EAGAIN) return OUTCOME_FAILED;
        if (wanted[2].revents != 0) return OUTCOME_CANCELLED;
        if (wanted[1].revents != 0) hear(running);
        if (wanted[0].revents == 0) continue;
        if (captured->length == MAXIMUM_CAPTURE) return OUTCOME_TOO_LARGE;
        ssize_t count = read(running->output, captured->data + captured->length, MAXIMUM_CAPTURE - captured->length);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count < 0) return OUTCOME_FAILED;
        if (count == 0) return OUTCOME_END;
        captured->length += (size_t) count;
        enum split split = splitter_feed(&splitter, captured->data, captured->length, capture->frames);
        captured->frames = splitter.frames;
        if (split == SPLIT_IS_WRONG) return OUTCOME_WRONG;
        if (split == SPLIT_HAS_ALL) return OUTCOME_FRAMES;
    }
}

bool capture_run(const struct capture *capture, int64_t deadline, struct captured *captured, struct why *why) {
    *captured = (struct captured) { .data = malloc(MAXIMUM_CAPTURE) };
    struct running running = { .process = -1, .output = -1, .errors = -1 };
    if (captured->data == NULL) {
        because(why, "no memory for pictures");
        return false;
    }
    if (!begin(&running, capture, deadline, why)) return false;
    enum outcome outcome = read_all(&running, capture, deadline, captured);
    /* A command whose output has ended is about to end itself, and its status is worth waiting for. */
    int status = -1;
    if (outcome == OUTCOME_END) {
        int64_t until = clock_now() + REAP_MILLISECONDS;
        if (until > deadline) until = deadline;
        siginfo_t information = { 0 };
        while (clock_left(until) > 0 && waitid(P_PID, (id_t) running.process, &information, WEXITED | WNOHANG | WNOWAIT) == 0
               && information.si_pid == 0)
            poll(NULL, 0, 2);
        if (running.errors >= 0) hear(&running);
    }
    status = end(&running);
    close_all((int[]) { running.output, running.errors }, 2);

    const char *name = capture->command != NULL ? capture->command[0] : capture->picture;
    const char *complaint = running.complaint_length > 0 ? running.complaint : "it said nothing";
    bool has_failed = status != -1 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    switch (outcome) {
    case OUTCOME_FRAMES: return true;
    case OUTCOME_END:
        if (has_failed && WIFEXITED(status)) because(why, "%s ended with status %d: %s", name, WEXITSTATUS(status), complaint);
        else if (has_failed) because(why, "%s was ended by signal %d: %s", name, WTERMSIG(status), complaint);
        else if (captured->frames.count == 0) because(why, "%s made no whole picture: %s", name, complaint);
        else return true;
        return false;
    case OUTCOME_WRONG: because(why, "what %s made is neither JPEG nor PNG", name); return false;
    case OUTCOME_TOO_LARGE: because(why, "%s made more than %d bytes", name, MAXIMUM_CAPTURE); return false;
    case OUTCOME_LATE: because(why, "%s took too long: %s", name, complaint); return false;
    case OUTCOME_CANCELLED:
        captured->is_cancelled = true;
        because(why, "%s was interrupted", name);
        return false;
    case OUTCOME_FAILED: break;
    }
    because(why, "reading from %s: %s", name, strerrordesc_np(errno));
    return false;
}

void captured_free(struct captured *captured) {
    if (captured->data != NULL) explicit_bzero(captured->data, captured->length);
    free(captured->data);
    *captured = (struct captured) { 0 };
}
