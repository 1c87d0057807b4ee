# SPDX-License-Identifier: Apache-2.0
"""Covers, and what is no cover, drawn on a face that lies in its own frame (faces.py).

Every drawing is one or more layers: colours, and how much of the face they hide at each pixel. What a picture is called follows from how
much of mouth and eyes is hidden in the end, and not from what was meant to be drawn.
"""
import numpy as np
from PIL import Image, ImageFilter

from stencil import FINE, Layer, Stencil, X, Y, pixel, smooth
from textures import GROUNDS, Pool, SIDE, colour, knitted, noise


class Artist:
    """Draws on faces by chance. `random` decides everything."""

    def __init__(self, seed, textures=200):
        self.random = np.random.default_rng(seed)
        self.cloth = Pool(self.random, GROUNDS, textures)
        self.wool = Pool(self.random, [knitted], max(8, textures // 8))

    # What every layer is made of

    def between(self, low, high):
        return self.random.uniform(low, max(low, high))

    def chance(self, share):
        return self.random.random() < share

    def ground(self, cloth=0.55):
        """Cloth, or one colour with a little noise."""
        if self.chance(cloth):
            return self.cloth.draw(self.random)
        return colour(self.random, saturation=(0, 0.8)).astype(np.float32) * (0.95 + 0.1 * noise(self.random, 30))

    def lit(self, rgb, face, strength=1.0):
        """In the light that falls on the face: its brightness, and darker to one side."""
        middle = face[40:130:3, 45:115:3] @ np.array([0.3, 0.4, 0.3], np.float32)
        level = float(np.clip(np.median(middle) / 135, 0.45, 1.3)) ** strength
        slope = float(np.clip((np.median(middle[:, 13:]) - np.median(middle[:, :10])) / 120, -0.6, 0.6))
        curve = 1 - self.between(0.05, 0.3) * np.clip(np.abs(X), 0, 1.3) ** 2
        return rgb * (level * curve * (1 + slope * X / 2) * self.between(0.85, 1.15))[..., None]

    def side_widths(self, points, width):
        """To the left and right of the middle, narrower where the head turns to."""
        turn = np.clip(points[2][0], -0.5, 0.5)
        return width * (1 + (0.3 if turn > 0 else 0.8) * turn), width * (1 - (0.8 if turn > 0 else 0.3) * turn)

    # Mouth and nose

    def outline(self, points, top, bottom, width, corner, lower):
        """Of a mask: the edge over the nose, down the cheeks, and under the chin."""
        nose, mouth = points[2], (points[3] + points[4]) / 2
        left, right = self.side_widths(points, width)
        middle = np.array([mouth[0] * 0.5 + nose[0] * 0.5, 0])
        along = np.array([points[4][0] - points[3][0], points[4][1] - points[3][1]])
        tilt = np.clip(along[1] / max(along[0], 0.3), -0.3, 0.3)
        shape = [(-left, corner), (-0.45 * left, top + 0.35 * (corner - top)), (0, top), (0.45 * right, top + 0.35 * (corner - top)),
                 (right, corner), (0.97 * right, corner + 0.55 * (bottom - corner)), (lower * right, bottom - 0.05), (0, bottom),
                 (-lower * left, bottom - 0.05), (-0.97 * left, corner + 0.55 * (bottom - corner))]
        shape = np.array(shape) + middle + self.random.normal(0, 0.025, (10, 2))
        shape[:, 1] += tilt * shape[:, 0]
        return shape

    def mask(self, face, points, style, place="over"):
        """A mask over mouth and nose, below the nose, or under the chin, where it covers nothing."""
        nose, mouth = points[2][1], (points[3][1] + points[4][1]) / 2
        if place == "over":
            top = self.between(0.08, max(0.15, nose - 0.08))
        elif place == "below":
            top = self.between(nose + 0.14, max(nose + 0.2, mouth - 0.22))
        else:
            top = self.between(mouth + 0.33, mouth + 0.6)
        bottom = max(self.between(1.62, 2.05), top + 0.55)
        corner = top + self.between(0.05, 0.35)
        shape = self.outline(points, top, bottom, self.between(0.82, 1.2), corner, self.between(0.4, 0.75))
        layers = []
        if self.chance(0.8):
            loops, width = Stencil(), self.between(0.02, 0.06)
            for side, outer in ((0, -1), (4, 1)):
                loops.line([shape[side], (outer * self.between(1.25, 1.6), self.between(-0.05, 0.4))], width)
                loops.line([shape[9 if side == 0 else 5], (outer * self.between(1.25, 1.6), self.between(0.3, 0.7))], width)
            layers.append(Layer(self.lit(np.full((SIDE, SIDE, 3), self.between(30, 250), np.float32), face), loops.alpha(0.4)))
        if style == "surgical":
            bases = [(150, 195, 225), (240, 243, 246), (120, 200, 190), (30, 30, 34), (240, 180, 200), (90, 130, 190), (250, 250, 250)]
            rgb = np.array(bases[self.random.integers(len(bases))], np.float32) + self.random.normal(0, 8, 3).astype(np.float32)
            rgb = np.broadcast_to(rgb, (SIDE, SIDE, 3)) * (0.97 + 0.06 * noise(self.random, 30))
            folds, depth = self.between(0.12, 0.3), self.between(0, 0.14)
            rgb = rgb * (1 - depth * (np.sin(2 * np.pi * (Y + 0.1 * X * X) / folds) > 0.75))[..., None]
            if self.chance(0.3):
                rgb = rgb * (1 - 0.25 * np.exp(-((X - points[2][0]) / 0.02) ** 2))[..., None]
        elif style == "cloth":
            rgb = self.ground(0.25)
            if self.chance(0.4):
                rgb = rgb * (1 - 0.3 * np.exp(-((X - points[2][0]) / 0.025) ** 2))[..., None]
        else:
            rgb = self.ground(1)
        rgb = rgb * (1 + self.between(0, 0.25) * np.exp(-((X - points[2][0]) ** 2 + (Y - points[2][1] - 0.1) ** 2) / 0.15) - 0.08)[..., None]
        rgb = rgb * (1 + self.between(0, 0.3) * (noise(self.random, int(self.random.integers(4, 12))) - 0.5))
        layers.append(Layer(self.lit(rgb, face), Stencil().polygon(smooth(shape)).alpha(self.between(0.3, 1.2))))
        return layers

    def scarf(self, face, points):
        """Wool or cloth around the lower face, as wide as the picture: the kind that is held out."""
        nose, mouth = points[2][1], (points[3][1] + points[4][1]) / 2
        top = self.between(0.1, nose - 0.05) if self.chance(0.65) else self.between(nose + 0.15, mouth - 0.22)
        edge = [(x, top + self.between(-0.06, 0.06) + self.between(0, 0.2) * abs(x)) for x in np.linspace(-1.7, 1.7, 9)]
        shape = smooth(edge + [(1.9, 2.4), (-1.9, 2.4)])
        rgb = self.wool.draw(self.random) if self.chance(0.7) else self.ground()
        folds = np.sin(2 * np.pi * (Y + self.between(-0.4, 0.4) * X + 0.2 * X * X) / self.between(0.25, 0.7) + self.between(0, 6))
        rgb = rgb * (0.9 + self.between(0.05, 0.25) * folds)[..., None]
        return [Layer(self.lit(rgb, face), Stencil().polygon(shape).alpha(self.between(0.6, 1.5)))]

    def object(self, face, centre, a, b):
        """Anything flat or round that is held before a face: paper, a telephone, a cup, a fan."""
        turn = self.random.normal(0, 0.25)
        stencil = Stencil()
        style = self.random.integers(4)
        if style == 0:
            stencil.ellipse(centre, a, b, turn)
        elif style == 1:
            stencil.ellipse(centre, a, b, turn, power=8)
        elif style == 2:
            t = np.sort(self.random.uniform(0, 2 * np.pi, 9))
            r = self.random.uniform(0.8, 1.25, 9)
            stencil.polygon(np.stack([centre[0] + a * r * np.cos(t), centre[1] + b * r * np.sin(t)], -1)).ellipse(centre, 0.85 * a, 0.85 * b)
        else:
            c, s = np.cos(turn), np.sin(turn)
            stencil.polygon([(centre[0] + c * x * a - s * y * b, centre[1] + s * x * a + c * y * b) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
        rgb = self.ground(0.7)
        return [Layer(self.lit(rgb, face, 0.6) if self.chance(0.7) else rgb, stencil.alpha(self.between(0.2, 1)))]

    # Hands

    def hand(self, face, centre, width, tilt, from_left):
        """The backs of fingers across `centre`, and the hand that they belong to."""
        skin = np.median(face[70:105, 45:60].reshape(-1, 3), 0) * 0.5 + np.median(face[70:105, 100:115].reshape(-1, 3), 0) * 0.5
        skin = (np.clip(skin, 40, 235) * self.between(0.8, 1.2) + self.random.normal(0, 6, 3)).astype(np.float32)
        along = np.array([np.cos(tilt), np.sin(tilt)]) * (1 if from_left else -1)
        across = np.array([-along[1], along[0]])
        thickness = width / self.between(3.4, 4.2)
        count = 4
        whole, gaps, shine = Stencil(), Stencil(), Stencil()
        centre = np.asarray(centre)
        fan = self.between(0, 0.12)
        for finger in range(count):
            offset = (finger - (count - 1) / 2) * thickness
            direction = along + across * fan * (finger - 1.5)
            tip = centre + across * offset + direction * (self.between(0.45, 0.75) - 0.12 * abs(finger - 1.3))
            root = centre + across * offset * 0.95 - direction * 0.75
            whole.line([root, tip], thickness * 1.04).ellipse(tip, thickness / 2, thickness / 2)
            if finger:
                edge = across * thickness / 2
                gaps.line([root - edge, tip - edge - direction * 0.08], self.between(0.015, 0.05), 200)
            shine.line([root, tip], thickness * 0.35, 120)
            if self.chance(0.5):
                shine.ellipse(tip - direction * 0.03, thickness * 0.25, thickness * 0.3, tilt, 200)
        palm = centre - along * self.between(1.0, 1.2)
        whole.ellipse(palm, 0.62, width * 0.62, tilt)
        rgb = np.broadcast_to(skin, (SIDE, SIDE, 3)) * (0.9 + 0.2 * noise(self.random, 12))
        rgb = rgb * (1 - 0.55 * gaps.alpha(0.8) + 0.2 * shine.alpha(2.5))[..., None]
        alpha = whole.alpha(0.7)
        shadow = np.asarray(Image.fromarray((255 * alpha).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3)), np.float32) / 255
        slope = 1 + self.between(-0.2, 0.2) * X + self.between(-0.15, 0.15) * Y
        return [Layer(np.zeros((SIDE, SIDE, 3), np.float32), self.between(0.1, 0.4) * shadow, hides=False),
                Layer(rgb * slope[..., None], alpha)]

    # Eyes

    def glasses(self, face, points, lenses):
        """Sunglasses of dark, mirrored or coloured lenses, or clear ones."""
        left, right = points[0], points[1]
        tilt = np.arctan2(right[1] - left[1], right[0] - left[0]) + self.random.normal(0, 0.03)
        along, down = np.array([np.cos(tilt), np.sin(tilt)]), np.array([-np.sin(tilt), np.cos(tilt)])
        shift = down * self.between(-0.03, 0.14) + along * self.random.normal(0, 0.03)
        least = 0 if lenses != "clear" else -0.06
        a, b = self.between(0.33 + least, 0.5), self.between(0.23 + least, 0.43)
        power, drop = self.random.choice([2, 2.4, 3, 4]), self.between(-0.08, 0.12)
        glass, rims, shines = Stencil(), Stencil(), Stencil()
        rim = self.between(0.02, 0.13) if self.chance(0.75) else self.between(0.008, 0.02)
        centres = []
        for eye, outward in ((left, -1), (right, 1)):
            centre = np.asarray(eye) + shift + along * outward * self.between(0.0, 0.09)
            centres.append(centre)
            t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
            x, y = (np.sign(f) * np.abs(f) ** (2 / power) * r for f, r in ((np.cos(t), a), (np.sin(t), b)))
            x = x + outward * drop * y
            ring = centre + x[:, None] * along + y[:, None] * down
            glass.polygon(ring)
            rims.line(list(ring) + [ring[0]], rim)
            if self.chance(0.45):
                size = self.between(0.03, 0.12)
                shines.ellipse(centre + along * self.between(-0.6, 0.6) * a + down * self.between(-0.6, 0.4) * b, size, size * self.between(0.3, 1.5),
                               self.between(-1, 1), int(self.between(90, 255)))
        rims.line([centres[0] + along * a * 0.9 - down * 0.1 * b, centres[1] - along * a * 0.9 - down * 0.1 * b], max(rim, 0.03))
        for centre, outward in ((centres[0], -1), (centres[1], 1)):
            rims.line([centre + along * outward * a - down * 0.3 * b, (outward * 1.5, centre[1] + self.between(-0.12, 0.1))], max(rim * 0.9, 0.03))
        inside = glass.alpha(0.4)
        fade = np.clip((Y - centres[0][1]) / b, -1, 1)
        if lenses == "dark":
            rgb = np.broadcast_to(colour(self.random, (0, 0.4), (0.0, 0.2)).astype(np.float32), (SIDE, SIDE, 3)) + self.between(0, 22) * fade[..., None]
            alpha = inside * (self.between(0.9, 1) - self.between(0, 0.08) * np.clip(fade, 0, 1))
        elif lenses == "mirrored":
            upper, lower = (colour(self.random, (0, 0.9), (0.35, 1)) for _ in range(2))
            share = np.clip(0.5 + fade * self.between(0.4, 3) + self.random.normal(0, 0.2), 0, 1)[..., None]
            rgb = (share * upper + (1 - share) * lower) * (0.7 + 0.6 * noise(self.random, int(self.random.integers(3, 12))))
            alpha = inside * self.between(0.93, 1)
        elif lenses == "coloured":
            rgb = np.broadcast_to(colour(self.random, (0.3, 1), (0.15, 0.75)).astype(np.float32), (SIDE, SIDE, 3)) + self.between(0, 30) * fade[..., None]
            alpha = inside * self.between(0.82, 0.97)
        else:
            rgb = np.broadcast_to(colour(self.random, (0, 0.3), (0.3, 1)).astype(np.float32), (SIDE, SIDE, 3))
            alpha = inside * self.between(0, 0.16)
        frame = colour(self.random, (0, 0.9), (0.02, 0.5)) if self.chance(0.75) else colour(self.random, (0, 0.4), (0.4, 0.95))
        return [Layer(rgb, alpha),
                Layer(np.full((SIDE, SIDE, 3), self.between(200, 255), np.float32), shines.alpha(1.2) * inside * self.between(0.3, 0.95), lenses != "clear"),
                Layer(np.broadcast_to(frame.astype(np.float32), (SIDE, SIDE, 3)), rims.alpha(0.4))]

    # What is no cover

    def beard(self, face, points):
        """Dark or grey hair on lip, cheeks and chin, with the mouth free."""
        mouth = (points[3] + points[4]) / 2
        area, free = Stencil(), Stencil()
        left, right = self.side_widths(points, self.between(0.75, 1.0))
        if self.chance(0.7):
            area.polygon(smooth([(-left, 0.75), (-0.5 * left, mouth[1] - 0.1), (mouth[0], mouth[1] - 0.22), (0.5 * right, mouth[1] - 0.1), (right, 0.75),
                                 (0.8 * right, 1.6), (mouth[0], self.between(1.75, 2.1)), (-0.8 * left, 1.6)]))
        area.ellipse((mouth[0], mouth[1] - 0.22), self.between(0.3, 0.5), self.between(0.07, 0.13))
        free.ellipse((mouth[0], mouth[1] + 0.02), self.between(0.3, 0.42), self.between(0.08, 0.14))
        alpha = area.alpha(self.between(2, 5)) * (1 - free.alpha(1.5)) * np.clip(noise(self.random, 80)[..., 0] * self.between(0.6, 1.4) + 0.1, 0, self.between(0.5, 0.95))
        hair = colour(self.random, (0, 0.5), (0.05, 0.35)) if self.chance(0.8) else colour(self.random, (0, 0.1), (0.5, 0.85))
        return [Layer(np.broadcast_to(hair.astype(np.float32), (SIDE, SIDE, 3)) * (0.7 + 0.6 * noise(self.random, 60)), alpha, hides=False)]

    def headgear(self, face, points):
        """A hat, a cap or hair over the forehead, down to the brows."""
        edge = self.between(-0.75, -0.32)
        if self.chance(0.5):
            rgb, blur = self.ground(), 0.8
            shape = [(x, edge + self.between(-0.05, 0.05) + self.between(-0.1, 0.15) * x * x) for x in np.linspace(-1.8, 1.8, 7)]
            alpha = Stencil().polygon(smooth(shape + [(1.9, -2), (-1.9, -2)])).alpha(blur)
        else:
            stencil, rgb = Stencil(), np.broadcast_to(colour(self.random, (0, 0.7), (0.05, 0.8)).astype(np.float32), (SIDE, SIDE, 3)) * (0.6 + 0.8 * noise(self.random, 60))
            slant = self.between(-0.4, 0.4)
            for x in np.arange(-1.6, 1.6, 0.06):
                stencil.line([(x - slant, -1.5), (x + self.random.normal(0, 0.05), edge + self.random.normal(0, 0.06))], self.between(0.03, 0.12))
            alpha = stencil.alpha(0.6)
        layers = [Layer(self.lit(rgb, face), alpha)]
        if self.chance(0.5):
            shade = np.clip(1 - (Y - edge) / self.between(0.3, 0.9), 0, 1) * (Y > edge)
            layers.append(Layer(np.zeros((SIDE, SIDE, 3), np.float32), self.between(0.15, 0.6) * shade, hides=False))
        return layers

    def shadow(self, face, points):
        """Half of the face, its eyes or its lower part in shadow, or one side in bright light."""
        angle, place = self.between(0, 2 * np.pi), self.between(-0.4, 0.6)
        side = 1 / (1 + np.exp(-(X * np.cos(angle) + (Y - 0.4) * np.sin(angle) - place) / self.between(0.05, 0.5)))
        level = 0.0 if self.chance(0.75) else 255.0
        return [Layer(np.full((SIDE, SIDE, 3), level, np.float32), self.between(0.2, 0.75) * side.astype(np.float32), hides=False)]

    def collar(self, face, points):
        """Cloth around the neck, below the mouth."""
        mouth = (points[3][1] + points[4][1]) / 2
        top = self.between(mouth + 0.38, 2.0)
        edge = [(x, top + self.between(-0.05, 0.05) - self.between(0, 0.3) * x * x) for x in np.linspace(-1.7, 1.7, 7)]
        return [Layer(self.lit(self.ground(), face), Stencil().polygon(smooth(edge + [(1.9, 2.6), (-1.9, 2.6)])).alpha(0.8))]

    def beside(self, face, points):
        """A hand or a thing at cheek, chin or forehead."""
        t = self.between(0, 2 * np.pi)
        centre = (1.15 * np.cos(t), 0.45 + 1.3 * np.sin(t))
        if self.chance(0.5):
            return self.hand(face, centre, self.between(0.6, 0.9), self.between(-1.5, 1.5), centre[0] < 0)
        return self.object(face, centre, self.between(0.2, 0.6), self.between(0.2, 0.6))

    # Kinds by name

    def layers(self, kind, face, points):
        points = points + self.random.normal(0, 0.02, points.shape)
        nose, mouth = points[2], (points[3] + points[4]) / 2
        eyes = (points[0] + points[1]) / 2
        match kind:
            case "surgical mask" | "cloth mask" | "printed mask":
                return self.mask(face, points, kind.split()[0], "over" if self.chance(0.75) else "below")
            case "scarf":
                return self.scarf(face, points)
            case "hand on mouth":
                centre = 0.35 * nose + 0.65 * mouth + self.random.normal(0, 0.06, 2)
                return self.hand(face, centre, self.between(0.75, 1.0), self.random.normal(0, 0.5), self.chance(0.5))
            case "thing before mouth":
                centre = 0.25 * nose + 0.75 * mouth + self.random.normal(0, 0.05, 2) + (0, 0.08)
                return self.object(face, centre, self.between(0.5, 1.1), self.between(0.36, 0.8))
            case "dark glasses" | "mirrored glasses" | "coloured glasses":
                return self.glasses(face, points, kind.split()[0])
            case "hand on eyes":
                return self.hand(face, eyes + self.random.normal(0, 0.06, 2), self.between(0.65, 0.9), self.random.normal(0, 0.2), self.chance(0.5)) + \
                    (self.hand(face, eyes + (self.between(0.3, 0.5), 0), self.between(0.65, 0.9), self.random.normal(0, 0.25), False) if self.chance(0.5) else [])
            case "thing before eyes":
                return self.object(face, eyes + self.random.normal(0, 0.05, 2), self.between(0.95, 1.4), self.between(0.24, 0.5))
            case "mask and glasses":
                return self.layers(["surgical mask", "cloth mask", "printed mask"][self.random.integers(3)], face, points) + \
                    self.glasses(face, points, ["dark", "mirrored", "coloured"][self.random.integers(3)])
            case "clear glasses": return self.glasses(face, points, "clear")
            case "mask under chin": return self.mask(face, points, ["surgical", "cloth", "printed"][self.random.integers(3)], "under")
            case "beard": return self.beard(face, points)
            case "headgear": return self.headgear(face, points)
            case "shadow": return self.shadow(face, points)
            case "collar": return self.collar(face, points)
            case "beside": return self.beside(face, points)
        raise ValueError(kind)


MOUTH_COVERS = ["surgical mask", "cloth mask", "printed mask", "thing before mouth", "hand on mouth", "scarf"]
EYE_COVERS = ["dark glasses", "mirrored glasses", "coloured glasses", "thing before eyes", "hand on eyes"]
NO_COVERS = ["clear glasses", "mask under chin", "beard", "headgear", "shadow", "collar", "beside"]


def share(hidden, centre, a, b):
    """The mean in an ellipse."""
    left, top = (int(v / FINE) for v in pixel((centre[0] - a, centre[1] - b)))
    right, bottom = (int(v / FINE) + 1 for v in pixel((centre[0] + a, centre[1] + b)))
    part = np.s_[max(top, 0):max(bottom, 1), max(left, 0):max(right, 1)]
    inside = ((X[part] - centre[0]) / a) ** 2 + ((Y[part] - centre[1]) / b) ** 2 <= 1
    return hidden[part][inside].mean()


def hidden(layers, points):
    """How much of the eyes (the one that is hidden less, and the other), and of the mouth, is hidden."""
    shown = np.ones((SIDE, SIDE), np.float32)
    for layer in layers:
        if layer.hides:
            shown = shown * (1 - layer.alpha)
    eyes = sorted(1 - share(shown, points[i], 0.24, 0.12) for i in (0, 1))
    mouth = (points[3] + points[4]) / 2
    wide = max(0.2, 0.9 * (points[4][0] - points[3][0]) / 2)
    return eyes, 1 - share(shown, mouth, wide, 0.15)


def labels(layers, points):
    """Whether eyes, and mouth with nose, are seen: 1 or 0, and NaN where it is neither."""
    eyes, mouth = hidden(layers, points)
    def seen(least, most):
        return 0.0 if least >= 0.75 else 1.0 if most <= 0.22 else np.nan
    return seen(*eyes), seen(mouth, mouth)


def painted(face, layers):
    """The face with the layers on it, one over the other."""
    face = face.copy()
    for layer in layers:
        rows, columns = (np.flatnonzero(layer.alpha.max(axis) > 0) for axis in (1, 0))
        if len(rows):
            part = np.s_[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
            face[part] += layer.alpha[part][..., None] * (layer.rgb[part] - face[part])
    return np.clip(face, 0, 255)
