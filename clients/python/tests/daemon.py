# SPDX-License-Identifier: Apache-2.0
"""The real daemon that tests may ask, as the environment says."""

import os
import unittest
from typing import Any, Callable

SOCKET = os.environ.get("LIKENESS_TEST_SOCKET", "")
FACES = os.environ.get("LIKENESS_TEST_FACES", "")
#: A model of faces beside the active one in the daemon's folder of models.
OTHER_MODEL = os.environ.get("LIKENESS_TEST_OTHER_MODEL", "")

needs_daemon: Callable[[Any], Any] = unittest.skipUnless(
    SOCKET and FACES, "LIKENESS_TEST_SOCKET and LIKENESS_TEST_FACES name no daemon and no faces")
needs_other_model: Callable[[Any], Any] = unittest.skipUnless(
    SOCKET and FACES and OTHER_MODEL, "LIKENESS_TEST_OTHER_MODEL names no model to rotate to")


def face(person: int, number: int) -> str:
    return os.path.join(FACES, f"s{person:02}", f"{number:02}.png")
