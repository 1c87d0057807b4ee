# SPDX-License-Identifier: Apache-2.0
"""Restarts and reloads a daemon under load, and tells how many calls are lost.

The listening socket is this program's, as it is systemd's under likenessd.socket. Each client keeps its connection; where that ends
before the daemon took a call, it connects once more and makes the call again, which waits at the socket for the next daemon. A call
is lost where that fails too, or where the connection ends after the daemon took it.
"""

import argparse
import base64
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("likenessd")
parser.add_argument("home", help="an empty folder, into whose data/likeness/models a model was imported")
parser.add_argument("images", nargs="+", help="pictures of one person; the first is enrolled, the others are verified")
parser.add_argument("--modality", default="signature")
parser.add_argument("--clients", type=int, default=8)
parser.add_argument("--restarts", type=int, default=50)
parser.add_argument("--reloads", type=int, default=50)
parser.add_argument("--pause", type=float, default=0.3, help="seconds between one and the next")
parser.add_argument("--quiet", type=float, default=2, help="seconds before the first of them")
arguments = parser.parse_args()

home = os.path.abspath(arguments.home)
path, notifications = os.path.join(home, "likeness.sock"), os.path.join(home, "notify.sock")
pictures = [base64.b64encode(open(image, "rb").read()).decode() for image in arguments.images]

# The number at which systemd hands sockets over.
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(path)
listener.listen(4096)
os.dup2(listener.fileno(), 3, inheritable=True)
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(notifications)
manager.settimeout(60)


def wait_until(word):
    while True:
        if word in manager.recv(65536).decode().split("\n"):
            return


def start():
    began = time.monotonic()
    daemon = subprocess.Popen(
        ["/bin/sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"', arguments.likenessd, "--user"], pass_fds=(3,),
        env={**os.environ, "HOME": home, "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config",
             "NOTIFY_SOCKET": notifications}, stderr=open(home + "/log", "ab"), stdout=subprocess.DEVNULL)
    wait_until("READY=1")
    return daemon, time.monotonic() - began


class NotTaken(Exception):
    pass


class Unanswered(Exception):
    pass


class Connection:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)

    def call(self, method, parameters):
        message = json.dumps({"method": method, "parameters": parameters}).encode() + b"\0"
        try:
            self.socket.sendall(message)
        except (BrokenPipeError, ConnectionResetError):
            raise NotTaken from None
        received = b""
        while not received.endswith(b"\0"):
            try:
                piece = self.socket.recv(65536)
            except ConnectionResetError:
                raise NotTaken from None
            if not piece:
                raise Unanswered
            received += piece
        reply = json.loads(received[:-1])
        if "error" in reply:
            raise RuntimeError(json.dumps(reply))
        return reply["parameters"]


counts = {"calls": 0, "again": 0, "lost": 0, "refused": 0, "other result": 0}
latencies, lock, over = [], threading.Lock(), threading.Event()


def client(number):
    connection, turn = None, number
    while not over.is_set():
        turn += 1
        parameters = {"identity": "somebody", "image": pictures[1 + turn % (len(pictures) - 1)]}
        began, again, lost, refused, other = time.monotonic(), 0, 0, 0, 0
        for attempt in range(2):
            try:
                connection = connection or Connection()
                result = connection.call("io.likeness.Verification.Verify", parameters)["result"]
                other += result not in ("match", "no_match")
                break
            except NotTaken:
                connection = None
                again += attempt == 0
                lost += attempt == 1
            except (Unanswered, OSError) as error:
                print(f"lost: {error!r}", file=sys.stderr)
                connection, lost = None, lost + 1
                break
            except RuntimeError as error:
                print(f"refused: {error}", file=sys.stderr)
                refused += 1
                break
        with lock:
            latencies.append(time.monotonic() - began)
            for name, value in (("calls", 1), ("again", again), ("lost", lost), ("refused", refused), ("other result", other)):
                counts[name] += value


def summary(name):
    with lock:
        print(f"{name:9}", *(f"{word} {count}" for word, count in counts.items()), sep="   ", end="   ")
        print(f"median {statistics.median(latencies) * 1000:.0f} ms   longest {max(latencies) * 1000:.0f} ms")
        lost = counts["lost"] + counts["refused"]
        latencies.clear()
        for word in counts:
            counts[word] = 0
    return lost


daemon, first = start()
Connection().call(
    "io.likeness.Verification.Enroll", {"identity": "somebody", "image": pictures[0], "modality": arguments.modality})
threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(arguments.clients)]
for thread in threads:
    thread.start()
time.sleep(arguments.quiet)
lost = summary("quiet")
starts = []
for _ in range(arguments.restarts):
    daemon.send_signal(signal.SIGTERM)
    if daemon.wait(timeout=90) != 0:
        sys.exit(f"the daemon ended with {daemon.returncode}; see {home}/log")
    daemon, seconds = start()
    starts.append(seconds)
    time.sleep(arguments.pause)
if starts:
    lost += summary("restarts")
    print(f"          a start takes {statistics.median(starts) * 1000:.0f} ms at the median, {max(starts) * 1000:.0f} ms at most")
for _ in range(arguments.reloads):
    daemon.send_signal(signal.SIGHUP)
    wait_until("READY=1")
    time.sleep(arguments.pause)
if arguments.reloads:
    lost += summary("reloads")
over.set()
for thread in threads:
    thread.join(60)
lost += summary("end") if latencies else 0
daemon.send_signal(signal.SIGTERM)
daemon.wait(timeout=90)
sys.exit(1 if lost else 0)
