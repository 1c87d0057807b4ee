# SPDX-License-Identifier: Apache-2.0
"""Measures what reading pictures takes of a decoder: decoder_budgets.py PROGRAM PIXELS FILE...

Each file is read whole by a decoder of its own, and told are the address space that it took beside what it had, and the
processor's time; then the least address space with which it can be read is searched for, to 8 MiB.
"""
import fcntl
import mmap
import os
import resource
import socket
import struct
import subprocess
import sys

program, pixels = sys.argv[1], int(sys.argv[2])
file_bytes, file_offset, page = 64 << 20, 4096, 4096
# likeness_decoder_request and likeness_decoder_reply of CDecoder.h.
request, reply = "=I4xQQQQI4xQQQQQ", "=IIqqqQQQIIIII256s4x"
shared = file_offset + file_bytes + 3 * (pixels // 4 * 5 + 4096)


class Decoder:
    def __init__(self):
        self.memory = os.memfd_create("pictures")
        os.ftruncate(self.memory, shared)
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        given = [fcntl.fcntl(number, fcntl.F_DUPFD, 20) for number in (theirs.fileno(), self.memory)]

        def place():
            os.dup2(given[0], 3)
            os.dup2(given[1], 4)

        environment = {"MALLOC_ARENA_MAX": "1", "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")}
        self.process = subprocess.Popen(
            [program, str(pixels)], preexec_fn=place, pass_fds=(3, 4), env=environment, stderr=subprocess.DEVNULL)
        for number in given:
            os.close(number)
        theirs.close()
        self.map = mmap.mmap(self.memory, shared)
        self.own = struct.unpack(reply, self.socket.recv(4096))[5]
        self.begun = self.time()

    def time(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmPeak")) - self.own

    def limit(self, extra):
        hard = resource.prlimit(self.process.pid, resource.RLIMIT_AS)[1]
        resource.prlimit(self.process.pid, resource.RLIMIT_AS, (min(self.own + extra, hard), hard))

    def ask(self, *fields):
        self.socket.send(struct.pack(request, *fields))
        answer = self.socket.recv(4096)
        if not answer:
            raise EOFError
        return struct.unpack(reply, answer)

    def read(self, file):
        """The picture's size; None where it is refused."""
        self.map[file_offset:file_offset + len(file)] = file
        answer = self.ask(1, len(file), file_bytes, pixels, 100_000, 0, 0, 0, 0, 0, 0)
        if answer[0]:
            return None
        width, height = answer[6], answer[7]
        offset = (file_offset + len(file) + page - 1) // page * page
        answer = self.ask(2, 0, 0, 0, 0, 1, 0, 0, width, height, offset)
        return None if answer[0] else (width, height)

    def end(self):
        self.socket.close()
        self.process.kill()
        self.process.wait()
        self.map.close()
        os.close(self.memory)


def attempt(file, extra=None):
    """The size, the peak beside its own and the seconds; None where it is not read."""
    decoder = Decoder()
    try:
        if extra is not None:
            decoder.limit(extra)
        try:
            size = decoder.read(file)
        except EOFError:
            return None
        return size and (size, decoder.peak(), decoder.time() - decoder.begun)
    finally:
        decoder.end()


print(f"{'file':32}{'size':>14}{'bytes':>12}{'peak MiB':>10}{'a pixel':>9}{'least MiB':>11}{'seconds':>9}{'ms a MP':>9}")
for path in sys.argv[3:]:
    with open(path, "rb") as opened:
        file = opened.read()
    name = os.path.basename(path)
    found = attempt(file) if len(file) <= file_bytes else None
    if found is None:
        print(f"{name:32}{'refused':>14}{len(file):>12}")
        continue
    (width, height), peak, seconds = found
    low, high = 0, peak + (1 << 20)
    while high - low > 8 << 20:
        middle = (low + high) // 2
        low, high = (low, middle) if attempt(file, middle) else (middle, high)
    count = width * height
    print(
        f"{name:32}{f'{width} x {height}':>14}{len(file):>12}{peak / 2**20:>10.0f}{peak / count:>9.2f}"
        f"{high / 2**20:>11.0f}{seconds:>9.2f}{seconds * 1e9 / count:>9.1f}", flush=True)
