# SPDX-License-Identifier: Apache-2.0
"""What the network is trained on: chips of drawn faces as a camera, a file format and a detector would make them."""
import io

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

import covers
from faces import BASE_PIXELS, BASE_SIDE, CHIP_CENTRE, CHIP_SIDE, composed, inverse, square, warped

CHIP_PIXELS = 64
# By how much the frame of dlib's landmarks differs from that of YuNet's on 545 photographs, in the mean and by its standard deviation:
# turn in degrees, scale, and shift down in distances of the eyes. Half of the chips are cut as if by dlib's.
DLIB_FRAME = (0.0, 3.6), (1.04, 0.065), (0.05, 0.05)
# How far either may be off on a covered face.
JITTER = 4.0, 0.07, 0.06


def frame(random):
    """Turn, scale and shift of a chip, by chance."""
    turn, scale, shift = random.normal(0, JITTER[0]), np.exp(random.normal(0, JITTER[1])), random.normal(0, JITTER[2], 2)
    if random.random() < 0.5:
        turn, scale = turn + random.normal(*DLIB_FRAME[0]), scale * random.normal(*DLIB_FRAME[1])
        shift = shift + (random.normal(0, 0.035), random.normal(*DLIB_FRAME[2]))
    return turn, scale, shift


def kinds(random, held_out):
    """What is drawn on one face, first to last."""
    mouth = [kind for kind in covers.MOUTH_COVERS if kind not in held_out]
    eyes = [kind for kind in covers.EYE_COVERS if kind not in held_out]
    pick = lambda names: names[random.integers(len(names))]
    below = ["beard", "headgear", "shadow", "collar"]
    what = random.random()
    if what < 0.30:
        return []
    if what < 0.54:
        drawn = [pick(covers.NO_COVERS)]
        return drawn + [pick(covers.NO_COVERS)] if random.random() < 0.3 else drawn
    drawn = [pick(below)] if random.random() < 0.25 else []
    if what < 0.75:
        return drawn + [pick(mouth)] + (["clear glasses"] if random.random() < 0.2 else [])
    if what < 0.93:
        return drawn + [pick(eyes)]
    return drawn + ["mask and glasses"]


def cut(base, turn=0.0, scale=1.0, shift=(0.0, 0.0)):
    """What the network sees of a base picture, off by so much, at twice its size."""
    c, s = scale * np.cos(np.radians(turn)), scale * np.sin(np.radians(turn))
    off = np.array([[c, -s, shift[0]], [s, c, shift[1] + CHIP_CENTRE - c * CHIP_CENTRE]])
    to_base = composed(inverse(square(BASE_SIDE, CHIP_CENTRE, BASE_PIXELS)), composed(off, square(CHIP_SIDE, CHIP_CENTRE, 2 * CHIP_PIXELS)))
    return warped(base, to_base, 2 * CHIP_PIXELS)


def spoiled(image, random, grey, grain):
    """Seen by a camera: smaller, softer, in other light, without colour, compressed."""
    whole = image.size[0]
    if random.random() < 0.5:
        side = int(whole * random.uniform(0.4, 1))
        image = image.resize((side, side), Image.Resampling.BOX).resize((whole, whole), Image.Resampling.BILINEAR)
    if random.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.6)))
    tint = np.zeros(3)
    if grey or random.random() < 0.25:
        image = image.convert("L").convert("RGB")
    elif random.random() < 0.5:
        image = ImageEnhance.Color(image).enhance(random.uniform(0.3, 1.3))
        tint = random.normal(0, 0.08, 3)
    if random.random() < 0.7:
        levels = 255 * (np.arange(256) / 255) ** np.exp(random.normal(0, 0.35))
        levels = (levels - 128) * random.uniform(0.6, 1.3) + 128 + random.normal(0, 18)
        table = np.clip(np.outer(1 + tint, levels), 0, 255).astype(np.uint8)
        image = image.point(table.reshape(-1).tolist())
    if random.random() < 0.4:
        noise = np.roll(grain, int(random.integers(grain.size))).reshape(-1)[:3 * whole * whole].reshape(whole, whole, 3)
        image = Image.fromarray(np.clip(np.asarray(image, np.float32) + random.uniform(1, 9) * noise, 0, 255).astype(np.uint8))
    if random.random() < 0.4:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=int(random.integers(30, 90)))
        image = Image.open(file).convert("RGB")
    return image


def is_grey(base):
    values = np.asarray(base, np.int16)
    return bool(np.abs(values - values[..., 1:2]).max() < 6)


def training(faces, count, each, seed, held_out):
    """`count` drawn faces with `each` chips of each of them, and what is seen on them (NaN: neither)."""
    artist = covers.Artist(seed)
    random = artist.random
    grain = random.normal(size=3 * BASE_PIXELS * BASE_PIXELS).astype(np.float32)
    bases = [np.asarray(face.base()) for face in faces]
    greys = [is_grey(base) for base in bases]
    chips, seen = np.empty((count * each, CHIP_PIXELS, CHIP_PIXELS, 3), np.uint8), np.empty((count * each, 2), np.float32)
    order = np.concatenate([random.permutation(len(faces)) for _ in range(count // len(faces) + 1)])[:count]
    for number, index in enumerate(order):
        if number % 2000 == 0:
            print(f"drawing: {number} of {count}", flush=True)
        points, base = faces[index].points, bases[index].astype(np.float32)
        layers = [layer for kind in kinds(random, held_out) for layer in artist.layers(kind, base, points)]
        drawn = Image.fromarray(covers.painted(base, layers).astype(np.uint8))
        grey = greys[index]
        for i in range(each):
            seen_so = cut(drawn, *frame(random))
            if random.random() < 0.5:
                seen_so = seen_so.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            chips[number * each + i] = np.asarray(spoiled(seen_so, random, grey, grain).reduce(2))
        seen[number * each:(number + 1) * each] = covers.labels(layers, points)
    return chips, seen


def measured(faces, kind, each, seed, textures=120):
    """Chips of each face with one kind drawn on it, spoiled as little as a good camera does, that hide what the kind hides."""
    artist = covers.Artist(seed, textures)
    random = artist.random
    chips, seen = [], []
    for face in faces:
        base = np.asarray(face.base(), np.float32)
        for _ in range(each):
            layers = artist.layers(kind, base, face.points) if kind else []
            values = covers.labels(layers, face.points)
            if not np.isfinite(values).all():
                continue
            drawn = covers.painted(base, layers)
            if is_grey(base):
                drawn = np.repeat(drawn @ np.array([[0.299], [0.587], [0.114]], np.float32), 3, -1)
            image = Image.fromarray(drawn.astype(np.uint8))
            turn, scale, shift = (0, 1, (0, 0)) if not kind and each == 1 else (random.normal(0, 3), np.exp(random.normal(0, 0.05)), random.normal(0, 0.05, 2))
            chips.append(np.asarray(cut(image, turn, scale, shift).reduce(2)))
            seen.append(values)
    return np.array(chips), np.array(seen, np.float32).reshape(-1, 2)
