# SPDX-License-Identifier: Apache-2.0
"""The version that what is generated states."""

import tempfile
import unittest
from pathlib import Path

import likeness
from generator.version import PLACE, VersionError, version

from . import CHECKOUT


class VersionTests(unittest.TestCase):
    def test_the_version_is_that_of_the_checkout(self) -> None:
        self.assertEqual(version(CHECKOUT), likeness.__version__)

    def test_a_checkout_without_a_version_is_said(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(FileNotFoundError):
                version(Path(folder))
            (Path(folder) / PLACE).parent.mkdir(parents=True)
            for text in ("", 'let current = "1.0"', 'static let current = "1 0"'):
                (Path(folder) / PLACE).write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(VersionError, "LikenessVersion.swift states no version"):
                    version(Path(folder))


if __name__ == "__main__":
    unittest.main()
