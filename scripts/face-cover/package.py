# SPDX-License-Identifier: Apache-2.0
"""Writes the package of models/face-cover."""
import hashlib
import os
import shutil

import faces
import network

VERSION = "1"
# Below them a decision does not rest on a face: chosen on the people of "limits", see models/face-cover/README.md.
MINIMUM_EYES, MINIMUM_MOUTH_AND_NOSE = 0.85, 0.85


def write(onnx, folder):
    os.makedirs(folder, exist_ok=True)
    shutil.copyfile(onnx, os.path.join(folder, "cover.onnx"))
    with open(onnx, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    mean, deviation = ([value] * 3 for value in (network.MEAN, network.DEVIATION))
    with open(os.path.join(folder, "model.toml"), "w", encoding="utf-8") as file:
        file.write(f"""# A network that Likeness measures covered faces with. The digest of the file is checked whenever it is loaded.
format = 1
purpose = "face-cover"
name = "likeness-face-cover"
version = "{VERSION}"
licence = "research use: trained on photographs of Labeled Faces in the Wild and of the AT&T (ORL) database of faces"
source = "covers drawn on lfw-strangers (LFW without the people of its published pairs) and orl-faces (AT&T Laboratories Cambridge), by scripts/train-face-cover"

[input]
width = 64
height = 64
layout = "NCHW"
channels = "RGB"
mean = {mean}
standard_deviation = {deviation}

[network]
file = "cover.onnx"

[view]
side = {faces.CHIP_SIDE}
centre = {faces.CHIP_CENTRE}

[quality]
minimum_eyes_visible = {MINIMUM_EYES}
minimum_mouth_and_nose_visible = {MINIMUM_MOUTH_AND_NOSE}

[files]
"cover.onnx" = "{digest}"
""")
