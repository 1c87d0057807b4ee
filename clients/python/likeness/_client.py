# SPDX-License-Identifier: Apache-2.0
"""The client."""

from __future__ import annotations

import copy
import os
import threading
from typing import Any, Callable, Dict, Optional, Set, TypeVar, Union

from . import _values
from ._admin import AdminMethods
from ._connection import Call, Deadline, Limits, Stream, connect
from ._errors import CallNotTaken, ConnectionClosed
from ._place import find
from ._service import ServiceMethods
from ._trust import TrustedUsers
from ._values import Method, Replies, Reply
from ._verification import VerificationMethods

#: What the daemon takes by default, and the command `enroll`.
MAXIMUM_MESSAGE_BYTES = 96 << 20

Result = TypeVar("Result")


class Client(VerificationMethods, AdminMethods, ServiceMethods):
    """A daemon, whose methods this has by their names in Python: `client.verify(identity="alice", image="probe.jpg")`.

    A picture is the bytes of a file, or its path. A method that sends several replies is an iterator over them, and closing
    it gives the call up.

    Every call has a connection of its own, opened after it was looked whose daemon it is, and closed at its end. So one client
    may be used by several threads at once, a stream keeps no other call waiting, and a daemon that was started again is no error.
    """

    def __init__(
        self,
        path: "Union[str, os.PathLike[str], None]" = None,
        *,
        timeout: Optional[float] = 60,
        daemon_user: Union[str, int, None] = None,
        maximum_message_bytes: int = MAXIMUM_MESSAGE_BYTES,
    ) -> None:
        """Looks for the daemon's socket; nothing is sent before the first call.

        path: the socket. By default that in LIKENESS_SOCKET, or else that of a daemon of this user, or else the system's.
        timeout: how many seconds a call may take; of one with several replies, how many each may; None for any time.
        daemon_user: name or number of a user whose daemon is believed besides those of this user, of root and of the user
        likeness; by default that in LIKENESS_DAEMON_USER.
        maximum_message_bytes: how long a call and a reply may be.
        """
        self._trusted = TrustedUsers(daemon_user if daemon_user is not None else os.environ.get("LIKENESS_DAEMON_USER") or None)
        self._place = find(None if path is None else os.fspath(path), self._trusted)
        if maximum_message_bytes < 1:
            raise ValueError(f"maximum_message_bytes is {maximum_message_bytes}, and has to be above 0")
        self._limits = Limits(_seconds(timeout), maximum_message_bytes)
        self._running = _Running()

    @property
    def socket_path(self) -> str:
        """The socket of the daemon that is asked."""
        return self._place.path

    @property
    def timeout(self) -> Optional[float]:
        return self._limits.seconds

    def with_timeout(self, seconds: Optional[float]) -> "Client":
        """A client of the same daemon whose calls may take so long: `client.with_timeout(600).repair_gallery()`."""
        other = copy.copy(self)
        other._limits = self._limits._replace(seconds=_seconds(seconds))
        return other

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives up the calls that are under way, in other threads too. A call that comes later is a ConnectionClosed."""
        self._running.close()

    def call(self, method: str, parameters: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        """Calls a method that this package does not know, by its qualified name, with JSON's values."""
        return self._once(method, parameters or {}, lambda reply: reply)

    def stream(self, method: str, parameters: Optional[Dict[str, Any]] = None) -> Replies[Dict[str, Any]]:
        """The same of a method that sends several replies."""
        return self._several(method, parameters or {}, lambda reply: reply)

    def _call(self, method: Method[Reply], values: Dict[str, Any]) -> Reply:
        return self._once(method.name, self._encode(method, values), method.decode)

    def _stream(self, method: Method[Reply], values: Dict[str, Any]) -> Replies[Reply]:
        return self._several(method.name, self._encode(method, values), method.decode)

    def _encode(self, method: Method[Any], values: Dict[str, Any]) -> Dict[str, Any]:
        # Base64 makes four characters of three bytes.
        return _values.encode_fields(method.parameters, values, "", self._limits.message_bytes // 4 * 3)

    def _once(self, method: str, parameters: Dict[str, Any], decode: Callable[[Dict[str, Any]], Result]) -> Result:
        deadline = Deadline(self._limits.seconds)
        try:
            return decode(self._reply(method, parameters, deadline))
        except CallNotTaken:
            # The daemon ended between the connection and the call; the next one waits at the socket.
            return decode(self._reply(method, parameters, deadline))

    def _reply(self, method: str, parameters: Dict[str, Any], deadline: Deadline) -> Dict[str, Any]:
        call = self._begin(method, parameters, False, deadline)
        try:
            return call.receive(False, deadline)[0]
        finally:
            self._running.end(call)

    def _several(
        self, method: str, parameters: Dict[str, Any], decode: Callable[[Dict[str, Any]], Result]
    ) -> Replies[Result]:
        call = self._begin(method, parameters, True, Deadline(self._limits.seconds))
        return Stream(call, decode, self._limits, self._running.end)

    def _begin(self, method: str, parameters: Dict[str, Any], more: bool, deadline: Deadline) -> Call:
        """A call that was sent. The caller ends and closes it."""
        self._running.refuse_closed()
        call = Call(connect(self._place, self._trusted, deadline), self._limits)
        try:
            self._running.add(call)
            call.send(method, parameters, more, deadline)
        except BaseException:
            self._running.end(call)
            raise
        return call


class _Running:
    """The calls of a client that are under way."""

    def __init__(self) -> None:
        # One that a thread may take again: the collector may end a stream while it is held.
        self._lock = threading.RLock()
        self._calls: Set[Call] = set()
        self._is_closed = False

    def refuse_closed(self) -> None:
        if self._is_closed:
            raise ConnectionClosed("the client is closed")

    def add(self, call: Call) -> None:
        with self._lock:
            self.refuse_closed()
            self._calls.add(call)

    def end(self, call: Call) -> None:
        with self._lock:
            self._calls.discard(call)
        call.close()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            for call in list(self._calls):
                call.interrupt()


def _seconds(timeout: Optional[float]) -> Optional[float]:
    if timeout is not None and not (timeout > 0 and _values.is_finite(timeout)):
        shown = timeout if isinstance(timeout, float) or timeout <= 0 else "larger than any float"
        raise ValueError(f"the timeout is {shown}, and has to be a number of seconds above 0, or None")
    return timeout
