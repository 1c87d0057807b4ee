# SPDX-License-Identifier: Apache-2.0
"""Whose daemon, and whose configuration, the module believes."""

import os
import socket
import threading
from typing import Optional

from .host import (
    SUCCESS, UNAVAILABLE, USER, Case, FakeDaemon, Host, answering, needs_root, needs_tools, verified)


@needs_tools
class SocketTests(Case):
    def fails(self, path: str, *, camera: bool = False) -> None:
        with Host(path) as host:
            os.chmod(host.folder, 0o755)
            witness = host.write("witness", b"", 0o666)
            host.configure(capture=host.script(f"echo taken >{witness}; cat {host.path('usual.jpg')}"))
            outcome = host.run()
            self.expect(outcome, UNAVAILABLE)
            self.assertLess(outcome.seconds, 1)
            # The camera stays off, too.
            self.assertEqual(os.path.getsize(witness) > 0, camera)

    def test_a_daemon_that_is_away_is_known_before_a_picture_is_taken(self) -> None:
        self.fails("/no/such/socket")
        with Host("/x") as host:
            self.fails(host.path("absent"))
            self.fails(host.write("file", b""))
            self.fails(host.folder)
            path = host.path("nobody")
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(path)
                self.fails(path)
            self.fails(path)
            self.fails(host.path("x" * 300))

    def test_a_daemon_that_takes_no_connection_is_given_up_in_time(self) -> None:
        with FakeDaemon(answering(verified()), backlog=0) as daemon, Host(daemon.path, timeout_seconds=1) as host:
            held = []
            for _ in range(8):
                connection = socket.socket(socket.AF_UNIX)
                connection.setblocking(False)
                held.append(connection)
                try:
                    connection.connect(daemon.path)
                except BlockingIOError:
                    break
            outcome = host.run()
            self.expect(outcome, UNAVAILABLE)
            self.assertGreater(outcome.seconds, 0.9)
            self.assertLess(outcome.seconds, 2)
            for connection in held:
                connection.close()
            daemon.accept()

    def test_a_socket_where_others_could_have_put_theirs_is_not_talked_to(self) -> None:
        with FakeDaemon(answering(verified())) as daemon:
            for mode in [0o777, 0o775, 0o1777]:
                os.chmod(daemon.folder, mode)
                self.fails(daemon.path)
            os.chmod(daemon.folder, 0o755)
            link = daemon.folder + "/link"
            os.symlink(daemon.path, link)
            self.fails(link)
            os.unlink(link)
            os.symlink(daemon.folder, link)
            self.fails(link + "/socket")
            self.fails(daemon.folder + "/../" + daemon.path.split("/")[-2] + "/socket")
            self.assertEqual(daemon.connections, 0)
            with Host(daemon.path) as host:
                self.expect(host.run(), SUCCESS)

    @needs_root
    def test_a_socket_or_a_folder_of_another_user_is_not_talked_to(self) -> None:
        with FakeDaemon(answering(verified())) as daemon:
            os.chown(daemon.path, USER.pw_uid, -1)
            self.fails(daemon.path)
            os.chown(daemon.path, 0, -1)
            os.chown(daemon.folder, USER.pw_uid, -1)
            self.fails(daemon.path)
            self.assertEqual(daemon.connections, 0)
            os.chown(daemon.folder, 0, -1)

    @needs_root
    def test_another_users_program_behind_a_good_socket_gets_no_call(self) -> None:
        with Host("/x") as place:
            path = place.path("socket")
            received: Optional[bytes] = None

            def listen() -> None:
                nonlocal received
                connection, _ = listener.accept()
                with connection:
                    received = connection.recv(1)

            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(path)
                os.seteuid(USER.pw_uid)
                try:
                    # Whose it is, is kept by the kernel here.
                    listener.listen()
                finally:
                    os.seteuid(0)
                thread = threading.Thread(target=listen)
                thread.start()
                self.fails(path)
                thread.join(10)
            self.assertEqual(received, b"")


@needs_tools
class ConfigurationTests(Case):
    def test_what_is_wrong_with_the_configuration_lets_nobody_in(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            good = f'capture = ["/bin/cat", "{host.path("usual.jpg")}"]\ncapture_user = "{"nobody" if os.geteuid() == 0 else USER.pw_name}"\n'
            for text in [
                good, "# a comment\n\n" + good.replace("\n", " # behind it\r\n"), good.replace('", "', '" # x\n ,\n "').replace('"]', '",\n]'),
                good.replace('"', "'"), good[:-1], "\t" + good,
            ]:
                with self.subTest(text):
                    host.write("pam.toml", text.encode())
                    self.expect(host.run(), SUCCESS)
            calls = len(daemon.calls)
            for text in [
                "", "x", good + "unknown = 1\n", good + "[table]\n", good + good, good + "timeout_seconds = 0\n", good + "timeout_seconds = 61\n",
                good + "timeout_seconds = 010\n", good + "timeout_seconds = 99999999999\n", good + 'timeout_seconds = "5"\n', good + "frames = 6\n",
                good + "frames = 0\n", good + 'services = "sudo"\n', good + "services = [sudo]\n", good + 'services = ["a" "b"]\n',
                good + 'services = ["a"\n', good + 'services = [,]\n', good + 'socket = "relative"\n', good + 'socket = "/a\\n"\n',
                good + 'socket = "/a\n', good + 'picture = "/x"\n', good.split("\n")[0] + "\n", good.split("\n")[1] + "\n",
                good.replace("/bin/cat", "cat"), good.replace('capture = ["', 'capture = "'), good + "\0", good + "#\0\n", "frames 5\n" + good,
                "FRAMES = 5\n" + good, 'capture = []\ncapture_user = "nobody"\n', good.replace('"nobody"', '""').replace(f'"{USER.pw_name}"', '""'),
                'services = [' + '"x",' * 65 + "]\n" + good, "#" * 20_000 + "\n" + good, good + "frames = 1 2\n",
            ]:
                with self.subTest(text[:300]):
                    host.write("pam.toml", text.encode())
                    self.expect(host.run(), UNAVAILABLE)
            self.assertEqual(len(daemon.calls), calls)

    def test_a_configuration_that_others_could_have_written_is_not_used(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            path = host.path("pam.toml")
            for mode in [0o664, 0o646, 0o666]:
                os.chmod(path, mode)
                self.expect(host.run(), UNAVAILABLE)
            os.chmod(path, 0o644)
            os.chmod(host.folder, 0o777)
            self.expect(host.run(), UNAVAILABLE)
            os.chmod(host.folder, 0o755)
            os.rename(path, path + "2")
            self.expect(host.run(), UNAVAILABLE)
            os.symlink(path + "2", path)
            self.expect(host.run(), UNAVAILABLE)
            os.unlink(path)
            os.mkfifo(path, 0o644)
            self.expect(host.run(), UNAVAILABLE)
            os.unlink(path)
            os.mkdir(path)
            self.expect(host.run(), UNAVAILABLE)
            self.assertEqual(daemon.calls, [])

    @needs_root
    def test_a_configuration_of_another_user_is_not_used(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            os.chown(host.path("pam.toml"), USER.pw_uid, -1)
            self.expect(host.run(), UNAVAILABLE)

    def test_arguments_that_are_not_known_let_nobody_in(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            for argument in ["timeout=3", "timeout=60"]:
                host.stack("auth required {module} {arguments} " + argument)
                self.expect(host.run(), SUCCESS)
            for argument in ["timeout=", "timeout=0", "timeout=61", "timeout=1s", "timeout=-1", "timeout=+1", "debug", "config=x", "socket=", "nullok"]:
                with self.subTest(argument):
                    host.stack("auth required {module} {arguments} " + argument)
                    self.expect(host.run(), UNAVAILABLE)


@needs_tools
class TimeoutTests(Case):
    def test_the_argument_comes_before_the_setting(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path, timeout_seconds=20) as host:
            host.configure(timeout_seconds=20, capture=["/bin/sleep", "20"])
            host.stack("auth required {module} {arguments} timeout=1")
            outcome = host.run()
            self.expect(outcome, UNAVAILABLE)
            self.assertLess(outcome.seconds, 2)
