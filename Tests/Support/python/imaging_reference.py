# SPDX-License-Identifier: Apache-2.0
"""Writes image files and what Pillow and NumPy make of them, for ImagingTests.

usage: imaging_reference.py FOLDER

Every NAME.png / NAME.jpg in FOLDER has a NAME.rgb beside it: width and height as two little-endian 32-bit
numbers, then the RGB bytes that a reader should arrive at.
"""
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

folder = sys.argv[1]
random = np.random.default_rng(7)
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed(samples, depth):
    """samples: rows × columns × channels; every row starts with filter 0."""
    out = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            out += b"\0" + row.astype(">u2").tobytes()
        else:
            bits = ((row[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8).reshape(-1)
            out += b"\0" + np.packbits(bits).tobytes()
    return out


def png(samples, depth, colour, interlaced=False, palette=None, transparency=None):
    height, width, _ = samples.shape
    out = b"\x89PNG\r\n\x1a\n"
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))
    if palette is not None:
        out += chunk(b"PLTE", palette.astype(np.uint8).tobytes())
    if transparency is not None:
        out += chunk(b"tRNS", transparency)
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        data = b"".join(packed(part, depth) for part in parts if part.size)
    else:
        data = packed(samples, depth)
    return out + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def write(name, suffix, data, rgb):
    rgb = np.asarray(rgb, dtype=np.uint8)
    with open(os.path.join(folder, name + suffix), "wb") as file:
        file.write(data)
    write_rgb(name, rgb)


def write_rgb(name, rgb):
    rgb = np.ascontiguousarray(rgb)
    with open(os.path.join(folder, name + ".rgb"), "wb") as file:
        file.write(struct.pack("<II", rgb.shape[1], rgb.shape[0]) + rgb.tobytes())


def over_white(rgb, alpha):
    return np.rint(rgb * alpha + 255 * (1 - alpha))


for interlaced in (False, True):
    for colour, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
        for depth in depths:
            height, width = int(random.integers(1, 24)), int(random.integers(1, 24))
            top = (1 << depth) - 1
            samples = random.integers(0, top + 1, (height, width, CHANNELS[colour])).astype(np.int64)
            unit = samples / top
            palette, transparency = None, None
            if colour == 3:
                palette = random.integers(0, 256, (top + 1, 3))
                opacity = random.integers(0, 256, (top + 1 + 1) // 2)
                transparency = opacity.astype(np.uint8).tobytes()
                alpha = np.concatenate([opacity, np.full(top + 1 - len(opacity), 255)]) / 255
                index = samples[..., 0]
                expected = over_white(palette[index].astype(float), alpha[index][..., None])
            elif colour in (0, 2):
                expected = np.rint(255 * unit) * np.ones(3)
            else:
                expected = over_white(255 * unit[..., :-1] * np.ones(3), unit[..., -1:])
            name = f"png-colour{colour}-depth{depth}" + ("-interlaced" if interlaced else "")
            write(name, ".png", png(samples, depth, colour, interlaced, palette, transparency), expected)

# A grey level and a colour declared transparent.
grey = np.array([[[5], [9], [5]]])
write("png-transparent-grey", ".png", png(grey, 8, 0, transparency=struct.pack(">H", 5)),
      [[[255] * 3, [9] * 3, [255] * 3]])
colour = np.array([[[1, 2, 3], [1, 2, 4]]])
write("png-transparent-colour", ".png", png(colour, 8, 2, transparency=struct.pack(">HHH", 1, 2, 3)),
      [[[255] * 3, [1, 2, 4]]])

height, width = 37, 53
smooth = np.stack(np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height)), -1)
picture = np.concatenate([smooth, (smooth[..., :1] * 3 + smooth[..., 1:] * 2) % 256], -1).astype(np.uint8)
picture[5:12, 20:31] = (250, 10, 20)


def jpeg(name, image, **options):
    path = os.path.join(folder, name + ".jpg")
    image.save(path, "JPEG", quality=92, **options)
    write_rgb(name, np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")))


for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    jpeg(f"jpeg-orientation{orientation}", Image.fromarray(picture), exif=exif)
jpeg("jpeg-progressive", Image.fromarray(picture), progressive=True)
jpeg("jpeg-subsampling420", Image.fromarray(picture), subsampling=2)
jpeg("jpeg-grey", Image.fromarray(picture).convert("L"))

# Resampling: the source as RGB, and each result.
write_rgb("source", picture)
source = Image.fromarray(picture)
write_rgb("enlarged-106x90", np.asarray(source.resize((106, 90), Image.BILINEAR)))
write_rgb("enlarged-211x41", np.asarray(source.resize((211, 41), Image.BILINEAR)))
even = source.crop((0, 0, 48, 36))
write_rgb("even", np.asarray(even))
write_rgb("reduced-16x9", np.asarray(even.reduce((3, 4))))
# Pillow's map is from and to pixel corners; here pixel centres have whole coordinates.
a, b, c, d, e, f = 0.8, -0.3, 12.25, 0.25, 0.7, 3.5
write_rgb("warped-20x15", np.asarray(source.transform(
    (20, 15), Image.AFFINE,
    (a, b, c + 0.5 - 0.5 * (a + b), d, e, f + 0.5 - 0.5 * (d + e)), Image.BILINEAR)))
write_rgb("grey", np.asarray(source.convert("L").convert("RGB")))
