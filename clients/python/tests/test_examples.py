# SPDX-License-Identifier: Apache-2.0
"""The examples, as programs."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from typing import Dict, Optional

from likeness import Client

from . import ROOT
from .daemon import OTHER_MODEL, SOCKET, face, needs_daemon, needs_other_model
from .fake import Conversation, FakeDaemon

EXAMPLES = ROOT / "examples"


def run(example: str, *arguments: str, socket: Optional[str] = None) -> "subprocess.CompletedProcess[str]":
    environment: Dict[str, str] = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LIKENESS_SOCKET": socket or SOCKET}
    return subprocess.run(
        [sys.executable, str(EXAMPLES / example), *arguments], env=environment, capture_output=True, text=True, timeout=120)


class ExampleFailureTests(unittest.TestCase):
    def test_each_says_what_it_takes_and_that_no_daemon_is_there(self) -> None:
        examples = sorted(path.name for path in EXAMPLES.glob("*.py"))
        self.assertEqual(
            examples, ["enrol.py", "export_gallery.py", "follow_rotation.py", "list_gallery.py", "verify.py"])
        with tempfile.TemporaryDirectory() as folder:
            picture, socket = os.path.join(folder, "a.png"), os.path.join(folder, "none")
            open(picture, "w").close()
            for example, arguments in (
                ("enrol.py", ["alice", picture]), ("verify.py", ["alice", picture]), ("list_gallery.py", []),
                ("export_gallery.py", [os.path.join(folder, "out")]), ("follow_rotation.py", ["model"]),
            ):
                with self.subTest(example):
                    result = run(example, *arguments, socket=socket)
                    self.assertEqual(result.returncode, 70, result.stderr)
                    self.assertEqual(result.stderr.strip().split("\n")[-1], (
                        f"cannot reach a daemon at {socket}: there is no such socket; is likenessd running?"))
                    if arguments:
                        usage = run(example, socket=socket)
                        self.assertEqual(usage.returncode, 64)
                        self.assertIn(example, usage.stderr)

    def test_nothing_but_a_match_ends_verify_with_0(self) -> None:
        reply = {"identity": "a", "operating_point": 0.001, "model": "m", "generation": 1, "message": "words",
                 "measurements": [], "unacceptable": []}
        with tempfile.NamedTemporaryFile() as picture:
            for answer, status in (
                ({"parameters": {**reply, "result": "match"}}, 0), ({"parameters": {**reply, "result": "no_match"}}, 1),
                ({"parameters": {**reply, "result": "inconclusive"}}, 2), ({"parameters": {**reply, "result": "maybe"}}, 70),
                ({"parameters": {}}, 70), ({"error": "org.varlink.service.PermissionDenied"}, 70),
                ({"error": "io.likeness.Verification.TooManyAttempts",
                  "parameters": {"retry_after": 5, "locked": True, "message": "Wait"}}, 70),
            ):
                def script(conversation: Conversation) -> None:
                    conversation.call()
                    conversation.send(json.dumps(answer).encode() + b"\0")

                with self.subTest(answer), FakeDaemon(script) as daemon:
                    self.assertEqual(run("verify.py", "alice", picture.name, socket=daemon.path).returncode, status)
            self.assertEqual(run("verify.py", "alice", picture.name + "none").returncode, 70)


@needs_daemon
class ExampleTests(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(self.forget)

    def forget(self) -> None:
        with Client(SOCKET) as client:
            for identity in client.list().identities:
                client.remove(identity=identity.name)

    def test_enrolling_verifying_listing_and_exporting(self) -> None:
        added = run("enrol.py", "älice", face(5, 1), face(5, 2), face(5, 3))
        self.assertEqual((added.returncode, added.stderr), (0, ""))
        self.assertIn("sample 3 of älice", added.stdout)
        self.assertEqual(run("enrol.py", "bob", face(6, 1)).returncode, 0)
        refused = run("enrol.py", "bob", __file__, face(6, 2))
        self.assertEqual(refused.returncode, 65)
        self.assertIn("sample 2 of bob", refused.stdout)
        self.assertEqual(run("verify.py", "älice", face(5, 5)).returncode, 0)
        self.assertEqual(run("verify.py", "älice", face(6, 5)).returncode, 1)
        self.assertEqual(run("verify.py", "carol", face(6, 5)).returncode, 70)
        listed = run("list_gallery.py")
        self.assertEqual([line.split("\t")[:3] for line in listed.stdout.splitlines()], [
            ["bob", "face", "2"], ["älice", "face", "3"]])
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            exported = run("export_gallery.py", out)
            self.assertEqual(exported.returncode, 0, exported.stderr)
            self.assertEqual(sorted(os.listdir(out)), ["1", "2"])
            self.assertEqual(os.stat(out).st_mode & 0o777, 0o700)
            with open(os.path.join(out, "2", "identity.json"), encoding="utf-8") as file:
                self.assertEqual(json.load(file)["name"], "älice")
            # What the gallery keeps of a picture is a picture that it takes.
            self.assertEqual(run("verify.py", "älice", os.path.join(out, "2", "1.png")).returncode, 0)
            self.assertEqual(run("export_gallery.py", out).returncode, 70)

    @needs_other_model
    def test_a_rotation_is_followed(self) -> None:
        for person in (1, 2, 3):
            self.assertEqual(run("enrol.py", f"person {person}", face(person, 1), face(person, 2)).returncode, 0)
        trial = run("follow_rotation.py", OTHER_MODEL, "--dry-run")
        self.assertEqual(trial.returncode, 0, trial.stderr)
        self.assertIn("measured: 6 of 6", trial.stdout)
        unknown = run("follow_rotation.py", "none of this name")
        self.assertEqual(unknown.returncode, 70)


if __name__ == "__main__":
    unittest.main()
