# SPDX-License-Identifier: Apache-2.0
"""Makes sure whose daemon answers, before anything is sent to it: as the command `enroll` does.

The path is walked by descriptors. Nobody but those who are trusted may be able to put a socket there, or a folder on the way;
what is connected to is what was looked at; and the kernel says who listens.
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import socket
import stat
import struct
from typing import FrozenSet, List, Optional, Union

#: The user that the system's daemon runs as.
SERVICE_USER = "likeness"
#: What the kernel takes, less the zero at the end, unix(7).
MAXIMUM_PATH_BYTES = 107
_MAXIMUM_LINKS = 32


class Problem(Exception):
    """Why whatever is at a path is not talked to."""

    def __init__(
        self, reason: str, *, is_distrust: bool = False, is_users_own: bool = False, code: Optional[int] = None
    ) -> None:
        super().__init__(reason)
        #: Whether something is there that is not to be believed.
        self.is_distrust = is_distrust
        #: Whether it is something of this user that this user should see to.
        self.is_users_own = is_users_own
        self.code = code


class TrustedUsers:
    """Whose daemons are believed."""

    def __init__(self, named: Union[str, int, None] = None) -> None:
        """Those of this process, root, the system's daemon's, and one that is named or has this number.

        Raises ValueError where there is no such user.
        """
        self.numbers: FrozenSet[int] = frozenset({os.geteuid(), 0})
        service = _user_number(SERVICE_USER)
        if service is not None:
            self.numbers |= {service}
        if named is not None:
            text = str(named)
            number = _as_number(text)
            if number is None:
                number = _user_number(text)
            if number is None:
                raise ValueError(f"there is no user {named!r}; daemon_user takes a user's name or number")
            self.numbers |= {number}


class SocketFile:
    """A socket that lies where nobody but those who are trusted could have put it, held open."""

    def __init__(self, path: str, trusted: TrustedUsers) -> None:
        """Looks at every folder on the way, at the socket's own folder and at the socket. Raises Problem."""
        self._path = os.fsencode(path)
        self._trusted = trusted
        if len(self._path) > MAXIMUM_PATH_BYTES:
            raise Problem(
                f"its path has {len(self._path)} bytes, and a socket's may have {MAXIMUM_PATH_BYTES}; give the daemon and "
                "this client a shorter one"
            )
        if not self._path or b"\0" in self._path:
            raise Problem("that is no path")
        try:
            self._file = _Walk(self._path, trusted).end()
        except OSError as error:
            raise _of_system(error) from error

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> "SocketFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self) -> socket.socket:
        """A connected socket that does not block. Does not wait for a server whose queue is full, either: that is a Problem
        with the code EAGAIN."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.setblocking(False)
            try:
                connection.connect(f"/proc/self/fd/{self._file}")
            except FileNotFoundError:
                # Without /proc by the path, every folder of which was found to be in safe hands.
                connection.connect(self._path)
            # Who called listen(2): the daemon's user, or root where systemd holds the socket for it.
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("iII"))
            user = struct.unpack("iII", credentials)[1]
            if user not in self._trusted.numbers:
                raise Problem(f"the program that answers there is {_user_name(user)}'s, and {_WHOSE}", is_distrust=True)
            return connection
        except OSError as error:
            connection.close()
            raise _of_system(error) from error
        except BaseException:
            connection.close()
            raise


_WHOSE = (
    f"only a daemon of yours, root's or of the user {SERVICE_USER} is believed; if it is the right one, name its user with "
    "daemon_user or LIKENESS_DAEMON_USER"
)


class _Walk:
    """A way through folders by their descriptors."""

    def __init__(self, path: bytes, trusted: TrustedUsers) -> None:
        self._trusted = trusted
        if not path.startswith(b"/"):
            path = os.getcwdb() + b"/" + path
        self._names = _names(path)
        self._location = b""

    def end(self) -> int:
        """The descriptor of the socket at the end, which the caller closes."""
        links = 0
        folder = _open_root()
        try:
            self._check_folder(os.fstat(folder), is_last=len(self._names) == 1)
            while self._names:
                name = self._names.pop(0)
                entry = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
                keep = False
                try:
                    found = os.fstat(entry)
                    inside, self._location = self._location, self._location + b"/" + name
                    if stat.S_ISLNK(found.st_mode):
                        if len(self._names) < 2:
                            raise Problem(
                                f"{self._here} is a symbolic link, which is not followed; name the place it leads to",
                                is_distrust=True, is_users_own=True)
                        # Laid by one who could as well have made the folder.
                        self._require_owner(found)
                        links += 1
                        if links > _MAXIMUM_LINKS:
                            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
                        target = os.readlink(b"", dir_fd=entry)
                        self._names[:0] = _names(target)
                        self._location = inside
                        if target.startswith(b"/"):
                            os.close(folder)
                            folder = -1
                            folder = _open_root()
                            self._location = b""
                    elif stat.S_ISDIR(found.st_mode) and self._names:
                        self._check_folder(found, is_last=len(self._names) == 1)
                        os.close(folder)
                        folder = entry
                        keep = True
                    elif self._names:
                        raise Problem(_ABSENT)
                    elif stat.S_ISSOCK(found.st_mode):
                        self._require_owner(found)
                        keep = True
                        return entry
                    else:
                        break
                finally:
                    if not keep:
                        os.close(entry)
        finally:
            if folder >= 0:
                os.close(folder)
        raise Problem("that is no socket", is_users_own=True)

    @property
    def _here(self) -> str:
        return os.fsdecode(self._location) or "/"

    def _require_owner(self, found: os.stat_result) -> None:
        if found.st_uid not in self._trusted.numbers:
            raise Problem(f"{self._here} belongs to {_user_name(found.st_uid)}, and {_WHOSE}", is_distrust=True)

    def _check_folder(self, found: os.stat_result, is_last: bool) -> None:
        """`is_last`: whether the socket itself lies in it."""
        self._require_owner(found)
        mode = stat.S_IMODE(found.st_mode)
        if not mode & 0o022:
            return
        if not is_last:
            # In a folder such as /tmp nobody can move what is another's, and what is there is looked at in its turn.
            if mode & stat.S_ISVTX:
                return
            if not mode & 0o002 and _is_own_group(found.st_gid, found.st_uid):
                return
        advice = "have the socket in a folder of its own"
        if not mode & stat.S_ISVTX:
            advice = "chmod go-w it, or " + advice
        raise Problem(
            f"other users can write to {self._here} (its mode is {mode:o}), and could put a socket of theirs there; {advice}",
            is_distrust=True, is_users_own=True)


_ABSENT = "there is no such socket; is likenessd running?"


def _of_system(error: OSError) -> Problem:
    reasons = {
        errno.ENOENT: _ABSENT,
        errno.ENOTDIR: _ABSENT,
        errno.ECONNREFUSED: "nobody listens on the socket; is likenessd running?",
        errno.EACCES: "permission to the socket is denied; ask the administrator to add you to its group",
    }
    return Problem(reasons.get(error.errno or 0) or error.strerror or str(error), code=error.errno)


def _names(path: bytes) -> List[bytes]:
    return [name for name in path.split(b"/") if name not in (b"", b".")]


def _open_root() -> int:
    return os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)


def _as_number(text: str) -> Optional[int]:
    """The number of a user that a text states: of 32 bits, less the last, which stands for nobody."""
    digits = text.lstrip("0")
    if not (text.isascii() and text.isdigit() and len(digits) <= 10):
        return None
    number = int(digits or "0")
    return number if number < 0xFFFF_FFFF else None


def _user_number(name: str) -> Optional[int]:
    try:
        return pwd.getpwnam(name).pw_uid
    except (KeyError, ValueError):
        return None


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _is_own_group(group: int, user: int) -> bool:
    """Whether a group is its user's own, as most systems make one for each: called as the user is, with nobody else in it."""
    try:
        entry, own = pwd.getpwuid(user), grp.getgrgid(group)
    except KeyError:
        return False
    return entry.pw_gid == group and own.gr_name == entry.pw_name and set(own.gr_mem) <= {entry.pw_name}
