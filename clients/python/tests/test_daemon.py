# SPDX-License-Identifier: Apache-2.0
"""The client, against a real daemon with real networks."""

import concurrent.futures
import hashlib
import pathlib
import textwrap
import time
import unittest

import likeness
from likeness import Client, Result

from . import CHECKOUT, ROOT
from .daemon import OTHER_MODEL, SOCKET, face, needs_daemon, needs_other_model


@needs_daemon
class DaemonTests(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Client(SOCKET)
        self.addCleanup(self.client.close)
        self.addCleanup(self.forget)

    def forget(self) -> None:
        with Client(SOCKET) as client:
            for identity in client.list().identities:
                client.remove(identity=identity.name)

    def enroll(self, name: str, person: int, *numbers: int) -> None:
        for number in numbers:
            self.client.enroll(identity=name, image=face(person, number))

    def test_its_interfaces_are_those_that_this_client_is_made_of(self) -> None:
        info = self.client.get_info()
        self.assertEqual(info.version, likeness.__version__)
        files = [*CHECKOUT.glob("Sources/LikenessInterface/Interfaces/*.varlink"), *ROOT.glob("generator/*.varlink")]
        self.assertEqual(sorted(info.interfaces), sorted(path.stem for path in files))
        for path in files:
            told = self.client.get_interface_description(interface=path.stem).description
            self.assertEqual(textwrap.dedent(told).strip(), path.read_text(encoding="utf-8").strip())

    def test_a_person_is_enrolled_verified_identified_and_removed(self) -> None:
        for number in (1, 3, 5):
            added = self.client.enroll(identity="Zoë", image=face(3, number))
        self.assertEqual((added.sample, added.samples, added.warnings), (3, 3, []))
        own = self.client.verify(identity="Zoë", image=pathlib.Path(face(3, 2)), operating_point=1e-3)
        self.assertIs(own.result, Result.match)
        assert own.distance is not None and own.score is not None and own.threshold is not None
        self.assertGreaterEqual(own.score, own.threshold)
        with open(face(4, 2), "rb") as other:
            self.assertIs(self.client.verify(identity="Zoë", image=other.read()).result, Result.no_match)
        known = self.client.identify(image=face(3, 7), modality=likeness.Modality.face, limit=3)
        self.assertEqual((known.result, [c.identity for c in known.candidates]), (Result.match, ["Zoë"]))
        described = self.client.describe(identity="Zoë")
        self.assertEqual(described.identity.modality, "face")
        self.assertEqual([sample.number for sample in described.samples], [1, 2, 3])
        self.assertEqual((described.samples[0].width, described.samples[0].height), (92, 112))
        self.assertEqual(self.client.remove(identity="Zoë", sample=2).remaining, 2)
        self.assertEqual(self.client.remove(identity="Zoë").removed, 2)
        self.assertEqual(self.client.list().identities, [])

    def test_errors_are_those_of_the_interface(self) -> None:
        with self.assertRaises(likeness.NoSuchIdentity) as absent:
            self.client.verify(identity="nobody", image=face(1, 1))
        self.assertEqual(absent.exception.identity, "nobody")
        with self.assertRaises(likeness.ImageRejected) as rejected:
            self.client.enroll(identity="a", image=b"GIF89a")
        self.assertEqual(rejected.exception.cause, "unsupported_format")
        with self.assertRaises(likeness.InvalidName):
            self.client.describe(identity="a\0")
        with self.assertRaises(likeness.NoSuchOperatingPoint) as rate:
            self.enroll("a", 1, 1)
            self.client.verify(identity="a", image=face(1, 2), operating_point=0.4)
        self.assertGreater(len(rate.exception.available), 1)
        with self.assertRaises(likeness.InvalidParameter) as limit:
            self.client.identify(image=face(1, 1), limit=0)
        self.assertEqual(limit.exception.parameter, "limit")
        with self.assertRaises(likeness.ModalityMismatch):
            self.client.enroll(identity="b", image=face(1, 1), modality="glyph")
        with self.assertRaises(likeness.NoSuchModel):
            self.client.rotate_model(model="none of this name")
        with self.assertRaises(likeness.NoRotation):
            self.client.cancel_rotation()
        with self.assertRaises(likeness.MethodNotFound) as method:
            self.client.call("io.likeness.Verification.Nothing")
        self.assertEqual(method.exception.method, "io.likeness.Verification.Nothing")
        with self.assertRaises(likeness.ExpectedMore):
            self.client.call("io.likeness.Admin.Backup")

    def test_a_file_that_is_too_large_is_refused_by_the_daemon_or_here(self) -> None:
        with self.assertRaises(likeness.ImageRejected) as rejected:
            self.client.enroll(identity="a", image=bytes(66 << 20))
        self.assertEqual(rejected.exception.cause, "file_too_large")
        with self.assertRaisesRegex(ValueError, "the call has"):
            self.client.enroll(identity="a", image=bytes(73 << 20))
        # The daemon says so before it has all of it.
        with self.assertRaises(likeness.InvalidParameter):
            Client(SOCKET, maximum_message_bytes=200 << 20).enroll(identity="a", image=bytes(100 << 20))

    def test_lists_and_logs_come_in_pages(self) -> None:
        for person in (1, 2, 3):
            self.enroll(f"person {person}", person, 1)
        pages = list(self.client.list_more())
        self.assertEqual([i.name for page in pages for i in page.identities], ["person 1", "person 2", "person 3"])
        entries = [entry for page in self.client.audit_more() for entry in page.entries]
        self.assertEqual([entry.number for entry in entries], list(range(1, len(entries) + 1)))
        self.assertEqual(entries[-1].identity, "person 3")
        self.assertTrue(self.client.verify_audit().intact)
        checked = list(self.client.check_gallery_more())
        self.assertEqual((checked[-1].damaged, checked[-1].done), (0, checked[-1].total))

    def test_a_gallery_is_exported_and_imported_again(self) -> None:
        for person in (1, 2):
            self.enroll(f"person {person}", person, 1, 2)
        exported = [reply.identity for reply in self.client.export_gallery() if reply.identity is not None]
        self.assertEqual([len(identity.samples) for identity in exported], [2, 2])
        image = exported[0].samples[0].image
        assert image is not None
        self.assertEqual(image[1:4], b"PNG")
        values = exported[0].samples[0].embeddings[0].values
        self.assertEqual(len(values), 4 * self.client.list_models().models[0].embedding_size)
        with self.assertRaises(likeness.IdentityExists):
            self.client.import_identity(identity=exported[0])
        self.assertEqual(self.client.import_identity(identity=exported[0], skip_existing=True).result, "skipped")
        self.client.remove(identity="person 1")
        self.assertIs(
            self.client.import_identity(identity=exported[0]).result, likeness.ImportIdentityResult.imported)
        again = [reply.identity for reply in self.client.export_gallery() if reply.identity is not None]
        self.assertEqual(again[0].samples[0].embeddings, exported[0].samples[0].embeddings)

    def test_a_stream_that_is_left_early_lets_others_go_on(self) -> None:
        self.enroll("a", 1, 1)
        for _ in range(20):
            with self.client.export_gallery() as replies:
                next(replies)
        # One backup is sent at a time: the daemon gives up the one that was left.
        for _ in range(5):
            for _ in self.client.backup():
                break
            deadline = time.monotonic() + 20
            while True:
                try:
                    parts = list(self.client.backup())
                    break
                except likeness.Busy:
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.01)
            copy = b"".join(part.chunk for part in parts)
            self.assertEqual(len(copy), parts[-1].total)
            self.assertEqual(hashlib.sha256(copy).hexdigest(), parts[-1].sha256)
            self.assertEqual(copy[:15], b"SQLite format 3")

    def test_several_threads_ask_at_once(self) -> None:
        for person in range(1, 5):
            self.enroll(f"person {person}", person, 1, 2)

        def verify(number: int) -> bool:
            person, claimed = 1 + number % 4, 1 + number // 4 % 4
            answer = self.client.verify(identity=f"person {claimed}", image=face(person, 3))
            return (answer.result is Result.match) == (person == claimed)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            right = list(pool.map(verify, range(16)))
        self.assertGreaterEqual(sum(right), 15)

    def test_status_is_of_this_daemon(self) -> None:
        status = self.client.status()
        self.assertIs(status.state, likeness.StatusState.running)
        self.assertEqual(status.models[0].modality, likeness.Modality.face)
        self.assertGreater(status.resident_bytes, 1 << 20)
        assert status.attempts is not None
        self.assertEqual(status.attempts.locked, [])

    @needs_other_model
    def test_a_rotation_is_followed_to_its_end_and_rolled_back(self) -> None:
        for person in (1, 2, 3):
            self.enroll(f"person {person}", person, 1, 2, 3)
        rotations = [reply.rotation for reply in self.client.rotate_model_more(model=OTHER_MODEL, max_drop=1)]
        self.assertIs(rotations[-1].phase, likeness.RotationPhase.activated)
        assert rotations[-1].from_ is not None and rotations[-1].report is not None
        self.assertNotEqual(rotations[-1].from_.digest, rotations[-1].to.digest)
        self.assertEqual(rotations[-1].report.embedded, 9)
        status = self.client.rotation_status()
        self.assertEqual([g.state for g in status.generations if g.samples], ["retired", "active"])
        back = self.client.rollback()
        self.assertEqual(back.active.model, rotations[-1].from_)
        self.assertEqual(self.client.prune_generations().generations, 1)


if __name__ == "__main__":
    unittest.main()
