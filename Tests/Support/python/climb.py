"""Tries to be taken for enrolled people, as a caller of another user: changes a picture a little, asks, and keeps what came nearer.

Reads a job as JSON from standard input:
    socket   the daemon's socket
    uid      the user to call as (this program starts as root)
    kind     "face" or "signature": which changes are made
    climb    true: change by change from one picture; false: each try is another picture as it is
    seed     of the random changes
    rounds   [{"identity": NAME, "images": [PATH, ...], "tries": N}, ...]
and writes for each round, as it ends, a line of JSON: identity, tries (comparisons that were made), matched, refused (the name of
the error that ended the round, or null), distances (first and last seen, or null).
"""

import base64
import ctypes
import io
import json
import os
import socket
import sys

import numpy as np
from PIL import Image

SECBIT_NO_SETUID_FIXUP, PR_SET_SECUREBITS = 1 << 2, 28


def become(uid):
    """Calls as another user, who still reaches a socket that lies in a folder of root's."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


class Daemon:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.rest = b""

    def call(self, method, parameters):
        text = json.dumps({"method": "io.likeness.Verification." + method, "parameters": parameters}).encode()
        self.socket.sendall(text + b"\0")
        while b"\0" not in self.rest:
            part = self.socket.recv(65536)
            if not part:
                raise EOFError("the daemon closed the connection")
            self.rest += part
        reply, self.rest = self.rest.split(b"\0", 1)
        return json.loads(reply)


def field(generator, height, width, smoothness):
    """Smooth random numbers in about -1..1."""
    coarse = generator.normal(size=(max(2, height // smoothness), max(2, width // smoothness))).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.BICUBIC))


def changed_face(generator, pixels):
    height, width = pixels.shape
    y, x = generator.uniform(0, height), generator.uniform(0, width)
    radius = generator.uniform(0.04, 0.25) * width
    rows, columns = np.mgrid[0:height, 0:width]
    spot = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * radius**2))
    return np.clip(pixels + spot * generator.normal() * 40, 0, 255)


def changed_signature(generator, pixels):
    height, width = pixels.shape
    rows, columns = np.mgrid[0:height, 0:width]
    amount = generator.uniform(0.005, 0.05) * width
    size = int(generator.choice([height // 2, height // 4, height // 8]))
    down, right = field(generator, height, width, max(2, size)) * amount, field(generator, height, width, max(2, size)) * amount
    source_rows = np.clip(rows + down, 0, height - 1).astype(int)
    source_columns = np.clip(columns + right, 0, width - 1).astype(int)
    result = pixels[source_rows, source_columns]
    if generator.uniform() < 0.3:
        # A stroke more, or a piece less.
        y, x = int(generator.uniform(0, height)), int(generator.uniform(0, width))
        long, thick = int(generator.uniform(0.02, 0.2) * width), max(2, height // 60)
        result = result.copy()
        result[y : y + thick, x : x + long] = 255 if generator.uniform() < 0.5 else float(pixels.min())
    return result


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels.round().astype(np.uint8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def grey(path):
    return np.asarray(Image.open(path).convert("L")).astype(np.float32)


def attack(daemon, job, round, generator):
    change = changed_face if job["kind"] == "face" else changed_signature
    best, nearest, first = grey(round["images"][0]), None, None
    tries, refused = 0, None
    for number in range(round["tries"]):
        if not job["climb"]:
            candidate = grey(round["images"][number % len(round["images"])])
        else:
            candidate = best if number == 0 else change(generator, best)
        answer = daemon.call("Verify", {"identity": round["identity"], "image": png(candidate)})
        if "error" in answer:
            name = answer["error"].split(".")[-1]
            if name in ("NoFace", "SeveralFaces", "ImageRejected"):
                continue
            refused = name
            break
        reply = answer["parameters"]
        tries += reply["result"] != "inconclusive"
        if reply["result"] == "match":
            return {"tries": tries, "matched": True, "refused": None, "distances": [first, reply.get("distance")]}
        # Whatever number the answer holds is followed; without one, a change is kept or not by chance.
        signal = reply.get("distance")
        first = signal if first is None else first
        if signal is None:
            if generator.uniform() < 0.5:
                best = candidate
        elif nearest is None or signal < nearest:
            best, nearest = candidate, signal
    return {"tries": tries, "matched": False, "refused": refused, "distances": [first, nearest]}


def main():
    job = json.load(sys.stdin)
    become(job["uid"])
    daemon, generator = Daemon(job["socket"]), np.random.default_rng(job["seed"])
    for round in job["rounds"]:
        print(json.dumps({"identity": round["identity"]} | attack(daemon, job, round, generator)), flush=True)


main()
