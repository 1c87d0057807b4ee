# SPDX-License-Identifier: Apache-2.0
"""Pictures of faces, where their landmarks are, and who of them is trained on.

A face's own frame has its origin in the middle between the eyes, x along them and y down to the chin; its unit is the distance of the
eyes. It is where Recognition/Faces/CoverChip.swift cuts its chip.
"""
import dataclasses
import hashlib
import json
import os
import subprocess

import numpy as np
from PIL import Image

# The square of the face's frame that the network sees, and the larger one that is kept to draw on and to cut it from.
CHIP_SIDE, CHIP_CENTRE = 2.58, 0.41
BASE_SIDE, BASE_PIXELS = 3.6, 160

# The landmarks of a mean face, as FaceGeometry.swift has them: dlib's five and YuNet's.
MEAN_LANDMARKS = {
    "eye-corners-nose": np.array(
        [[0.8595674595992, 0.2134981538014], [0.6460604764104, 0.2289674387677], [0.1205750620789, 0.2137274526848],
         [0.3340850613712, 0.2290642403242], [0.4901123135679, 0.6277975316475]]),
    "eyes-nose-mouth": np.array(
        [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]),
}


def eyes(landmarks, layout):
    """Left and right as the picture shows them."""
    if layout == "eyes-nose-mouth":
        return landmarks[0], landmarks[1]
    return (landmarks[2] + landmarks[3]) / 2, (landmarks[0] + landmarks[1]) / 2


def similarity(a, b):
    """The 2x3 matrix of the turn, scale and shift that brings the points a nearest to the points b."""
    centre_a, centre_b = a.mean(0), b.mean(0)
    p, q = a - centre_a, b - centre_b
    spread = (p * p).sum()
    cosine, sine = (p * q).sum() / spread, (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / spread
    linear = np.array([[cosine, -sine], [sine, cosine]])
    return np.hstack([linear, (centre_b - linear @ centre_a)[:, None]])


def applied(matrix, points):
    return np.asarray(points, float) @ matrix[:, :2].T + matrix[:, 2]


def composed(outer, inner):
    """First inner, then outer."""
    return np.hstack([outer[:, :2] @ inner[:, :2], (outer[:, :2] @ inner[:, 2] + outer[:, 2])[:, None]])


def inverse(matrix):
    linear = np.linalg.inv(matrix[:, :2])
    return np.hstack([linear, (-linear @ matrix[:, 2])[:, None]])


def from_frame(landmarks, layout):
    """From a face's own frame to the picture."""
    mean = MEAN_LANDMARKS[layout]
    left, right = eyes(mean, layout)
    origin, unit = (left + right) / 2, np.hypot(*(right - left))
    return composed(similarity(mean, np.asarray(landmarks, float)), np.array([[unit, 0, origin[0]], [0, unit, origin[1]]]))


def square(side, centre, pixels):
    """From the pixels of a square around (0, centre) to the face's frame."""
    scale = side / pixels
    return np.array([[scale, 0, -side / 2 + scale / 2], [0, scale, centre - side / 2 + scale / 2]])


def warped(image, to_image, size, fill=0):
    """The square of `size` pixels whose pixel p is the picture at to_image(p)."""
    m = to_image.copy()
    # Pillow's pixels have their centres at halves.
    m[:, 2] += 0.5 - 0.5 * (m[:, 0] + m[:, 1])
    return image.transform((size, size), Image.Transform.AFFINE, m.reshape(-1), Image.Resampling.BILINEAR, fillcolor=fill)


def split_of(set_name, person):
    """train, limits (for choosing them), or test; of all pictures of a person the same."""
    share = int(hashlib.sha256(f"face-cover/{set_name}/{person}".encode()).hexdigest()[:8], 16) / 2**32
    return "train" if share < 0.65 else "limits" if share < 0.78 else "test"


@dataclasses.dataclass
class Face:
    path: str
    set_name: str
    person: str
    layout: str
    landmarks: np.ndarray
    # Eyes, nose and corners of the mouth in the face's frame, as YuNet's layout has them.
    points: np.ndarray

    @property
    def split(self):
        return split_of(self.set_name, self.person)

    def base(self):
        """What is drawn on: the face upright, with room around it."""
        with Image.open(self.path) as image:
            return warped(
                image.convert("RGB"), composed(from_frame(self.landmarks, self.layout), square(BASE_SIDE, CHIP_CENTRE, BASE_PIXELS)),
                BASE_PIXELS)


def detected(enroll, model, paths, cache, cover="none"):
    """What `enroll detect` finds in each picture, and measures by a face-cover network; kept in the file `cache`."""
    known = {}
    if os.path.exists(cache):
        with open(cache, encoding="utf-8") as lines:
            known = {entry["image"]: entry for entry in map(json.loads, lines)}
    missing = [path for path in paths if path not in known]
    with open(cache, "a", encoding="utf-8") as lines:
        for number, path in enumerate(missing):
            if number % 200 == 0:
                print(f"landmarks: {number} of {len(missing)} pictures", flush=True)
            answer = subprocess.run([enroll, "detect", path, "--model", model, "--face-cover", cover, "--json"], capture_output=True, text=True)
            entry = json.loads(answer.stdout) if answer.returncode == 0 else {"faces": []}
            entry["image"] = path
            known[path] = entry
            lines.write(json.dumps(entry) + "\n")
    return {path: known[path] for path in paths}


def middle_face(entry):
    """The face nearest to the middle; these photographs were cut around the one that they are of."""
    middle = np.array([entry.get("width", 0), entry.get("height", 0)]) / 2
    def distance(face):
        box = face["box"]
        return np.hypot(*(np.array([box["left"] + box["width"] / 2, box["top"] + box["height"] / 2]) - middle))
    return min(entry["faces"], key=distance, default=None)


def pictures(data):
    paths = []
    for name in ("orl-faces", "lfw-strangers"):
        folder = os.path.join(data, name)
        for person in sorted(os.listdir(folder)):
            inside = os.path.join(folder, person)
            if os.path.isdir(inside):
                paths += [os.path.join(inside, file) for file in sorted(os.listdir(inside))]
    return paths


def load(paths, entries, mouths):
    """Faces with the landmarks of one detector, and the places of mouth and nose from a detector that finds the mouth, if any."""
    faces = []
    for path in paths:
        found = middle_face(entries[path])
        if found is None:
            continue
        layout = found["landmark_layout"]
        landmarks = np.array([[p["x"], p["y"]] for p in found["landmarks"]])
        frame = inverse(from_frame(landmarks, layout))
        points = None
        other = middle_face(mouths[path]) if mouths else None
        if other is not None:
            points = applied(frame, [[p["x"], p["y"]] for p in other["landmarks"]])
        if points is None or np.abs(points - MEAN_POINTS).max() > 0.6:
            left, right = (applied(frame, [point])[0] for point in eyes(landmarks, layout))
            nose = applied(frame, landmarks[4:5])[0] if layout == "eye-corners-nose" else None
            turned = nose[0] if nose is not None else 0
            points = MEAN_POINTS + np.array([[0, 0], [0, 0], [1.2 * turned, 0], [turned, 0], [turned, 0]])
            points[0], points[1] = left, right
        parts = path.split(os.sep)
        faces.append(Face(path, parts[-3], parts[-2], layout, landmarks, points))
    return faces


MEAN_POINTS = applied(inverse(from_frame(MEAN_LANDMARKS["eyes-nose-mouth"], "eyes-nose-mouth")), MEAN_LANDMARKS["eyes-nose-mouth"])
