# SPDX-License-Identifier: Apache-2.0
"""Tries to be taken for enrolled people, as a caller of another user: begins with the nearest of some pictures, changes it a
little one way or the other, asks, and keeps what came nearer.

Reads a job as JSON from standard input:
    socket   the daemon's socket
    uid      the user to call as (this program starts as root)
    kind     "face" or "signature": which changes are made
    climb    true: change by change from the nearest of the pictures; false: each try is another picture as it is
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


def face_change(generator, shape):
    """A spot that is made lighter or darker."""
    height, width = shape
    y, x = generator.uniform(0, height), generator.uniform(0, width)
    radius = generator.uniform(0.04, 0.25) * width
    rows, columns = np.mgrid[0:height, 0:width]
    spot = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * radius**2)) * generator.uniform(20, 60)
    return lambda pixels, sign: np.clip(pixels + sign * spot, 0, 255)


def signature_change(generator, shape):
    """The picture bent one way or the other; at times a stroke more, or a piece less."""
    height, width = shape
    if generator.uniform() < 0.25:
        y, x = int(generator.uniform(0, height)), int(generator.uniform(0, width))
        long, thick = int(generator.uniform(0.02, 0.2) * width), max(2, height // 60)

        def stroke(pixels, sign):
            result = pixels.copy()
            result[y : y + thick, x : x + long] = 255 if sign > 0 else float(pixels.min())
            return result

        return stroke
    rows, columns = np.mgrid[0:height, 0:width]
    amount = generator.uniform(0.005, 0.05) * width
    size = max(2, int(generator.choice([height // 2, height // 4, height // 8])))
    down, right = field(generator, height, width, size) * amount, field(generator, height, width, size) * amount

    def bend(pixels, sign):
        source_rows = np.clip(rows + sign * down, 0, height - 1).astype(int)
        source_columns = np.clip(columns + sign * right, 0, width - 1).astype(int)
        return pixels[source_rows, source_columns]

    return bend


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels.round().astype(np.uint8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def grey(path):
    return np.asarray(Image.open(path).convert("L")).astype(np.float32)


class Round:
    """One victim: what was asked, and what came of it."""

    def __init__(self, daemon, identity, tries):
        self.daemon, self.identity, self.left = daemon, identity, tries
        self.tries, self.matched, self.refused, self.first, self.nearest = 0, False, None, None, None

    @property
    def is_over(self):
        return self.matched or self.refused is not None or self.left <= 0

    def ask(self, pixels):
        """Whether the picture came nearer than all before; by chance where the answer holds no number."""
        self.left -= 1
        answer = self.daemon.call("Verify", {"identity": self.identity, "image": png(pixels)})
        if "error" in answer:
            name = answer["error"].split(".")[-1]
            if name not in ("NoFace", "SeveralFaces", "ImageRejected"):
                self.refused = name
            return False
        reply = answer["parameters"]
        self.tries += reply["result"] != "inconclusive"
        self.matched = reply["result"] == "match"
        distance = reply.get("distance")
        if distance is None:
            return None
        self.first = distance if self.first is None else self.first
        if self.nearest is not None and distance >= self.nearest:
            return False
        self.nearest = distance
        return True

    def outcome(self):
        return {"tries": self.tries, "matched": self.matched, "refused": self.refused, "distances": [self.first, self.nearest]}


def blind(round, pictures):
    number = 0
    while not round.is_over:
        round.ask(pictures[number % len(pictures)])
        number += 1


def climb(round, pictures, change, generator):
    best = pictures[0]
    for picture in pictures:
        if round.is_over:
            return
        if round.ask(picture):
            best = picture
    while not round.is_over:
        move = change(generator, best.shape)
        for sign in (1, -1):
            came_nearer = False
            # The same way again, for as long as it helps.
            while not round.is_over:
                candidate = move(best, sign)
                answer = round.ask(candidate)
                if answer or (answer is None and generator.uniform() < 0.5):
                    best = candidate
                if not answer:
                    break
                came_nearer = True
            if came_nearer or round.is_over:
                break


def attack(daemon, job, plan, generator):
    round, pictures = Round(daemon, plan["identity"], plan["tries"]), [grey(path) for path in plan["images"]]
    if job["climb"]:
        climb(round, pictures, face_change if job["kind"] == "face" else signature_change, generator)
    else:
        blind(round, pictures)
    return round.outcome()


def main():
    job = json.load(sys.stdin)
    become(job["uid"])
    daemon, generator = Daemon(job["socket"]), np.random.default_rng(job["seed"])
    for plan in job["rounds"]:
        print(json.dumps({"identity": plan["identity"]} | attack(daemon, job, plan, generator)), flush=True)


main()
