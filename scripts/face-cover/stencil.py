# SPDX-License-Identifier: Apache-2.0
"""Shapes and layers in the frame of a face (faces.py)."""
import dataclasses

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from faces import BASE_PIXELS, BASE_SIDE, CHIP_CENTRE
from textures import SIDE

FINE = 2
PER_UNIT = BASE_PIXELS / BASE_SIDE
Y, X = (np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) + 0.5) / PER_UNIT
X -= BASE_SIDE / 2
Y += CHIP_CENTRE - BASE_SIDE / 2


def pixel(point):
    return ((point[0] + BASE_SIDE / 2) * PER_UNIT * FINE, (point[1] - CHIP_CENTRE + BASE_SIDE / 2) * PER_UNIT * FINE)


def smooth(points, closed=True, steps=6):
    """Points of a Catmull-Rom curve through the points."""
    p = np.asarray(points, float)
    before, after, beyond = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    curve = 0.5 * (2 * p + (after - before) * t + (2 * before - 5 * p + 4 * after - beyond) * t**2 + (3 * p - before - 3 * after + beyond) * t**3)
    return curve.transpose(1, 0, 2).reshape(-1, 2)


class Stencil:
    """Draws in the face's frame how much is hidden, 0…1."""

    def __init__(self):
        self.image = Image.new("L", (SIDE * FINE, SIDE * FINE))
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points, level=255):
        self.draw.polygon([pixel(p) for p in points], fill=level)
        return self

    def ellipse(self, centre, a, b, turn=0.0, level=255, power=2.0):
        t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        x, y = (np.sign(f) * np.abs(f) ** (2 / power) * r for f, r in ((np.cos(t), a), (np.sin(t), b)))
        c, s = np.cos(turn), np.sin(turn)
        return self.polygon(np.stack([centre[0] + c * x - s * y, centre[1] + s * x + c * y], -1), level)

    def line(self, points, width, level=255):
        self.draw.line([pixel(p) for p in points], fill=level, width=max(1, round(width * PER_UNIT * FINE)), joint="curve")
        return self

    def alpha(self, blur=0.0):
        image = self.image.reduce(FINE)
        return np.asarray(image.filter(ImageFilter.GaussianBlur(blur)) if blur > 0.3 else image, np.float32) / 255


@dataclasses.dataclass
class Layer:
    rgb: np.ndarray
    alpha: np.ndarray
    # Whether the layer hides what lies under it; a beard or a shadow does not.
    hides: bool = True
