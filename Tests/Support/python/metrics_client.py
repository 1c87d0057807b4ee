# SPDX-License-Identifier: Apache-2.0
"""Asks an HTTP server on a Unix socket, by Python's client and by bytes, and prints its answers as JSON.

metrics_client.py SOCKET REQUEST...: "METHOD PATH", "RAW BYTES", "FLOOD COUNT" (that many silent connections, closed at the end), "HOLD COUNT"
(that many, until the server closes each), or "HEAD-OF BYTES" (a request with a header that long).
"""

import http.client
import json
import socket
import sys

path = sys.argv[1]


def connect():
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(20)
    connection.connect(path)
    return connection


class Connection(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("localhost", timeout=20)

    def connect(self):
        self.sock = connect()


def status_of(data):
    connection = connect()
    answer = b""
    try:
        connection.sendall(data)
    except (ConnectionResetError, BrokenPipeError):
        pass  # The server may have answered before it closed.
    try:
        while chunk := connection.recv(65536):
            answer += chunk
    except (ConnectionResetError, BrokenPipeError):
        pass
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1") else 0


answers = []
for request in sys.argv[2:]:
    kind, what = request.split(" ", 1)
    if kind == "RAW":
        answers.append({"status": status_of(what.encode() + b"\r\n\r\n"), "body": ""})
    elif kind == "HEAD-OF":
        head = b"GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + b"a" * int(what) + b"\r\n\r\n"
        answers.append({"status": status_of(head), "body": ""})
    elif kind == "FLOOD":
        open_ones = [connect() for _ in range(int(what))]
        for one in open_ones:
            one.close()
        # Until the server has noticed.
        while status_of(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n") == 0:
            pass
        answers.append({"status": 0, "body": ""})
    elif kind == "HOLD":
        for one in [connect() for _ in range(int(what))]:
            status = one.recv(1)
            one.close()
        answers.append({"status": len(status), "body": ""})
    else:
        connection = Connection()
        connection.request(kind, what)
        reply = connection.getresponse()
        answers.append(
            {
                "status": reply.status,
                "type": reply.getheader("content-type"),
                "allow": reply.getheader("allow"),
                "body": reply.read().decode(),
            }
        )
        connection.close()
json.dump(answers, sys.stdout)
