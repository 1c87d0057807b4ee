# SPDX-License-Identifier: Apache-2.0
"""What NumPy and ONNX Runtime make of YuNet: boxes, landmarks and confidences of every face above a confidence.

usage: yunet_reference.py NETWORK WIDTH HEIGHT MINIMUM_CONFIDENCE OVERLAP IMAGE...

Every IMAGE is laid into the top left corner of a black canvas of WIDTH x HEIGHT as it is. Prints one JSON list
with, for every image, its faces by falling confidence: {"box": [left, top, width, height], "landmarks": [[x, y] * 5],
"confidence": c}, in pixels of the image.
"""
import json
import sys

import numpy as np
import onnxruntime
from PIL import Image

network, width, height, minimum, overlap = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])
session = onnxruntime.InferenceSession(network)
names = [output.name for output in session.get_outputs()]


def shared(a, b):
    wide = max(0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]))
    high = max(0, min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]))
    return wide * high / (a[2] * a[3] + b[2] * b[3] - wide * high)


def faces(image):
    canvas = np.zeros((height, width, 3), np.float32)
    canvas[: image.shape[0], : image.shape[1]] = image[:, :, ::-1]
    outputs = dict(zip(names, session.run(None, {session.get_inputs()[0].name: canvas.transpose(2, 0, 1)[None]})))
    found = []
    for stride in (8, 16, 32):
        grid = np.stack(np.meshgrid(np.arange(width // stride), np.arange(height // stride)), -1).reshape(-1, 2)
        scores = np.sqrt(np.clip(outputs[f"cls_{stride}"], 0, 1) * np.clip(outputs[f"obj_{stride}"], 0, 1)).reshape(-1)
        boxes = outputs[f"bbox_{stride}"].reshape(-1, 4)
        centres = (grid + boxes[:, :2]) * stride
        sizes = np.exp(boxes[:, 2:]) * stride
        points = (outputs[f"kps_{stride}"].reshape(-1, 5, 2) + grid[:, None]) * stride
        for index in np.flatnonzero(scores >= minimum):
            found.append((float(scores[index]), [*(centres - sizes / 2)[index].tolist(), *sizes[index].tolist()], points[index].tolist()))
    kept = []
    for face in sorted(found, key=lambda face: -face[0]):
        if all(shared(face[1], other[1]) <= overlap for other in kept):
            kept.append(face)
    return [{"confidence": c, "box": b, "landmarks": p} for c, b, p in kept]


print(json.dumps([faces(np.asarray(Image.open(path).convert("RGB"))) for path in sys.argv[6:]]))
