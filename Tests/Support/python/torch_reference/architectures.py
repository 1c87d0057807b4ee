# SPDX-License-Identifier: Apache-2.0
"""The networks that recipes name, as PyTorch's modules: how many parameters they have, and the shape they answer."""
from torch import nn
import torch

from functions import function
from optimisers import without_gradient


def reference105():
    return nn.Sequential(
        nn.Conv2d(1, 96, 11), nn.ReLU(), nn.LocalResponseNorm(5, 1e-4, 0.75, 2), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(), nn.LocalResponseNorm(5, 1e-4, 0.75, 2), nn.MaxPool2d(3, 2),
        nn.Dropout2d(0.3),
        nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Dropout2d(0.3),
        nn.Flatten(), nn.Linear(30976, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 2))


def conv4():
    layers, channels = [], 1
    for _ in range(4):
        layers += [nn.Conv2d(channels, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)]
        channels = 64
    return nn.Sequential(*layers, nn.Flatten())


def koch():
    return nn.Sequential(
        nn.Conv2d(1, 64, 10), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 128, 7), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(128, 128, 4), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(128, 256, 4), nn.ReLU(), nn.Flatten(),
        nn.Linear(9216, 64))


def normalised(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs))


class Sum(nn.Module):
    def __init__(self, main, shortcut):
        super().__init__()
        self.main, self.shortcut = main, shortcut

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


def residual_features(middle):
    layers, channels = [normalised(1, 32, 3), nn.ReLU()], 32
    for filters, blocks, stride in [(32, 1, 1), (64, middle, 2), (128, 1, 2)]:
        for block in range(blocks):
            stride = stride if block == 0 else 1
            main = nn.Sequential(normalised(channels, filters, 3, stride), nn.ReLU(), normalised(filters, filters, 3))
            changes = stride != 1 or channels != filters
            layers += [Sum(main, normalised(channels, filters, 1, stride) if changes else nn.Identity()), nn.ReLU()]
            channels = filters
    return layers


def residual():
    return nn.Sequential(*residual_features(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 128))


def regions():
    # 28 × 64 becomes 7 × 16, in four regions of 4 columns.
    return nn.Sequential(*residual_features(1), nn.Conv2d(128, 6, (7, 4), 4), nn.Flatten())


def depthwise():
    layers = [normalised(1, 32, 3, 2), nn.PReLU(32), normalised(32, 32, 3, groups=32), nn.PReLU(32)]
    channels = 32
    for filters, blocks in [(32, 1), (64, 2), (128, 1)]:
        for block in range(blocks):
            inner, stride = 2 * channels, 2 if block == 0 else 1
            main = nn.Sequential(
                normalised(channels, inner, 1), nn.PReLU(inner), normalised(inner, inner, 3, stride, inner),
                nn.PReLU(inner), normalised(inner, filters, 1))
            layers.append(Sum(main, nn.Identity()) if stride == 1 and channels == filters else main)
            channels = filters
    return nn.Sequential(
        *layers, normalised(channels, 512, 1), nn.PReLU(512),
        nn.Conv2d(512, 512, (4, 6), groups=512, bias=False), nn.BatchNorm2d(512), nn.Flatten(), nn.Linear(512, 128))


@function
def architecture(tensors, attributes):
    """The number of parameters in thousands and the rest, which single precision holds, and the shape of the output."""
    made = globals()[attributes["name"]]().eval()
    count = sum(each.numel() for each in made.parameters())
    with torch.no_grad():
        shape = made(torch.zeros(attributes["shape"])).shape
    numbers = {"count": [count // 1000, count % 1000], "shape": list(shape)}
    return without_gradient(tensors, {name: torch.tensor(each, dtype=torch.float32) for name, each in numbers.items()})
