# SPDX-License-Identifier: Apache-2.0
"""What calls raise.

    LikenessError
    ├── VarlinkError            the daemon answered with an error; each that an interface declares is a class below it
    ├── DaemonUnavailable       nothing could be asked: no daemon is there, or it does not let this user in
    ├── DaemonNotTrusted        nothing was asked: somebody else could be answering
    ├── ConnectionClosed        the connection ended before the answer was there
    │   └── CallNotTaken        and before the call was taken, twice: nothing has come of it
    ├── CallTimeout             the answer did not come in time; a TimeoutError, too
    └── BadReply                what came is no answer to the call

What is wrong with an argument is a TypeError or ValueError, a file that cannot be read an OSError; nothing is sent then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Dict, Mapping, Optional, Tuple, Type, TypeVar

if TYPE_CHECKING:
    from ._values import Field


class LikenessError(Exception):
    """Why a call has no answer."""


class DaemonUnavailable(LikenessError):
    """No daemon could be reached; the text says at which path, and why."""


class DaemonNotTrusted(LikenessError):
    """Something is at the path that could be another user's: only a daemon of the caller's own user, of root or of the
    user `likeness` is believed, unless the client was told of another."""


class ConnectionClosed(LikenessError):
    """The connection ended before the answer was there. Whether a change took effect is not known: ask the daemon."""


class CallNotTaken(ConnectionClosed):
    """The connection ended before the daemon had taken the call, twice: nothing has come of it."""


class CallTimeout(LikenessError, TimeoutError):
    """The answer did not come in time. Whether a change took effect is not known: ask the daemon."""


class BadReply(LikenessError):
    """What came is no answer to the call: no JSON, longer or deeper than allowed, a field that is missing or of another type, or a
    value of an enumeration that this package does not know. The daemon may be of a later version."""


class VarlinkError(LikenessError):
    """The daemon answered with an error: one of a class below this, or one that this package does not know."""

    # The qualified name of the error that a class is; empty where it is several.
    varlink_name: ClassVar[str] = ""

    #: The qualified name, as io.likeness.Verification.NoSuchIdentity.
    name: str
    #: As they came, with those that this package does not know.
    parameters: Dict[str, Any]
    #: What was wrong and what to do, for a person. Half a character (a surrogate) stands as an escape, so that it can be printed.
    message: str

    def __init__(self, parameters: Optional[Mapping[str, Any]] = None, *, name: str = "") -> None:
        self.name = _printable(name or self.varlink_name)
        self.parameters = dict(parameters or {})
        fields = _fields(type(self))
        for field in fields:
            setattr(self, field.python, field.of(self.parameters, self.name))
        if all(field.python != "message" for field in fields):
            stated = self.parameters.get("message")
            self.message = _printable(stated if isinstance(stated, str) else self._words())
        super().__init__(self.message)

    def _words(self) -> str:
        """`org.varlink.service.InvalidParameter (parameter: limit)`"""
        details = ", ".join(f"{key}: {value}" for key, value in sorted(self.parameters.items()))
        return f"{self.name} ({details})" if details else self.name

    def __reduce__(self) -> Tuple[Any, ...]:
        return _again, (type(self), self.parameters, self.name)


_Error = TypeVar("_Error", bound=VarlinkError)

_CLASSES: Dict[str, Type[VarlinkError]] = {}
_FIELDS: Dict[Type[VarlinkError], Tuple["Field", ...]] = {}


def register(error: Type[VarlinkError], fields: Tuple["Field", ...]) -> None:
    """Makes the class that an error of its name is raised as."""
    _CLASSES[error.varlink_name] = error
    _FIELDS[error] = fields


def error_of(name: str, parameters: Mapping[str, Any]) -> VarlinkError:
    """What an error reply is raised as.

    Raises BadReply where a parameter that the error has is missing or of another type.
    """
    return _CLASSES.get(name, VarlinkError)(parameters, name=name)


def _printable(text: str) -> str:
    """With what UTF-8 cannot hold as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _fields(error: Type[VarlinkError]) -> Tuple["Field", ...]:
    # Of classes that a program derived, too.
    return next((_FIELDS[each] for each in error.__mro__ if each in _FIELDS), ())


def _again(error: Type[_Error], parameters: Dict[str, Any], name: str) -> _Error:
    return error(parameters, name=name)
