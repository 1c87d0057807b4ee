# SPDX-License-Identifier: Apache-2.0
"""The programs of docs/clients.md, against a real daemon, where their tools are there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from typing import Dict, List

import likeness

from . import CHECKOUT, ROOT
from .daemon import SOCKET, face, needs_daemon


def programs() -> "List[tuple[str, str]]":
    """The language and the text of each."""
    text = (CHECKOUT / "docs" / "clients.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def compiles(*arguments: str) -> bool:
    return shutil.which(arguments[0]) is not None and subprocess.run(arguments, capture_output=True).returncode == 0


@needs_daemon
class DocumentedTests(unittest.TestCase):
    name = "documented"

    @classmethod
    def setUpClass(cls) -> None:
        with likeness.Client(SOCKET) as client:
            for number in (1, 3, 5):
                client.enroll(identity=cls.name, image=face(3, number))

    @classmethod
    def tearDownClass(cls) -> None:
        with likeness.Client(SOCKET) as client:
            client.remove(identity=cls.name)

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def program(self, language: str, part: str = "") -> str:
        """The file of the only program in a language that has this part."""
        (text,) = [text for found, text in programs() if found == language and part in text]
        path = os.path.join(self.folder, f"verify.{language}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def decides(self, *command: str) -> None:
        environment: Dict[str, str] = {
            **os.environ, "LIKENESS_SOCKET": SOCKET, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

        def run(name: str, photograph: str) -> "subprocess.CompletedProcess[str]":
            return subprocess.run(
                [*command, name, photograph], env=environment, capture_output=True, text=True, timeout=120)

        empty = os.path.join(self.folder, "empty.png")
        open(empty, "wb").close()
        for name, photograph, status, words in (
            (self.name, face(3, 2), 0, "match: score"), (self.name, face(4, 2), 1, "no match: score"),
            ("nobody", face(3, 2), 70, "no identity is enrolled"), (self.name, empty, 70, "is empty"),
        ):
            result = run(name, photograph)
            self.assertEqual(result.returncode, status, result.stdout + result.stderr)
            self.assertIn(words, result.stdout + result.stderr)
        self.assertNotIn(run(self.name, "/nonexistent").returncode, (0, 1, 2))
        without = subprocess.run([*command, self.name], env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(without.returncode, 64, without.stdout + without.stderr)
        self.assertIn("usage: ", without.stderr)
        environment["LIKENESS_SOCKET"] = os.path.join(self.folder, "none")
        self.assertNotIn(run(self.name, face(3, 2)).returncode, (0, 1, 2))

    def test_python(self) -> None:
        self.decides(sys.executable, self.program("python"))

    def test_c_with_libsystemd(self) -> None:
        if not compiles("pkg-config", "--atleast-version=257", "libsystemd") or not shutil.which("cc"):
            self.skipTest("no C compiler, or a libsystemd before 257")
        program = os.path.join(self.folder, "verify")
        made = subprocess.run(
            ["cc", "-Wall", "-Wextra", "-Werror", self.program("c", "sd-varlink.h"), "-o", program, "-lsystemd"],
            capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.decides(program)

    def test_c_with_a_plain_socket(self) -> None:
        if not compiles("pkg-config", "--exists", "json-c") or not shutil.which("cc"):
            self.skipTest("no C compiler, or no json-c")
        program = os.path.join(self.folder, "verify")
        made = subprocess.run(
            ["cc", "-Wall", "-Wextra", "-Werror", self.program("c", "json-c"), "-o", program, "-ljson-c"],
            capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.decides(program)

    def test_go(self) -> None:
        if not shutil.which("go"):
            self.skipTest("no Go")
        program = os.path.join(self.folder, "verify")
        made = subprocess.run(
            ["go", "build", "-o", program, self.program("go")], capture_output=True, text=True,
            env={**os.environ, "GOCACHE": os.environ.get("GOCACHE", os.path.join(self.folder, "cache")), "GOFLAGS": "-mod=mod"})
        self.assertEqual(made.returncode, 0, made.stderr)
        self.decides(program)

    def test_shell(self) -> None:
        for tool in ("bash", "socat", "jq", "base64"):
            if not shutil.which(tool):
                self.skipTest(f"no {tool}")
        self.decides("bash", self.program("bash"))


if __name__ == "__main__":
    unittest.main()
