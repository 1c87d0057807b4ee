# SPDX-License-Identifier: Apache-2.0
"""The network: 64x64 pixels in colour to two numbers, how surely the eyes, and mouth and nose, are seen."""
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

NAMES = ["eyes_visible", "mouth_and_nose_visible"]
MEAN, DEVIATION = 127.5, 64.0


def block(inputs, outputs, stride):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class CoverNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            block(3, 16, 2), block(16, 24, 2), block(24, 32, 1), block(32, 40, 2), block(40, 48, 1), block(48, 48, 2))
        self.head = nn.Linear(48 * 16, 2)

    def logits(self, x, drop=0.0):
        return self.head(F.dropout(self.features(x).flatten(1), drop, self.training))

    def forward(self, x):
        return torch.sigmoid(self.logits(x))


def tensor(chips):
    return (torch.from_numpy(np.ascontiguousarray(chips)).permute(0, 3, 1, 2).float() - MEAN) / DEVIATION


def trained(chips, seen, epochs, seed, batch=128):
    torch.manual_seed(seed)
    network = CoverNetwork().to(memory_format=torch.channels_last)
    random = np.random.default_rng(seed)
    steps = epochs * (len(chips) // batch)
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps, pct_start=0.15)
    for epoch in range(epochs):
        network.train()
        started, losses = time.time(), []
        order = random.permutation(len(chips))
        for start in range(0, len(order) - batch + 1, batch):
            rows = np.sort(order[start:start + batch])
            x, y = tensor(chips[rows]).contiguous(memory_format=torch.channels_last), torch.from_numpy(seen[rows])
            x = x * (1 + 0.1 * torch.randn(len(x), 1, 1, 1)) + 0.1 * torch.randn(len(x), 1, 1, 1)
            known = torch.isfinite(y)
            # Soft targets: a network that is sure of everything has no limits to choose from.
            loss = F.binary_cross_entropy_with_logits(network.logits(x, 0.3)[known], y[known] * 0.98 + 0.01)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}, {time.time() - started:.0f} s", flush=True)
    return network.eval().to(memory_format=torch.contiguous_format)


@torch.no_grad()
def answers(network, chips):
    return np.concatenate([network(tensor(chips[i:i + 512])).numpy() for i in range(0, len(chips), 512)]) if len(chips) else np.empty((0, 2))


def export(network, path):
    torch.onnx.export(
        network, (torch.zeros(1, 3, 64, 64),), path, input_names=["chip"], output_names=["visible"], dynamic_axes=None, opset_version=17,
        dynamo=False)
