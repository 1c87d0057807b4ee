# SPDX-License-Identifier: Apache-2.0
"""Python's values and those of the wire. The modules that are generated are made of these."""

from __future__ import annotations

import base64
import binascii
import enum
import errno
import math
import os
import stat
from dataclasses import dataclass
from typing import Any, Dict, Generic, Iterator, Mapping, NoReturn, Tuple, Type, TypeVar, Union

from ._errors import BadReply

Reply = TypeVar("Reply")
Value = TypeVar("Value")

#: A file: its bytes, or the path of a regular file.
File = Union[bytes, bytearray, memoryview, str, "os.PathLike[str]"]


class Enumeration(str, enum.Enum):
    """A value of an enumeration: equal to the text that it is on the wire, and printed as it."""

    def __str__(self) -> str:
        return str(self.value)


class Codec:
    """A type of the wire."""

    def decode(self, value: Any, where: str) -> Any:
        """What was received, in Python. Raises BadReply, which names the place."""
        raise NotImplementedError

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        """What is to be sent. Raises TypeError or ValueError, which name the place, and OSError for files."""
        raise NotImplementedError


class _Bool(Codec):
    def decode(self, value: Any, where: str) -> Any:
        return value if isinstance(value, bool) else _wrong(value, where, "true or false")

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        return value if isinstance(value, bool) else _refuse(value, where, "a bool")


class _Int(Codec):
    def decode(self, value: Any, where: str) -> Any:
        # A whole number is one however it is written, as 1e3.
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not -(1 << 63) <= value < 1 << 63:
            _wrong(value, where, "a whole number of 64 bits")
        return value

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            _refuse(value, where, "an int")
        if not -(1 << 63) <= value < 1 << 63:
            raise ValueError(f"{where} does not fit into 64 bits")
        return int(value)


class _Float(Codec):
    def decode(self, value: Any, where: str) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if is_finite(value):
                return float(value)
        _wrong(value, where, "a finite number")

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            _refuse(value, where, "a float")
        if not is_finite(value):
            shown = value if isinstance(value, float) else "larger than any float"
            raise ValueError(f"{where} is {shown}, and has to be finite")
        return float(value)


class _String(Codec):
    def decode(self, value: Any, where: str) -> Any:
        if not isinstance(value, str) or not _is_text(value):
            _wrong(value, where, "a text")
        return value

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if not isinstance(value, str):
            _refuse(value, where, "a str")
        if not _is_text(value):
            raise ValueError(f"{where} holds half a character (a surrogate), which is no text")
        return str.__str__(value)


class _Object(Codec):
    def decode(self, value: Any, where: str) -> Any:
        return value

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        return value


class _Base64(Codec):
    def decode(self, value: Any, where: str) -> Any:
        if isinstance(value, str) and value.isascii():
            try:
                return base64.b64decode(value, validate=True)
            except binascii.Error:
                pass
        _wrong(value, where, "base64")

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if not isinstance(value, (bytes, bytearray, memoryview)):
            _refuse(value, where, "bytes")
        return base64.b64encode(value).decode("ascii")


class _File(_Base64):
    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if isinstance(value, (str, os.PathLike)):
            with open(value, "rb", opener=_open_without_waiting) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise OSError(
                        errno.EINVAL, f"{where} has to be a regular file; read this one, and give its bytes", os.fspath(value))
                content = file.read(maximum_file_bytes + 1)
            if len(content) > maximum_file_bytes:
                raise OSError(
                    errno.EFBIG, f"{where} has more bytes than fit into a call, {maximum_file_bytes}", os.fspath(value))
            value = content
        elif not isinstance(value, (bytes, bytearray, memoryview)):
            _refuse(value, where, "bytes or the path of a file")
        return super().encode(value, where, maximum_file_bytes)


BOOL, INT, FLOAT, STRING, OBJECT, BASE64, FILE = _Bool(), _Int(), _Float(), _String(), _Object(), _Base64(), _File()


class Maybe(Codec):
    """Null, or a value."""

    def __init__(self, of: Codec) -> None:
        self.inner = of

    def decode(self, value: Any, where: str) -> Any:
        return None if value is None else self.inner.decode(value, where)

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        return None if value is None else self.inner.encode(value, where, maximum_file_bytes)


class ListOf(Codec):
    def __init__(self, of: Codec) -> None:
        self.inner = of

    def decode(self, value: Any, where: str) -> Any:
        if not isinstance(value, list):
            _wrong(value, where, "a list")
        return [self.inner.decode(each, f"{where}[{index}]") for index, each in enumerate(value)]

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if not isinstance(value, (list, tuple)):
            _refuse(value, where, "a list")
        return [self.inner.encode(each, f"{where}[{index}]", maximum_file_bytes) for index, each in enumerate(value)]


class MapOf(Codec):
    def __init__(self, of: Codec) -> None:
        self.inner = of

    def decode(self, value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            _wrong(value, where, "a map")
        return {
            STRING.decode(key, where): self.inner.decode(each, f"{where}[{key!r}]") for key, each in value.items()
        }

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if not isinstance(value, Mapping):
            _refuse(value, where, "a mapping")
        return {
            STRING.encode(key, where, maximum_file_bytes): self.inner.encode(each, f"{where}[{key!r}]", maximum_file_bytes)
            for key, each in value.items()
        }


class EnumerationOf(Codec):
    def __init__(self, of: Type[Enumeration]) -> None:
        self._of = of
        self._texts = [str(each) for each in of]

    def decode(self, value: Any, where: str) -> Any:
        if not isinstance(value, str) or value not in self._texts:
            _wrong(value, where, f"one of {', '.join(self._texts)}")
        return self._of(value)

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        wanted = f"one of {', '.join(self._texts)}"
        if not isinstance(value, str):
            _refuse(value, where, wanted)
        if value not in self._texts:
            raise ValueError(f"{where} has to be {wanted}, not {value[:100]!r}")
        return self._of(value).value


@dataclass(frozen=True)
class Field:
    """A field of a structure, a parameter of a method or one of an error."""

    python: str
    wire: str
    codec: Codec

    def of(self, values: Mapping[str, Any], where: str) -> Any:
        """Its value among those of a structure that was received. Absent is null; unknown ones are passed over."""
        where = f"{where}.{self.wire}"
        value = values.get(self.wire)
        if value is None and not isinstance(self.codec, (Maybe, _Object)):
            raise BadReply(f"{where} is missing")
        return self.codec.decode(value, where)


#: The fields of the classes that stand for structures.
RECORDS: Dict[type, Tuple[Field, ...]] = {}


class RecordOf(Codec):
    def __init__(self, of: type) -> None:
        self._of = of

    def decode(self, value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            _wrong(value, where, "an object")
        return self._of(**{field.python: field.of(value, where) for field in RECORDS[self._of]})

    def encode(self, value: Any, where: str, maximum_file_bytes: int) -> Any:
        if not isinstance(value, self._of):
            _refuse(value, where, f"a {self._of.__name__}")
        values = {field.python: getattr(value, field.python) for field in RECORDS[self._of]}
        return encode_fields(RECORDS[self._of], values, where, maximum_file_bytes)


class Method(Generic[Reply]):
    """A method of the wire."""

    def __init__(self, name: str, parameters: Tuple[Field, ...], reply: Type[Reply]) -> None:
        self.name = name
        self.parameters = parameters
        self._reply = RecordOf(reply)

    def decode(self, parameters: Dict[str, Any]) -> Reply:
        """A reply that was received."""
        reply: Reply = self._reply.decode(parameters, "the reply")
        return reply


class Replies(Generic[Reply], Iterator[Reply]):
    """The replies to one call as they come, each waited for when it is asked for.

    The call was made when this was. At the last reply, and at an error, its connection is closed. Closing this earlier,
    leaving its `with` or dropping it closes the connection, too, by which the daemon gives the call up.
    """

    def __next__(self) -> Reply:
        raise NotImplementedError

    def close(self) -> None:
        """Gives the call up. Of no effect after its end."""
        raise NotImplementedError

    def __enter__(self) -> "Replies[Reply]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Caller:
    """What the classes of methods need of a client."""

    def _call(self, method: Method[Reply], values: Dict[str, Any]) -> Reply:
        raise NotImplementedError

    def _stream(self, method: Method[Reply], values: Dict[str, Any]) -> Replies[Reply]:
        raise NotImplementedError


def encode_fields(
    fields: Tuple[Field, ...], values: Mapping[str, Any], where: str, maximum_file_bytes: int
) -> Dict[str, Any]:
    """The fields that are to be sent; those that are None are left out."""
    found: Dict[str, Any] = {}
    for field in fields:
        value = field.codec.encode(
            values[field.python], f"{where}.{field.python}" if where else field.python, maximum_file_bytes)
        if value is not None:
            found[field.wire] = value
    return found


def is_finite(value: float) -> bool:
    """Whether a number is a float, or a whole number that one can hold."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _open_without_waiting(path: str, flags: int) -> int:
    # A FIFO would wait for somebody who writes, however long a call may take.
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _wrong(value: Any, where: str, wanted: str) -> NoReturn:
    shown = repr(value) if isinstance(value, (str, int, float)) else type(value).__name__
    raise BadReply(f"{where} is {shown[:100]}, and has to be {wanted}")


def _refuse(value: Any, where: str, wanted: str) -> NoReturn:
    raise TypeError(f"{where} has to be {wanted}, not {type(value).__name__}")
