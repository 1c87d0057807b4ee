# SPDX-License-Identifier: Apache-2.0
"""Which daemon is asked, and whether it is believed."""

import os
import socket
import tempfile
import unittest
from unittest import mock

import likeness
from likeness import Client, DaemonNotTrusted, DaemonUnavailable
from likeness import _place, _trust
from likeness._trust import TrustedUsers

from .fake import FakeDaemon, answering

IS_ROOT = os.geteuid() == 0
NOBODY = 65534


class PlaceTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.trusted = TrustedUsers()

    def own(self, **environment: str) -> "list[str]":
        return _place.users_own(environment, 7)

    def test_a_users_own_daemon_is_looked_for_where_the_xdg_specification_puts_it(self) -> None:
        socket_path = "/likeness/likeness.sock"
        run, home = os.path.join(self.home, "run"), self.home
        self.assertEqual(
            self.own(HOME=home, XDG_RUNTIME_DIR=run),
            [run + socket_path, home + "/.local/state" + socket_path, "/run/user/7" + socket_path])
        # Without one, or with one that others can look into.
        others = [home + "/.local/state" + socket_path, "/run/user/7" + socket_path]
        self.assertEqual(self.own(HOME=home), others)
        self.assertEqual(self.own(HOME=home, XDG_RUNTIME_DIR="run"), others)
        os.mkdir(run, 0o755)
        self.assertEqual(self.own(HOME=home, XDG_RUNTIME_DIR=run), others)
        os.chmod(run, 0o700)
        link = os.path.join(home, "link")
        os.symlink(run, link)
        me = os.geteuid()
        with mock.patch("os.geteuid", return_value=me):
            self.assertEqual(_place.users_own({"HOME": home, "XDG_RUNTIME_DIR": run + "/"}, me)[0], run + "/" + socket_path)
            self.assertEqual(_place.users_own({"HOME": home, "XDG_RUNTIME_DIR": link + "/"}, me)[0], others[0])
        self.assertEqual(self.own(HOME=home, XDG_STATE_HOME="/state")[0], "/state" + socket_path)
        self.assertEqual(self.own(XDG_DATA_HOME="/data")[0], "/data" + socket_path)
        self.assertEqual(self.own(), [])
        self.assertEqual(self.own(HOME="relative"), [])

    def test_the_socket_that_is_named_comes_first_then_ones_own_then_the_systems(self) -> None:
        environment = {"HOME": self.home, "LIKENESS_SOCKET": "/named"}
        self.assertEqual(_place.find("/given", self.trusted, environment).path, "/given")
        self.assertEqual(_place.find(None, self.trusted, environment).path, "/named")
        environment["LIKENESS_SOCKET"] = ""
        place = _place.find(None, self.trusted, environment)
        self.assertEqual((place.path, len(place.absent)), (_place.SYSTEM, 2))
        path = os.path.join(self.home, ".local/state/likeness/likeness.sock")
        os.makedirs(os.path.dirname(path), 0o700)
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path)
        self.assertEqual(_place.find(None, self.trusted, environment), _place.Place(path))
        # Something that the user has to see to is not passed over.
        os.chmod(os.path.dirname(path), 0o777)
        self.assertEqual(_place.find(None, self.trusted, environment).path, path)

    def test_what_was_looked_for_in_vain_is_said(self) -> None:
        if os.path.exists(_place.SYSTEM):
            self.skipTest("the system has a daemon")
        with mock.patch.dict(os.environ, {"HOME": self.home + "/" + "a" * 120}, clear=True):
            with self.assertRaisesRegex(DaemonUnavailable, r"none of yours at .* too long for a socket, and /run/user/"):
                Client().status()


class TrustTests(unittest.TestCase):
    def setUp(self) -> None:
        daemon = FakeDaemon(answering({"identities": []}))
        daemon.__enter__()
        self.addCleanup(daemon.__exit__)
        self.folder, self.path = daemon.folder, daemon.path

    def refusal(self, path: str, **options: object) -> str:
        with self.assertRaises(DaemonNotTrusted) as caught:
            Client(path, **options).list()  # type: ignore[arg-type]
        self.assertIn(f"the daemon at {path} is not asked", str(caught.exception))
        return str(caught.exception)

    def test_a_daemon_of_ones_own_is_asked_by_any_path_to_it(self) -> None:
        Client(self.path).list()
        before = os.getcwd()
        try:
            os.chdir(self.folder)
            Client("socket").list()
            Client(".//./socket").list()
            Client("../" + os.path.basename(self.folder) + "/socket").list()
        finally:
            os.chdir(before)

    def test_a_link_on_the_way_is_followed_and_one_at_the_end_is_not(self) -> None:
        inner = os.path.join(self.folder, "a")
        os.mkdir(inner, 0o700)
        os.mkdir(inner + "/b", 0o700)
        os.rename(self.path, inner + "/b/socket")
        os.symlink(inner, os.path.join(self.folder, "absolute"))
        os.symlink("absolute", os.path.join(self.folder, "relative"))
        Client(self.folder + "/relative/b/socket").list()
        os.symlink(inner + "/b/socket", inner + "/b/link")
        self.assertIn("symbolic link", self.refusal(inner + "/b/link"))
        os.symlink(inner + "/b", inner + "/folder")
        self.assertIn("symbolic link", self.refusal(inner + "/folder/socket"))
        os.symlink("loop", os.path.join(self.folder, "loop"))
        with self.assertRaisesRegex(DaemonUnavailable, "[Ll]evels of symbolic links"):
            Client(self.folder + "/loop/b/socket").list()

    def test_a_folder_that_others_can_write_to_is_refused(self) -> None:
        for mode in (0o777, 0o770, 0o1777):
            os.chmod(self.folder, mode)
            words = self.refusal(self.path)
            self.assertIn(f"its mode is {mode:o}", words)
            self.assertEqual("chmod go-w it" in words, mode != 0o1777)
        inner = os.path.join(self.folder, "inner")
        os.mkdir(inner, 0o700)
        os.rename(self.path, inner + "/socket")
        os.chmod(self.folder, 0o777)
        self.refusal(inner + "/socket")
        # As /tmp is.
        os.chmod(self.folder, 0o1777)
        Client(inner + "/socket").list()

    def test_what_is_no_socket_is_said(self) -> None:
        file = os.path.join(self.folder, "file")
        open(file, "w").close()
        inner = os.path.join(self.folder, "folder")
        os.mkdir(inner, 0o700)
        for path, words in (
            (file, "that is no socket"), (inner, "that is no socket"), (file + "/socket", "no such socket"),
            (self.folder + "/none", "no such socket"), ("/" + "a" * 200, "has 201 bytes, and a socket's may have 107"),
            ("a\0b", "no path"),
        ):
            with self.subTest(path), self.assertRaisesRegex(DaemonUnavailable, words):
                Client(path).list()

    def test_a_program_of_another_user_is_not_believed(self) -> None:
        with mock.patch("likeness._trust.struct.unpack", return_value=(1, 4242, 4242)):
            self.assertIn("the program that answers there is user 4242's", self.refusal(self.path))
            Client(self.path, daemon_user=4242).list()
            Client(self.path, daemon_user="4242").list()
            with mock.patch.dict(os.environ, {"LIKENESS_DAEMON_USER": "4242"}):
                Client(self.path).list()

    @unittest.skipUnless(IS_ROOT, "only root can give files away")
    def test_a_socket_or_a_folder_of_another_user_is_not_believed(self) -> None:
        os.chown(self.path, NOBODY, NOBODY)
        self.assertIn("belongs to nobody", self.refusal(self.path))
        Client(self.path, daemon_user="nobody").list()
        os.chown(self.path, 0, 0)
        os.chown(self.folder, NOBODY, NOBODY)
        self.assertIn(f"{self.folder} belongs to nobody", self.refusal(self.path))
        Client(self.path, daemon_user=NOBODY).list()

    @unittest.skipUnless(IS_ROOT, "only root can become another user")
    def test_the_kernel_says_who_answers(self) -> None:
        path = os.path.join(self.folder, "theirs")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(path)
                os.setresuid(NOBODY, NOBODY, NOBODY)
                listener.listen()
                os.write(writer, b"x")
                connection, _ = listener.accept()
                # Nothing comes.
                os.write(writer, b"0" if not connection.recv(1) else b"1")
            finally:
                os._exit(0)
        try:
            os.read(reader, 1)
            self.assertIn("the program that answers there is nobody's", self.refusal(path))
            self.assertEqual(os.read(reader, 1), b"0")
        finally:
            os.waitpid(child, 0)
            os.close(reader)
            os.close(writer)

    @unittest.skipUnless(IS_ROOT, "only root can become another user")
    def test_a_socket_that_this_user_may_not_use_is_said(self) -> None:
        os.chmod(self.folder, 0o755)
        os.chmod(self.path, 0o600)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setresuid(NOBODY, NOBODY, NOBODY)
                Client(self.path).list()
            except likeness.LikenessError as error:
                os.write(writer, f"{type(error).__name__}: {error}".encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self.assertRegex(os.read(reader, 4096).decode(), "^DaemonUnavailable: .*permission to the socket is denied")
        os.close(reader)
        os.close(writer)

    def test_the_users_who_are_believed_are_named_or_numbered(self) -> None:
        self.assertIn(0, TrustedUsers().numbers)
        self.assertIn(os.geteuid(), TrustedUsers().numbers)
        self.assertIn(12345, TrustedUsers("12345").numbers)
        self.assertIn(0, TrustedUsers("root").numbers)
        self.assertIn(12345, TrustedUsers("0" * 30 + "12345").numbers)
        self.assertIn((1 << 32) - 2, TrustedUsers((1 << 32) - 2).numbers)
        for name in ("", "²", "no such user", "\0", "-1", "4294967295", "4294967296", "9" * 20, "9" * 5000):
            with self.subTest(name), self.assertRaisesRegex(ValueError, "there is no user"):
                TrustedUsers(name)
        self.assertIsNone(_trust._user_number("no such user"))


if __name__ == "__main__":
    unittest.main()
