# SPDX-License-Identifier: Apache-2.0
"""Where a daemon is looked for, as the command `enroll` does."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from typing import List, Mapping, Optional, Tuple

from ._trust import Problem, SocketFile, TrustedUsers

SYSTEM = "/run/likeness/likeness.sock"


@dataclass(frozen=True)
class Place:
    """The socket of one daemon."""

    path: str
    #: Where a daemon of this user was looked for in vain before.
    absent: Tuple[str, ...] = ()


def find(named: Optional[str], trusted: TrustedUsers, environment: Mapping[str, str] = os.environ) -> Place:
    """The socket that was named, by the caller or by `LIKENESS_SOCKET`; or that of a daemon of this user; or the system's."""
    named = named or environment.get("LIKENESS_SOCKET")
    if named:
        return Place(named)
    own = users_own(environment, os.geteuid())
    for path in own:
        if _is_theirs(path, trusted):
            return Place(path)
    return Place(SYSTEM, tuple(own))


def users_own(environment: Mapping[str, str], user: int) -> List[str]:
    """Where a user's own daemon can have its socket, the likeliest first. A variable that holds no absolute path is
    ignored, and so is an `XDG_RUNTIME_DIR` that is another's or that others can look into."""

    def absolute(variable: str) -> Optional[str]:
        value = environment.get(variable, "")
        return value if value.startswith("/") else None

    home = absolute("HOME")
    data = absolute("XDG_DATA_HOME") or (home and home + "/.local/share")
    if not data:
        return []
    state = absolute("XDG_STATE_HOME") or (home and home + "/.local/state") or data
    usual = f"/run/user/{user}"
    runtime = absolute("XDG_RUNTIME_DIR")
    if runtime and not _is_private(runtime, user):
        runtime = None
    folders = [state, usual] if runtime is None else [runtime, state, usual]
    return [folder + "/likeness/likeness.sock" for folder in dict.fromkeys(folders)]


def _is_private(folder: str, user: int) -> bool:
    """Whether a folder is a user's alone, or not there yet. A link is none."""
    try:
        # With a slash at its end a link would be followed.
        found = os.lstat(folder.rstrip("/") or "/")
    except OSError as error:
        return error.errno == errno.ENOENT
    return stat.S_ISDIR(found.st_mode) and found.st_uid == user and found.st_mode & 0o077 == 0


def _is_theirs(path: str, trusted: TrustedUsers) -> bool:
    """Whether a daemon's socket is there that is this user's, or something that this user should see to."""
    try:
        SocketFile(path, trusted).close()
    except Problem as problem:
        return problem.is_users_own
    return True
