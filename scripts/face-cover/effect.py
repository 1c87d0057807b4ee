# SPDX-License-Identifier: Apache-2.0
"""What covers do to decisions: strangers who wear the same cover are compared, through the detector, the landmarks and the measurements
of the built command, and the embeddings of ONNX Runtime.

usage: python scripts/face-cover/effect.py ENROLL DATA MODEL COVER OUTPUT [PEOPLE [SPLIT]]

MODEL is the package of dlib's networks, COVER the face-cover package. OUTPUT gets the pictures, what was found on each, and effect.json.
"""
import json
import os
import sys

import numpy as np
import onnxruntime
from PIL import Image

import covers
import faces

# The seed decides how each of them looks; everybody wears the same.
DESIGNS = [("surgical mask", 3), ("cloth mask", 5), ("printed mask", 6), ("scarf", 7), ("hand on mouth", 8), ("dark glasses", 9),
           ("mirrored glasses", 10), ("coloured glasses", 11), ("mask and glasses", 14)]


def dressed(face, kind, seed, textures):
    """The whole photograph with a cover on its face; the same seed gives everybody the same one."""
    artist = covers.Artist(0, 24) if textures is None else textures
    artist.random = np.random.default_rng(seed)
    base = np.asarray(face.base(), np.float32)
    layers = artist.layers(kind, base, face.points)
    seen = covers.labels(layers, face.points)
    with Image.open(face.path) as file:
        picture = file.convert("RGB")
    width, height = picture.size
    # From the picture to the base's pixels.
    to_base = faces.inverse(faces.composed(faces.from_frame(face.landmarks, face.layout), faces.square(faces.BASE_SIDE, faces.CHIP_CENTRE, faces.BASE_PIXELS)))
    m = to_base.copy()
    m[:, 2] += 0.5 - 0.5 * (m[:, 0] + m[:, 1])
    values = np.asarray(picture, np.float32)
    for layer in layers:
        rgba = np.dstack([np.clip(layer.rgb, 0, 255), 255 * np.clip(layer.alpha, 0, 1)]).astype(np.uint8)
        on = Image.fromarray(rgba, "RGBA").transform((width, height), Image.Transform.AFFINE, m.reshape(-1), Image.Resampling.BILINEAR)
        on = np.asarray(on, np.float32)
        values = values + on[..., 3:] / 255 * (on[..., :3] - values)
    if np.abs(base - base.mean(-1, keepdims=True)).max() < 6:
        values = np.repeat(values @ np.array([[0.299], [0.587], [0.114]], np.float32), 3, -1)
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)), seen


class Embedder:
    """dlib's chip and network, by Pillow and ONNX Runtime."""

    def __init__(self, model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(os.path.join(model, "embed.onnx"), options)
        self.name = self.session.get_inputs()[0].name

    def __call__(self, path, landmarks):
        mean = faces.MEAN_LANDMARKS["eye-corners-nose"]
        to_picture = faces.similarity((0.25 + mean) / 1.5 * 150, np.asarray(landmarks, float))
        with Image.open(path) as image:
            chip = np.asarray(faces.warped(image.convert("RGB"), to_picture, 150), np.float32)
        views = np.stack([chip, chip[:, ::-1]])
        values = (views - np.array([122.782, 117.001, 104.298], np.float32)) / 256
        return self.session.run(None, {self.name: values.transpose(0, 3, 1, 2)})[0].mean(0)


def main():
    enroll, data, model, cover, output = sys.argv[1:6]
    count, split = int(sys.argv[6]) if len(sys.argv) > 6 else 40, sys.argv[7] if len(sys.argv) > 7 else "test"
    os.makedirs(output, exist_ok=True)
    paths = faces.pictures(data)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "covered-photographs.txt"), encoding="utf-8") as lines:
        covered = {os.path.join(data, line.split()[0]) for line in lines}
    chosen = [path for path in paths if faces.split_of("lfw-strangers", path.split(os.sep)[-2]) == split
              and path.endswith("/1.jpg") and path not in covered][:count]
    entries = faces.detected(enroll, model, chosen, os.path.join(output, "uncovered.jsonl"), cover)
    group = faces.load(chosen, entries, None)
    threshold = [float(line.split("=")[1]) for line in open(os.path.join(model, "model.toml"), encoding="utf-8") if line.startswith("threshold")]
    threshold = threshold[1]
    embed, artist, results = Embedder(model), covers.Artist(0, 24), {}
    for kind, seed in [(None, 0)] + DESIGNS:
        name = kind.replace(" ", "-") + f"-{seed}" if kind else "uncovered"
        folder = os.path.join(output, "pictures", name)
        os.makedirs(folder, exist_ok=True)
        here = []
        for face in group:
            path = os.path.join(folder, face.person + ".png")
            if kind:
                picture, seen = dressed(face, kind, seed, artist)
                picture.save(path)
            here.append(path if kind else face.path)
        found = faces.detected(enroll, model, here, os.path.join(output, name + ".jsonl"), cover)
        rows = []
        for path in here:
            best = faces.middle_face(found[path])
            if best is None:
                rows.append(None)
                continue
            values = {m["quantity"]: m for m in best["measurements"]}
            others = all(m.get("minimum", -1e9) <= m["value"] <= m.get("maximum", 1e9) for q, m in values.items() if "visible" not in q)
            rows.append({"embedding": embed(path, [[p["x"], p["y"]] for p in best["landmarks"]]), "others": others,
                         "eyes": values.get("eyes_visible", {}).get("value"), "mouth": values.get("mouth_and_nose_visible", {}).get("value"),
                         "acceptable": best["acceptable"]})
        good = [row for row in rows if row and row["others"]]
        taken = [row for row in rows if row and row["acceptable"]]
        def matching(rows):
            if len(rows) < 2:
                return 0, 0
            e = np.stack([row["embedding"] for row in rows])
            d = np.sqrt(((e[:, None] - e[None]) ** 2).sum(-1))[np.triu_indices(len(e), 1)]
            return int((d <= threshold).sum()), len(d)
        results[name] = {"people": len(rows), "not found": sum(row is None for row in rows), "else unfit": sum(row is not None and not row["others"] for row in rows),
                         "taken": len(taken), "pairs that match, before": matching(good), "after": matching(taken),
                         "eyes": [row["eyes"] for row in good], "mouth": [row["mouth"] for row in good]}
        r = results[name]
        print(f"{name}: found {len(rows) - r['not found']} of {len(rows)}, otherwise fit {len(good)}, taken {len(taken)}; "
              f"impostor pairs that match: before {r['pairs that match, before']}, after {r['after']}", flush=True)
        with open(os.path.join(output, "effect.json"), "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
