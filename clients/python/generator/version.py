# SPDX-License-Identifier: Apache-2.0
"""The version of a checkout."""

from __future__ import annotations

import re
from pathlib import Path

PLACE = Path("Sources") / "LikenessInterface" / "LikenessVersion.swift"


class VersionError(Exception):
    """No version is stated where it should be."""


def version(checkout: Path) -> str:
    """What LikenessVersion.swift states. Raises VersionError, which names the file, and OSError."""
    source = checkout / PLACE
    found = re.search(r'static let current = "([0-9A-Za-z.+-]+)"', source.read_text(encoding="utf-8"))
    if not found:
        raise VersionError(f"{source} states no version")
    return found.group(1)
