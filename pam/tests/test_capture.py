# SPDX-License-Identifier: Apache-2.0
"""How the module comes by its pictures."""

import ctypes
import fcntl
import os
import pty
import pwd
import signal
import subprocess
import termios
import time
import unittest
from pathlib import Path

from .host import (
    CAPTURE_USER, SUCCESS, UNAVAILABLE, USER, Case, FakeDaemon, Host, answering, jpeg, needs_root, needs_tools, png, verified)


def images(daemon: FakeDaemon) -> int:
    return len(daemon.calls[0]["parameters"]["images"])


def is_running(text: str) -> bool:
    """Whether there is a process whose arguments hold this."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if text.encode() in entry.read_bytes():
                return True
        except OSError:
            pass
    return False


@needs_tools
class CaptureTests(Case):
    def fails(self, command: object, *, within: float = 1.5, picture: object = None, timeout: int = 5) -> None:
        """Expects that no call is made."""
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            if callable(command):
                command = command(host)
            host.configure(capture=command, picture=picture, timeout_seconds=timeout)
            outcome = host.run()
            self.expect(outcome, UNAVAILABLE)
            self.assertLess(outcome.seconds, within)
            self.assertEqual(daemon.calls, [])

    def test_without_a_usable_picture_nobody_is_asked(self) -> None:
        self.fails(["/bin/true"])
        self.fails(["/bin/false"])
        self.fails(["/no/such/program"])
        self.fails(["/etc/passwd"])
        self.fails(["/bin"])
        self.fails(["/bin/echo", "no camera"])
        self.fails(["/usr/bin/head", "-c", "100", "/dev/zero"])
        self.fails(lambda host: ["/bin/cat", host.write("cut", jpeg()[:-1])])
        self.fails(lambda host: ["/bin/cat", host.write("cut", png()[:-1])])
        self.fails(lambda host: ["/bin/cat", host.write("odd", b"\xff\xd8\xff\xfe\x00\x01")])
        self.fails(lambda host: ["/bin/cat", host.write("odd", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff")])
        self.fails(lambda host: host.script(f"cat {host.write('good', jpeg())}; exit 3"))
        self.fails(lambda host: host.script(f"cat {host.write('good', jpeg())}; kill -9 $$"))

    def test_a_command_that_hangs_is_killed_with_what_it_began(self) -> None:
        mark = f"31{os.getpid()}"
        for script in [
            f"exec sleep {mark}", f"trap '' TERM INT HUP; sleep {mark} & sleep {mark}", f"sleep {mark} | sleep {mark}",
            f"exec >/dev/null 2>&1 </dev/null; sleep {mark}", f"kill -STOP $$; sleep {mark}",
        ]:
            with self.subTest(script):
                begun = time.monotonic()
                self.fails(lambda host: host.script(script), timeout=1, within=2.5)
                self.assertGreater(time.monotonic() - begun, 0.5)
                # What was killed with it takes a moment to go.
                until = time.monotonic() + 5
                while is_running(mark) and time.monotonic() < until:
                    time.sleep(0.05)
                self.assertFalse(is_running(mark))

    def test_a_command_that_writes_without_end_is_ended(self) -> None:
        self.fails(["/usr/bin/yes"])
        self.fails(lambda host: host.script(
            f"cat {host.write('begin', jpeg()[:-2])}; while :; do head -c 1000000 /dev/zero; done"), within=4)

    def test_as_many_pictures_are_taken_as_are_wanted_and_no_more_are_waited_for(self) -> None:
        for wanted, made, hangs in [(1, 3, True), (3, 3, True), (5, 9, True), (5, 2, False), (2, 1, False)]:
            with self.subTest(wanted=wanted, made=made), FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
                host.write("all", b"".join([jpeg(b"x" * 1000), png(b"y" * 1000)][number % 2] for number in range(made)))
                host.configure(
                    frames=wanted, capture=host.script(f"cat {host.path('all')}" + ("; exec sleep 60" if hangs else "")))
                outcome = host.run()
                self.expect(outcome, SUCCESS)
                self.assertLess(outcome.seconds, 2)
                self.assertEqual(images(daemon), min(wanted, made))

    def test_pictures_that_come_byte_by_byte_are_whole(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            host.write("all", jpeg() + png())
            host.configure(frames=2, capture=["/bin/dd", "bs=1", f"if={host.path('all')}", "status=none"])
            self.expect(host.run(), SUCCESS)
            self.assertEqual(images(daemon), 2)

    def test_a_command_has_nothing_of_the_programs(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            os.mkdir(host.path("open"))
            os.chmod(host.path("open"), 0o777)
            found = host.path("open/found")
            host.configure(capture=host.script(
                f"exec 9>{found}; id -u >&9; id -g >&9; id -G >&9; pwd >&9; env | sort | tr '\\n' ' ' >&9; echo >&9; "
                "grep -E '^(NoNewPrivs|SigBlk|SigIgn)' /proc/self/status | tr '\\n\\t' '  ' >&9; echo >&9; exec 9>&-; "
                f"ls /proc/self/fd | tr '\\n' ' ' >>{found}; readlink /proc/self/fd/0 >>{found}; cat {host.path('usual.jpg')}"))
            read, write = os.pipe()
            os.set_inheritable(read, True)

            def before() -> None:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
                os.dup2(read, 17)

            outcome = host.run(environment={"SECRET": "x", "BASH_ENV": "/nowhere"}, before=before)
            os.close(read)
            os.close(write)
            self.expect(outcome, SUCCESS)
            user, group, groups, folder, environment, status, descriptors, *_ = Path(found).read_text().split("\n")
            account = pwd.getpwnam(CAPTURE_USER)
            self.assertEqual((int(user), int(group), folder), (account.pw_uid, account.pw_gid, "/"))
            self.assertEqual(set(map(int, groups.split())), set(os.getgrouplist(CAPTURE_USER, account.pw_gid)))
            names = {entry.split("=")[0] for entry in environment.split() if "=" in entry}
            self.assertLessEqual(names, {"PATH", "LC_ALL", "HOME", "PWD", "SHLVL", "_", "OLDPWD"})
            self.assertIn("NoNewPrivs: 1", status)
            self.assertIn("SigBlk: 0000000000000000", status)
            # 32 and 33 are the C library's own.
            self.assertEqual(int(status.split("SigIgn: ")[1].split()[0], 16) & ~(3 << 31), 0, status)
            # 3 is that of ls, which looks at the folder.
            self.assertIn("0 1 2 3 /dev/null", descriptors)

    @needs_root
    def test_the_user_who_is_to_be_authenticated_can_be_the_one(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            private = host.write("private", jpeg(), 0o600)
            os.chown(private, USER.pw_uid, USER.pw_gid)
            host.configure(capture_user="%u", capture=["/bin/cat", private])
            self.expect(host.run(), SUCCESS)
            host.configure(capture_user=CAPTURE_USER, capture=["/bin/cat", private])
            self.expect(host.run(), UNAVAILABLE)
            host.configure(capture_user="%u", picture=private)
            self.expect(host.run(), SUCCESS)
            host.configure(capture_user=CAPTURE_USER, picture=private)
            self.expect(host.run(), UNAVAILABLE)
            host.configure(capture_user="no-such-user")
            self.expect(host.run(), UNAVAILABLE)

    def test_a_picture_is_a_regular_file(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            host.configure(picture=host.write("face.jpg", jpeg() + jpeg()))
            outcome = host.run()
            self.expect(outcome, SUCCESS)
            self.assertNotIn("Look at the camera", outcome.told)
            self.assertEqual(images(daemon), 2)
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            os.symlink(host.write("face.jpg", jpeg()), host.path("link"))
            os.mkfifo(host.path("pipe"))
            os.chmod(host.path("pipe"), 0o666)
            for path in ["/no/such/file", host.path("link"), host.path("pipe"), host.folder, "/dev/zero", "/dev/tty", host.write("empty", b"")]:
                with self.subTest(path):
                    host.configure(picture=path)
                    outcome = host.run()
                    self.expect(outcome, UNAVAILABLE)
                    self.assertLess(outcome.seconds, 1)
            with open(host.write("large", jpeg()[:-2]), "ab") as file:
                os.truncate(file.fileno(), 1 << 30)
            host.configure(picture=host.path("large"))
            self.expect(host.run(), UNAVAILABLE)
            self.assertEqual(daemon.calls, [])

    def test_a_program_without_open_files_or_that_reaps_its_children_is_served_too(self) -> None:
        def closed() -> None:
            for descriptor in range(3):
                os.close(descriptor)

        def ignoring() -> None:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

        for before in [closed, ignoring]:
            with self.subTest(before.__name__), FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
                self.assertEqual(host.run("authenticate(PAM_SILENT)", before=before).status, 0)

    def test_each_connection_is_closed(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            self.expect(host.run("authenticate", "authenticate", "authenticate", "authenticate"), SUCCESS)
            # Four calls on four connections, each of which was closed.
            self.assertEqual(len(daemon.calls), 4)
            daemon.wait()
            host.configure(capture=host.script(f"cat {host.path('usual.jpg')}; exit 1"))
            self.expect(host.run(), UNAVAILABLE)
            daemon.wait()


@needs_tools
class DescriptorTests(Case):
    @needs_root
    def test_a_program_has_as_many_open_files_after_it_as_before(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            open_files = host.write("open-files", b"")
            # Root looks at the parent, whose files are nobody else's to see, once it has closed its ends of the pipes.
            host.configure(capture_user="root", capture=host.script(
                f"sleep 0.3; ls /proc/$PPID/fd | wc -w >>{open_files}; cat {host.path('usual.jpg')}"))
            self.expect(host.run(*["authenticate"] * 5), SUCCESS)
            counts = Path(open_files).read_text().split()
            self.assertEqual(len(counts), 5)
            self.assertEqual(len(set(counts)), 1, counts)

    def keeps_from_command(self, before: object, script: str) -> None:
        """Expects that a script comes to nothing in a capture command, which does something in the program itself."""
        same = subprocess.run(["/bin/sh", "-c", script], preexec_fn=before, capture_output=True, text=True)  # type: ignore[call-overload]
        if same.returncode != 0:
            self.skipTest(f"there is nothing to keep from it here: {same.stderr}")
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            host.configure(capture=host.script(f"if {script}; then exit 9; fi; exec cat {host.write('good', jpeg())}"))
            self.expect(host.run(before=before), SUCCESS)  # type: ignore[arg-type]

    def test_the_terminal_of_the_program_is_not_the_commands(self) -> None:
        other, terminal = pty.openpty()

        def take_terminal() -> None:
            os.setsid()
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

        try:
            self.keeps_from_command(take_terminal, "(exec </dev/tty) 2>/dev/null")
        finally:
            os.close(other)
            os.close(terminal)

    @needs_root
    @unittest.skipUnless(os.uname().machine == "x86_64", "has the numbers of system calls of x86-64 alone")
    def test_the_keys_of_the_programs_session_are_not_the_commands(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        mark = f"likeness-test-{os.getpid()}"

        def join_and_add() -> None:
            # keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL) and add_key(2), by their numbers on x86-64: a key that its possessors see.
            libc.syscall(250, 1, None)
            libc.syscall(248, b"user", mark.encode(), b"secret", 6, -3)

        self.keeps_from_command(join_and_add, f"grep -q {mark} /proc/keys")
