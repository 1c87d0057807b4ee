# SPDX-License-Identifier: Apache-2.0
"""Networks as users have them: built with torchvision, timm and PyTorch, with random weights, exported by both of PyTorch's
exporters.

usage: exported_networks.py FOLDER

Writes backbones/NAME.onnx with NAME.in and NAME.out beside it (single precision, little-endian: an input, and what ONNX
Runtime answers), reference/NAME.onnx (a twin network for images of 105x105) with reference.json, people/PERSON/NUMBER.png for
it, and face/NAME.onnx with its weights in a file beside it. NAME ends with the exporter and its operator set.
"""
import json
import logging
import os
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import timm
import torch
import torchvision.models as models
from PIL import Image
from torch import nn
from torch.nn import functional as F

FOLDER = sys.argv[1]
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
torch.manual_seed(0)
torch.set_num_threads(1)
EXPORTERS = {"ts17": {"dynamo": False, "opset_version": 17}, "dyn18": {"dynamo": True, "opset_version": 18, "verbose": False}}


def path(*parts):
    made = os.path.join(FOLDER, *parts)
    os.makedirs(os.path.dirname(made), exist_ok=True)
    return made


def export(network, example, target, exporter, **more):
    options = dict(EXPORTERS[exporter])
    if options["dynamo"]:
        options["external_data"] = False
    torch.onnx.export(network, (example,), target, input_names=["input"], **options, **more)


def answer(target, values):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(target, options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: values})


def shaken(network):
    """As a trained network's: normalisations that do something."""
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(module.running_mean, 0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            if module.affine:
                nn.init.uniform_(module.weight, 0.7, 1.3)
                nn.init.normal_(module.bias, 0, 0.1)
    return network.eval()


class Block(nn.Module):
    """Of ArcFace's improved residual networks (IResNet)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
            nn.PReLU(outputs), nn.Conv2d(outputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs))
        self.short = None
        if stride != 1 or inputs != outputs:
            self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return self.body(x) + (x if self.short is None else self.short(x))


def iresnet18(size=112, embedding=512):
    stages, inputs = [], 64
    for outputs in (64, 128, 256, 512):
        stages += [Block(inputs, outputs, 2), Block(outputs, outputs, 1)]
        inputs = outputs
    area = (size // 16) ** 2
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.PReLU(64), *stages, nn.BatchNorm2d(512),
        nn.Dropout(0.0), nn.Flatten(), nn.Linear(512 * area, embedding), nn.BatchNorm1d(embedding))


def named(name, **options):
    return lambda: timm.create_model(name, pretrained=False, num_classes=64, **options)


BACKBONES = {
    "resnet18": (lambda: models.resnet18(num_classes=64), 64),
    "mobilenet_v3_small": (lambda: models.mobilenet_v3_small(num_classes=64), 64),
    "efficientnet_b0": (lambda: models.efficientnet_b0(num_classes=64), 64),
    "convnext_atto": (named("convnext_atto"), 64),
    "vit_tiny": (named("vit_tiny_patch16_224", img_size=64), 64),
    "edgenext_xx_small": (named("edgenext_xx_small"), 64),
    "ghostnet_050": (named("ghostnet_050"), 64),
    "iresnet18": (iresnet18, 112),
}


def backbones():
    for name, (make, size) in BACKBONES.items():
        network = shaken(make())
        example = torch.randn(1, 3, size, size)
        for exporter in EXPORTERS:
            base = path("backbones", f"{name}-{exporter}")
            export(network, example, base + ".onnx", exporter)
            example.numpy().astype("<f4").tofile(base + ".in")
            np.asarray(answer(base + ".onnx", example.numpy())[0], "<f4").tofile(base + ".out")
            print(name, exporter, flush=True)


class Reference(nn.Module):
    """The twin network of recipes/reference.toml."""

    def __init__(self):
        super().__init__()
        norm = lambda: nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2)
        self.body = nn.Sequential(
            nn.Conv2d(1, 96, 11), nn.ReLU(), norm(), nn.MaxPool2d(3, 2), nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(), norm(),
            nn.MaxPool2d(3, 2), nn.Dropout2d(0.3), nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Dropout2d(0.3), nn.Flatten(),
            nn.Linear(256 * 11 * 11, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 2))

    def forward(self, x):
        return self.body(x)


def people():
    """Pictures of twelve people of 105x105 pixels: a pattern for each, and noise."""
    random = np.random.default_rng(5)
    pictures = {}
    for person in range(12):
        pattern = np.kron(random.integers(0, 256, [7, 7]), np.ones([15, 15]))
        for number in range(1, 6):
            pixels = np.clip(pattern + random.normal(0, 12, [105, 105]), 0, 255).astype(np.uint8)
            name = f"{person:02d}/{number}.png"
            Image.fromarray(pixels, "L").save(path("people", name))
            pictures[name] = pixels
    return pictures


def reference():
    network = Reference().eval()
    # Embeddings of random weights lie near one another; of this length they tell the patterns apart.
    with torch.no_grad():
        network.body[-1].weight *= 40
    pictures = people()
    values = np.stack([picture for picture in pictures.values()])[:, None].astype(np.float32) / 255
    found = {}
    for exporter in EXPORTERS:
        target = path("reference", f"reference105-{exporter}.onnx")
        export(network, torch.zeros(1, 1, 105, 105), target, exporter)
        rows = [answer(target, values[index:index + 1])[0][0] for index in range(len(values))]
        found[exporter] = {name: [float(value) for value in row] for name, row in zip(pictures, rows)}
        print("reference105", exporter, flush=True)
    with open(path("reference", "reference.json"), "w", encoding="utf-8") as file:
        json.dump(found, file)


class Face(nn.Module):
    """Weights of half precision; the embedding brought to length 1, and its length before that."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.PReLU(16), nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32),
            nn.SiLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.Hardswish(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 128))

    def forward(self, x):
        found = self.body(x.half()).float()
        return F.normalize(found), found.norm(dim=1, keepdim=True)


def face():
    network = shaken(Face()).half()
    example = torch.randn(1, 3, 112, 112)
    for exporter in EXPORTERS:
        target = path("face", f"face-{exporter}.onnx")
        export(network, example, target, exporter, output_names=["embedding", "length"])
        onnx.save_model(
            onnx.load(target), target, save_as_external_data=True, location=f"face-{exporter}.weights", size_threshold=0)
        example.numpy().astype("<f4").tofile(path("face", f"face-{exporter}.in"))
        # In single precision, as the engine computes.
        with torch.no_grad():
            whole = Face().eval()
            whole.load_state_dict(network.state_dict())
            row = F.normalize(whole.body(example))
        row.numpy().astype("<f4").tofile(path("face", f"face-{exporter}.out"))
        print("face", exporter, flush=True)


face()
reference()
backbones()
