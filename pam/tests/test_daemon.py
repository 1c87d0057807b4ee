# SPDX-License-Identifier: Apache-2.0
"""The module and a real daemon, with photographs of real people. The daemon is the one that LIKENESS_TEST_SOCKET names, and runs as the
user of the tests."""

import base64
import os
import subprocess
import time
import unittest

from .host import FAILURE, IS_ROOT, SUCCESS, UNAVAILABLE, USER, CHECKOUT, Case, Host, Outcome, needs_tools, sys

sys.path.insert(0, str(CHECKOUT / "clients/python"))
import likeness  # noqa: E402

SOCKET = os.environ.get("LIKENESS_TEST_SOCKET", "")
FACES = os.environ.get("LIKENESS_TEST_FACES", "")
ENROLL = os.environ.get("LIKENESS_TEST_ENROLL", "")


def face(person: int, number: int) -> str:
    return os.path.join(FACES, f"s{person:02}", f"{number:02}.png")


@needs_tools
@unittest.skipUnless(SOCKET and FACES and ENROLL, "LIKENESS_TEST_SOCKET, _FACES and _ENROLL name no daemon, faces and command")
@unittest.skipUnless(IS_ROOT, "a daemon counts the failures of others than its own user: needs root")
class DaemonTests(Case):
    """The user of the tests is person 3 of the faces."""

    client: "likeness.Client"

    @classmethod
    def setUpClass(cls) -> None:
        cls.client = likeness.Client(SOCKET, timeout=60)
        for number in (1, 2, 3):
            cls.client.enroll(identity=USER.pw_name, image=face(3, number))

    @classmethod
    def tearDownClass(cls) -> None:
        cls.client.remove(identity=USER.pw_name)
        cls.client.close()

    def setUp(self) -> None:
        self.client.unlock(user=USER.pw_uid)

    def look(self, *pictures: str, expected: str, told: str = "") -> Outcome:
        with Host(SOCKET, timeout_seconds=30, frames=5) as host:
            data = b""
            for picture in pictures:
                with open(picture, "rb") as file:
                    data += file.read()
            host.configure(timeout_seconds=30, frames=5, capture=["/bin/cat", host.write("frames", data)])
            outcome = host.run("authenticate", "setcred") if expected == SUCCESS else host.run()
        self.expect(outcome, expected, told)
        print(f"{self.id().split('.')[-1]}: {outcome.seconds:.2f} s")
        return outcome

    def test_the_right_person_is_let_in(self) -> None:
        self.look(face(3, 4), expected=SUCCESS)
        self.look(face(3, 5), face(3, 6), face(3, 7), expected=SUCCESS)

    def test_another_person_is_not(self) -> None:
        self.look(face(7, 1), expected=FAILURE, told="You were not recognised.")

    def test_the_right_person_behind_another_is_not(self) -> None:
        self.look(face(7, 2), face(3, 4), face(3, 5), expected=FAILURE)

    def test_a_frame_without_a_face_costs_nothing(self) -> None:
        with Host(SOCKET) as host:
            blank = host.write("blank.png", base64.b64decode(BLANK))
            self.look(blank, expected=UNAVAILABLE, told="The camera saw no face.")
            self.look(blank, blank, face(3, 4), expected=SUCCESS)

    def test_after_five_failures_even_the_right_person_is_locked_out_until_somebody_unlocks(self) -> None:
        count = 0
        while count < 10:
            outcome = self.look(face(7, 3), expected=FAILURE)
            if "locked" in outcome.told:
                break
            # A delay after a failure is waited for, so that the next one is made.
            if "short time" in outcome.told:
                time.sleep(1)
                continue
            count += 1
        self.assertEqual(count, 5)
        self.look(face(3, 4), expected=FAILURE, told="face recognition is locked")
        subprocess.run([ENROLL, "unlock", "--user", USER.pw_name, "--socket", SOCKET], check=True, capture_output=True)
        self.look(face(3, 4), expected=SUCCESS)

    def test_who_is_not_enrolled_is_not_let_in(self) -> None:
        with Host(SOCKET, timeout_seconds=30) as host:
            host.configure(timeout_seconds=30, picture=face(3, 4), capture_user="root")
            self.expect(host.run(user="nobody"), UNAVAILABLE)
            self.expect(host.run(), SUCCESS)


#: 92 × 112 pixels of grey, without a face.
BLANK = "iVBORw0KGgoAAAANSUhEUgAAAFwAAABwCAAAAAC26kjJAAAAPUlEQVR42u3MMQEAAAzDoEqP9KnYBwJYjyaXy+VyuVwul8vlcrlcLpfL5XK5XC6Xy+VyuVwul8vlcrlcXgcnXSEtyiDnMAAAAABJRU5ErkJggg=="
