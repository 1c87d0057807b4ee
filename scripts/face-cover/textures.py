# SPDX-License-Identifier: Apache-2.0
"""Colours and patterns of cloth, paper, plastic and skin, made by chance."""
import colorsys

import numpy as np
from PIL import Image, ImageDraw

SIDE = 160


def colour(random, saturation=(0, 1), value=(0.05, 1)):
    return 255 * np.array(colorsys.hsv_to_rgb(random.random(), random.uniform(*saturation), random.uniform(*value)), np.float32)


def noise(random, cells, channels=1):
    """Smooth noise in 0…1 with so many cells a side."""
    grid = (255 * random.random((cells, cells, channels))).astype(np.uint8)
    planes = [Image.fromarray(grid[:, :, c]).resize((SIDE, SIDE), Image.Resampling.BICUBIC) for c in range(channels)]
    return np.stack([np.asarray(plane, np.float32) / 255 for plane in planes], -1)


def waves(random, period=(6, 40)):
    """Stripes in 0…1 at any angle, hard or soft."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    angle = random.uniform(0, np.pi)
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / random.uniform(*period) + random.uniform(0, 6.3))
    return (np.clip(wave * random.choice([0.5, 4]) + 0.5, 0, 1)[..., None]).astype(np.float32)


def mixed(share, a, b):
    return share * a + (1 - share) * b


def plain(random):
    return np.broadcast_to(colour(random).astype(np.float32), (SIDE, SIDE, 3)) * (0.94 + 0.12 * noise(random, 40))


def striped(random):
    return mixed(waves(random), colour(random), colour(random))


def checked(random):
    return mixed(0.5 * waves(random) + 0.5 * waves(random), colour(random), colour(random))


def dotted(random):
    image = Image.new("RGB", (SIDE, SIDE), tuple(int(v) for v in colour(random)))
    draw = ImageDraw.Draw(image)
    step, radius, spots = random.integers(8, 30), random.uniform(2, 8), [tuple(int(v) for v in colour(random)) for _ in range(3)]
    for row, y in enumerate(range(0, SIDE + 20, step)):
        for x in range(-step, SIDE + step, step):
            x += step // 2 * (row % 2) + int(random.integers(-2, 3))
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=spots[random.integers(3)])
    return np.asarray(image, np.float32)


def blotched(random):
    share = noise(random, int(random.integers(4, 24)))
    if random.random() < 0.5:
        share = (share > 0.5).astype(np.float32)
    return mixed(share, colour(random), mixed(noise(random, int(random.integers(4, 24))), colour(random), colour(random)))


def printed(random):
    """Shapes and strokes on a ground, as cartoons, flowers or writing have."""
    image = Image.new("RGB", (SIDE, SIDE), tuple(int(v) for v in colour(random)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(random.integers(5, 40))):
        x, y, size = random.uniform(0, SIDE), random.uniform(0, SIDE), random.uniform(3, 35)
        ink = tuple(int(v) for v in colour(random))
        match random.integers(4):
            case 0: draw.ellipse([x, y, x + size, y + size * random.uniform(0.3, 1.2)], fill=ink)
            case 1: draw.polygon([(x + random.uniform(-size, size), y + random.uniform(-size, size)) for _ in range(5)], fill=ink)
            case 2: draw.arc([x, y, x + size, y + size * 0.7], 0, random.uniform(90, 360), fill=ink, width=int(random.integers(1, 5)))
            case 3: draw.line([x, y, x + random.uniform(-size, size), y + random.uniform(-3, 3)], fill=ink, width=int(random.integers(1, 4)))
    return np.asarray(image, np.float32)


def paper(random):
    """A light ground with lines of writing."""
    image = Image.new("L", (SIDE, SIDE), int(random.integers(190, 256)))
    draw = ImageDraw.Draw(image)
    step = int(random.integers(5, 12))
    for y in range(0, SIDE, step):
        x = random.uniform(0, 20)
        while x < SIDE:
            long = random.uniform(3, 16)
            draw.line([x, y, x + long, y], fill=int(random.integers(0, 120)), width=max(1, step // 4))
            x += long + random.uniform(2, 5)
    return np.repeat(np.asarray(image, np.float32)[..., None], 3, -1)


def knitted(random):
    """Loops of wool in rows: of the kind that is held out."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    period = random.uniform(5, 11)
    loops = np.abs(np.sin(np.pi * x / period)) * (0.6 + 0.4 * np.abs(np.sin(np.pi * (y + 3 * np.abs(np.sin(np.pi * x / period))) / period)))
    ground = mixed(waves(random, (25, 80)), colour(random), colour(random)) if random.random() < 0.5 else colour(random)
    return (0.45 + 0.6 * loops[..., None]) * ground * (0.85 + 0.3 * noise(random, 50))


GROUNDS = [plain, plain, striped, checked, dotted, blotched, printed, paper]


class Pool:
    """Textures made once, and turned and shifted by chance at each use."""

    def __init__(self, random, makers, count):
        self.textures = [np.clip(makers[i % len(makers)](random), 0, 255).astype(np.float32) for i in range(count)]

    def draw(self, random):
        texture = self.textures[random.integers(len(self.textures))]
        texture = np.rot90(np.roll(texture, int(random.integers(SIDE)), int(random.integers(2))), int(random.integers(4)))
        if random.random() < 0.3:
            texture = texture[:, :, random.permutation(3)]
        return texture
