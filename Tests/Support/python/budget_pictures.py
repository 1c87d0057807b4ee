# SPDX-License-Identifier: Apache-2.0
"""Writes the costliest pictures of each format that is at hand: budget_pictures.py FOLDER WIDTHxHEIGHT.

Costliest in memory: what has to be kept until the last row is there, all channels, opacity, no subsampling, many bits.
The levels are a slope with a little noise, so that the largest picture stays below 64 MiB as a file.
"""
import os
import shutil
import struct
import subprocess
import sys
import zlib

import numpy as np
from PIL import Image, features

Image.MAX_IMAGE_PIXELS = None
folder, (width, height) = sys.argv[1], (int(side) for side in sys.argv[2].split("x"))
os.makedirs(folder, exist_ok=True)
random = np.random.default_rng(1)


def place(name):
    return os.path.join(folder, name)


def levels(width, height, channels, noise, kind=np.uint8):
    """An array of height x width x channels."""
    slope = np.linspace(0, 200, height, dtype=np.float32)[:, None, None]
    across = np.linspace(0, 50, width, dtype=np.float32)[None, :, None]
    made = np.empty((height, width, channels), kind)
    for row in range(0, height, 256):
        rows = made[row:row + 256]
        rows[:] = (slope[row:row + 256] + across) * (1 if kind == np.uint8 else 257)
        rows += random.integers(0, noise + 1, rows.shape, dtype=kind)
    return made


def write_png(path, pixels, color, interlaced=False):
    """Pillow writes neither interlaced files nor colours of 16 bits."""
    depth = pixels.dtype.itemsize * 8
    packer, parts = zlib.compressobj(1), []

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    def add(rows):
        rows = np.ascontiguousarray(rows.astype(">u2") if depth == 16 else rows)
        for row in rows.view(np.uint8).reshape(rows.shape[0], -1):
            parts.append(packer.compress(b"\0" + row.tobytes()))

    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for left, top, across, down in passes if interlaced else [(0, 0, 1, 1)]:
        add(pixels[top::down, left::across])
    parts.append(packer.flush())
    size = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], depth, color, 0, 0, int(interlaced))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"".join(parts)) + chunk(b"IEND", b""))


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


four = levels(width, height, 4, 3)
write_png(place("png-opacity-interlaced.png"), four, 6, interlaced=True)
write_png(place("png-16-bits-interlaced.png"), levels(width, height // 2, 4, 1, np.uint16), 6, interlaced=True)

Image.fromarray(four[..., :3].copy()).save(place("jpeg-progressive.jpg"), quality=90, subsampling=0, progressive=True)
Image.fromarray(four, "CMYK").save(place("jpeg-inks-progressive.jpg"), quality=85, progressive=True)

if features.check("webp"):
    Image.fromarray(four).save(place("webp-opacity.webp"), quality=90, method=0)
    Image.fromarray(four).save(place("webp-lossless.webp"), lossless=True, quality=0, method=0)

if features.check("avif"):
    Image.fromarray(four).save(place("avif-opacity.avif"), quality=80, subsampling="4:4:4", speed=10)

# x265 takes minutes for a large one; what a small one takes a pixel says the same.
if shutil.which("heif-enc") and width * height <= 4_000_000:
    source = place("source.png")
    write_png(source, four, 6)
    run("heif-enc", "-q", "60", "-p", "preset=ultrafast", "-p", "chroma=444", "-o", place("heic-opacity.heic"), source)
    os.remove(source)

if shutil.which("tiffcp"):
    source = place("source.tif")
    Image.fromarray(four).save(source)
    run("tiffcp", "-c", "lzw", "-r", "-1", source, place("tiff-one-strip.tif"))
    run("tiffcp", "-c", "zip", "-t", "-w", "4096", "-l", "4096", source, place("tiff-tiles.tif"))
    os.remove(source)
Image.fromarray(four, "CMYK").save(place("tiff-inks.tif"), compression="tiff_lzw")
