# SPDX-License-Identifier: Apache-2.0
"""A daemon that answers as a test says."""

import json
import os
import shutil
import socket
import tempfile
import threading
from typing import Any, Callable, Dict, List, Optional


IDENTITY = {"name": "älice", "modality": "face", "samples": 1, "enrolled": 1, "updated": 2}


class Conversation:
    """The daemon's end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def call(self) -> Dict[str, Any]:
        """The next call."""
        while b"\0" not in self._received:
            piece = self._connection.recv(1 << 16)
            if not piece:
                raise EOFError
            self._received += piece
        text, self._received = self._received.split(b"\0", 1)
        message = json.loads(text)
        assert isinstance(message, dict)
        return message

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def reply(self, parameters: Any = None, **others: Any) -> None:
        message = {} if parameters is None else {"parameters": parameters}
        self.send(json.dumps({**message, **others}).encode() + b"\0")

    def is_closed_by_client(self) -> bool:
        """Waits for it."""
        self._connection.settimeout(10)
        try:
            return self._connection.recv(1) == b""
        except ConnectionResetError:
            return True


class FakeDaemon:
    """Listens in a folder of its own and handles each connection by `script`."""

    def __init__(self, script: Callable[[Conversation], None], *, backlog: int = 16) -> None:
        self.folder = tempfile.mkdtemp()
        self.path = os.path.join(self.folder, "socket")
        self.calls: List[Dict[str, Any]] = []
        #: What a script raised.
        self.failures: List[BaseException] = []
        self.connections = 0
        self._script = script
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(self.path)
        self._socket.listen(backlog)
        self._workers: List[threading.Thread] = []
        self._listener: Optional[threading.Thread] = None
        if backlog:
            self.accept()

    def accept(self) -> None:
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            worker = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._workers.append(worker)
            worker.start()

    def _serve(self, connection: socket.socket) -> None:
        conversation = Conversation(connection)
        original = conversation.call

        def recorded() -> Dict[str, Any]:
            call = original()
            self.calls.append(call)
            return call

        conversation.call = recorded  # type: ignore[method-assign]
        try:
            self._script(conversation)
        except (BrokenPipeError, ConnectionResetError, EOFError):
            pass
        except BaseException as error:
            self.failures.append(error)
        finally:
            connection.close()

    def wait(self) -> None:
        """Until every connection has ended."""
        for worker in list(self._workers):
            if worker.ident is None:
                continue
            worker.join(10)
            assert not worker.is_alive()

    def __enter__(self) -> "FakeDaemon":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._listener:
            self._listener.join(10)
        self.wait()
        shutil.rmtree(self.folder)
        if self.failures:
            raise self.failures[0]


def answering(*replies: Any) -> Callable[[Conversation], None]:
    """A script that answers a call with these replies' parameters."""

    def script(conversation: Conversation) -> None:
        conversation.call()
        for number, parameters in enumerate(replies, start=1):
            conversation.reply(parameters, **({"continues": True} if number < len(replies) else {}))

    return script


def sending(data: bytes) -> Callable[[Conversation], None]:
    def script(conversation: Conversation) -> None:
        conversation.call()
        conversation.send(data)

    return script
