# SPDX-License-Identifier: Apache-2.0
"""One call over one connection: JSON texts, each with a NUL behind it."""

from __future__ import annotations

import errno
import json
import select
import socket
import time
from typing import Any, Callable, Dict, Generic, List, NamedTuple, NoReturn, Optional

from ._errors import BadReply, CallNotTaken, CallTimeout, ConnectionClosed, DaemonNotTrusted, DaemonUnavailable, error_of
from ._place import Place
from ._trust import MAXIMUM_PATH_BYTES, Problem, SocketFile, TrustedUsers
from ._values import Replies, Reply

_PIECE = 1 << 18
# How deep objects and lists of a reply may lie in each other. What is deeper could be read, and not be pickled or copied.
_DEPTH = 64
# Between two tries to get into a daemon's queue of connections that is full.
_PAUSE = 0.02


class Limits(NamedTuple):
    #: How long a call may take, its connection included; of one with several replies, how long each may. None: any time.
    seconds: Optional[float]
    #: How long a message may be, the NUL not counted.
    message_bytes: int


class Deadline:
    def __init__(self, seconds: Optional[float]) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def remaining(self) -> Optional[float]:
        """In seconds. Raises CallTimeout where nothing is left."""
        if self._end is None:
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise CallTimeout(
                f"the daemon did not answer within {self._seconds:g} seconds; try again, or allow more with timeout")
        return left


def connect(place: Place, trusted: TrustedUsers, deadline: Deadline) -> socket.socket:
    """A connection to a daemon that is believed: before anything is sent. Waits for one whose queue is full."""
    while True:
        try:
            with SocketFile(place.path, trusted) as file:
                return file.connect()
        except Problem as problem:
            if problem.code != errno.EAGAIN:
                _fail(place, problem)
        left = deadline.remaining()
        time.sleep(_PAUSE if left is None else min(_PAUSE, left))


def _fail(place: Place, problem: Problem) -> NoReturn:
    if problem.is_distrust:
        raise DaemonNotTrusted(f"the daemon at {place.path} is not asked: {problem}") from None
    others = " and ".join(
        path + (f", which with more than {MAXIMUM_PATH_BYTES} bytes is too long for a socket,"
                if len(path.encode("utf-8", "surrogateescape")) > MAXIMUM_PATH_BYTES else "")
        for path in place.absent)
    others = f" (there is none of yours at {others} either)" if others else ""
    raise DaemonUnavailable(f"cannot reach a daemon at {place.path}: {problem}{others}") from None


class Call:
    """A call that was sent, and what comes back."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._received = bytearray()
        # How much of it is known to hold no NUL.
        self._looked = 0
        self._was_sent_in_full = True

    def send(self, method: str, parameters: Dict[str, Any], more: bool, deadline: Deadline) -> None:
        message: Dict[str, Any] = {"method": method, "parameters": parameters}
        if more:
            message["more"] = True
        try:
            text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
        except RecursionError:
            raise ValueError("the call's parameters are nested too deep") from None
        if len(text) > self._limits.message_bytes:
            raise ValueError(f"the call has {len(text)} bytes, and may have {self._limits.message_bytes}")
        rest = memoryview(text + b"\0")
        while rest:
            self._wait(select.POLLOUT, deadline)
            try:
                rest = rest[self._connection.send(rest[:_PIECE], socket.MSG_NOSIGNAL) :]
            except (BlockingIOError, InterruptedError):
                continue
            except OSError as error:
                # The daemon may have said why before it closed the connection.
                if error.errno not in (errno.EPIPE, errno.ECONNRESET):
                    raise ConnectionClosed(f"the call could not be sent: {error.strerror}") from error
                self._was_sent_in_full = False
                return

    def receive(self, more: bool, deadline: Deadline) -> "tuple[Dict[str, Any], bool]":
        """The parameters of the next reply, and whether others follow it. Raises what an error reply stands for."""
        reply = _object(self._message(deadline))
        continues, error, parameters = reply.get("continues"), reply.get("error"), reply.get("parameters")
        if parameters is None:
            parameters = {}
        if not isinstance(parameters, dict):
            raise BadReply("the reply's parameters are no object")
        if error is not None:
            if not isinstance(error, str):
                raise BadReply("the reply's error is no text")
            raise error_of(error, parameters)
        if continues is not None and not isinstance(continues, bool):
            raise BadReply("the reply's continues is neither true nor false")
        if continues and not more:
            raise BadReply("the daemon sends several replies to a call that asked for one")
        return parameters, bool(continues)

    def close(self) -> None:
        self._connection.close()

    def interrupt(self) -> None:
        """Ends what another thread waits for here."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _message(self, deadline: Deadline) -> bytes:
        while True:
            end = self._received.find(b"\0", self._looked)
            self._looked = len(self._received)
            if (end if end >= 0 else self._looked) > self._limits.message_bytes:
                raise BadReply(f"the reply is longer than {self._limits.message_bytes} bytes")
            if end >= 0:
                message = bytes(self._received[:end])
                del self._received[: end + 1]
                self._looked = 0
                return message
            self._wait(select.POLLIN, deadline)
            try:
                piece = self._connection.recv(_PIECE)
            except (BlockingIOError, InterruptedError):
                continue
            except OSError as error:
                if error.errno != errno.ECONNRESET:
                    raise ConnectionClosed(f"the reply could not be received: {error.strerror}") from error
                # The kernel says so where the daemon closed a connection that it had not read to the end.
                self._was_sent_in_full = False
                piece = b""
            if not piece:
                self._end()
            self._received += piece

    def _end(self) -> NoReturn:
        if self._received:
            raise ConnectionClosed(
                f"the daemon closed the connection in the middle of its reply, after {len(self._received)} bytes; see whether "
                "it still runs, and its journal for why")
        why = "see whether it still runs, and its journal for why"
        if self._was_sent_in_full:
            raise ConnectionClosed(f"the daemon closed the connection before it answered; {why}")
        raise CallNotTaken(f"the daemon closed the connection before it had taken the call; {why}")

    def _wait(self, event: int, deadline: Deadline) -> None:
        """Until the connection takes or has something, or has ended."""
        poll = select.poll()
        try:
            poll.register(self._connection, event)
        except (ValueError, OSError):
            # Another thread closed it.
            raise ConnectionClosed("the call was given up: its connection was closed here") from None
        while True:
            left = deadline.remaining()
            if poll.poll(None if left is None else min(left, 3600) * 1000 + 1):
                return


def _object(text: bytes) -> Dict[str, Any]:
    try:
        found = json.loads(text.decode("utf-8"), parse_int=_whole_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadReply(f"the reply is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadReply("the reply is no object")
    level: List[Any] = [found]
    for _ in range(_DEPTH):
        level = [
            inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))]
        if not level:
            return found
    raise BadReply(f"the reply is nested more than {_DEPTH} deep")


def _whole_number(digits: str) -> "int | float":
    # Reading digits without end takes time without end.
    return int(digits) if len(digits) <= 20 else float(digits)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


class Stream(Replies[Reply], Generic[Reply]):
    """See Replies."""

    def __init__(
        self, call: Call, decode: Callable[[Dict[str, Any]], Reply], limits: Limits, ended: Callable[[Call], None]
    ) -> None:
        self._call: Optional[Call] = call
        self._decode = decode
        self._limits = limits
        self._ended = ended

    def __next__(self) -> Reply:
        call = self._call
        if call is None:
            raise StopIteration
        try:
            parameters, continues = call.receive(True, Deadline(self._limits.seconds))
            reply = self._decode(parameters)
        except BaseException:
            self.close()
            raise
        if not continues:
            self.close()
        return reply

    def close(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            self._ended(call)

    def __del__(self) -> None:
        # Not there where the call could not be made.
        if getattr(self, "_call", None) is not None:
            self.close()
