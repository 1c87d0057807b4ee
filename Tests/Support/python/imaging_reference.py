# SPDX-License-Identifier: Apache-2.0
"""Writes image files and what Pillow and NumPy make of them, for ImagingTests.

usage: imaging_reference.py FOLDER

Every NAME.png, NAME.jpg and so on in FOLDER has a NAME.rgb beside it: width and height as two little-endian 32-bit
numbers, then the RGB bytes that a reader should arrive at.
"""
import io
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

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

# Formats beyond PNG and JPEG, as Pillow reads them: upright, over white, and in sRGB where a profile says something else.
def display_p3():
    """The sRGB profile of Little CMS with the primaries of Display P3, adapted to D50."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    primaries = {b"rXYZ": (0.51512, 0.24120, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189), b"bXYZ": (0.15710, 0.06657, 0.78407)}
    for index in range(struct.unpack(">I", profile[128:132])[0]):
        tag, offset, _ = struct.unpack(">4sII", profile[132 + 12 * index:144 + 12 * index])
        if tag in primaries:
            profile[offset + 8:offset + 20] = struct.pack(">iii", *(round(65536 * value) for value in primaries[tag]))
    profile[84:100] = bytes(16)
    return bytes(profile)


def in_srgb(image):
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    return ImageCms.profileToProfile(
        image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), renderingIntent=ImageCms.Intent.PERCEPTUAL, outputMode="RGB")


def saved(name, suffix, image, **options):
    path = os.path.join(folder, name + suffix)
    image.save(path, **options)
    with Image.open(path) as read:
        read.load()
        upright = ImageOps.exif_transpose(read)
    if upright.mode == "RGBA":
        samples = np.asarray(upright).astype(float)
        write_rgb(name, over_white(samples[..., :3], samples[..., 3:] / 255).astype(np.uint8))
    else:
        write_rgb(name, np.asarray(in_srgb(upright).convert("RGB")))


def oriented(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


rgb = Image.fromarray(picture)
rgba = Image.fromarray(np.concatenate([picture, random.integers(0, 256, (height, width, 1), dtype=np.uint8)], -1), "RGBA")
p3 = display_p3()
saved("webp-lossless", ".webp", rgb, lossless=True)
saved("webp-lossy", ".webp", rgb, quality=90)
saved("webp-opacity", ".webp", rgba, lossless=True, exact=True)
saved("webp-orientation6", ".webp", rgb, lossless=True, exif=oriented(6))
saved("webp-profile", ".webp", rgb, lossless=True, icc_profile=p3)
saved("webp-animation", ".webp", rgb, lossless=True, save_all=True, append_images=[ImageOps.invert(rgb)])
for name, options in {"avif-full": {"subsampling": "4:4:4"}, "avif-half": {"subsampling": "4:2:0"}}.items():
    saved(name, ".avif", rgb, quality=95, **options)
saved("avif-opacity", ".avif", rgba, quality=95, subsampling="4:4:4")
for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
    saved(f"tiff-{compression}", ".tiff", rgb, compression=compression)
saved("tiff-opacity", ".tiff", rgba, compression="tiff_lzw")
saved("tiff-grey", ".tiff", rgb.convert("L"), compression="tiff_lzw")
saved("tiff-palette", ".tiff", rgb.quantize(40), compression="tiff_lzw")
saved("tiff-group4", ".tiff", rgb.convert("1"), compression="group4")
saved("tiff-group3", ".tiff", rgb.convert("1"), compression="group3")
saved("tiff-cmyk", ".tiff", rgb.convert("CMYK"), compression="tiff_lzw")
saved("tiff-profile", ".tiff", rgb, compression="raw", icc_profile=p3)
saved("tiff-pages", ".tiff", rgb, compression="raw", save_all=True, append_images=[ImageOps.invert(rgb)])
for orientation in range(1, 9):
    saved(f"tiff-orientation{orientation}", ".tiff", rgb, compression="raw", tiffinfo={0x0112: orientation})
saved("jpeg-cmyk", ".jpg", rgb.convert("CMYK"), quality=92)
saved("jpeg-profile", ".jpg", rgb, quality=92, icc_profile=p3)
saved("png-profile", ".png", rgb, icc_profile=p3)


def tiff(name, entries, data, expected):
    """A little-endian file of one directory, whose values are one SHORT or LONG each or lists of LONG, before the data."""
    entries = dict(sorted(entries.items()))
    start = 8 + 2 + 12 * len(entries) + 4
    extra, directory = b"", b""
    tag = 324 if 324 in entries else 273
    entries[tag] = [start + 8 * len(entries[tag]) + place for place in entries[tag]]
    for tag, value in entries.items():
        if isinstance(value, list):
            directory += struct.pack("<HHII", tag, 4, len(value), start + len(extra))
            extra += struct.pack(f"<{len(value)}I", *value)
        elif isinstance(value, tuple):
            directory += struct.pack("<HHIHH", tag, 3, len(value), *value, *([0] * (2 - len(value))))
        else:
            directory += struct.pack("<HHII", tag, 4, 1, value)
    write(name, ".tiff", struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(entries)) + directory + bytes(4) + extra + data,
          expected)


# Tiles of 32 × 16 pixels, which Pillow does not write.
tiles, places = b"", []
for top in range(0, height, 16):
    for left in range(0, width, 32):
        tile = np.zeros((16, 32), dtype=np.uint8)
        part = picture[top:top + 16, left:left + 32, 0]
        tile[:part.shape[0], :part.shape[1]] = part
        places.append(len(tiles))
        tiles += tile.tobytes()
tiff("tiff-tiled", {256: width, 257: height, 258: (8,), 259: (1,), 262: (1,), 277: (1,), 322: 32, 323: 16, 324: places,
                    325: [512] * len(places)}, tiles, picture[..., :1] * np.ones(3, dtype=np.uint8))
# 16 bits a sample, in strips of 10 rows.
deep = random.integers(0, 65536, (height, width)).astype("<u2")
strips = range(0, height, 10)
tiff("tiff-deep", {256: width, 257: height, 258: (16,), 259: (1,), 262: (1,), 277: (1,), 278: 10,
                   273: [2 * width * top for top in strips], 279: [2 * width * min(10, height - top) for top in strips]},
     deep.tobytes(), np.rint(deep / 257)[..., None] * np.ones(3))

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
