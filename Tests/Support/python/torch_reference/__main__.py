# SPDX-License-Identifier: Apache-2.0
"""What PyTorch computes, and its gradients, for TrainingTests.

usage: python torch_reference

Each line of standard input names a folder with cases.json and values.bin (single-precision numbers, little-endian).
A case names a function of this folder's modules, its attributes, the precision to compute in, its tensors by shape and
position in values.bin, and the gradient of its output (1 where that is left out). For each folder answers.json and
answers.bin, of the same form, are written with every output and the gradients of the first with respect to every
tensor, zero where there is none; then "done" is printed. One process answers all: PyTorch takes seconds to load.
"""
import json
import os
import sys

# The sources' folder stays as it is.
sys.dont_write_bytecode = True

import numpy as np
import torch

import architectures  # noqa: F401
import losses  # noqa: F401
import network  # noqa: F401
import optimisers  # noqa: F401
from functions import FUNCTIONS

torch.set_num_threads(1)


class Answers:
    def __init__(self):
        self.parts, self.position = [], 0

    def add(self, name, tensor):
        array = tensor.detach().to(torch.float32).numpy().reshape(-1)
        entry = {"name": name, "shape": list(tensor.shape), "position": self.position}
        self.parts.append(array.astype("<f4").tobytes())
        self.position += array.size
        return entry


def tensor_of(values, entry, dtype):
    count = int(np.prod(entry["shape"], dtype=np.int64))
    array = values[entry["position"]:entry["position"] + count].reshape(entry["shape"])
    return torch.tensor(array, dtype=dtype)


def answer(case, values, answers):
    dtype = {"single": torch.float32, "double": torch.float64}[case["precision"]]
    tensors = {each["name"]: tensor_of(values, each, dtype).requires_grad_() for each in case["tensors"]}
    outputs = FUNCTIONS[case["function"]](tensors, case["attributes"])
    first = next(iter(outputs.values()))
    given = case.get("outputGradient")
    gradient = torch.ones_like(first) if given is None else tensor_of(values, given, dtype)
    gradients = torch.autograd.grad(first, list(tensors.values()), gradient, allow_unused=True)
    return {
        "outputs": [answers.add(name, each) for name, each in outputs.items()],
        "gradients": [
            answers.add(name, torch.zeros_like(tensors[name]) if each is None else each)
            for name, each in zip(tensors, gradients)
        ],
    }


def answer_folder(folder):
    with open(os.path.join(folder, "cases.json"), encoding="utf-8") as file:
        cases = json.load(file)
    values = np.fromfile(os.path.join(folder, "values.bin"), "<f4")
    answers, entries = Answers(), []
    for case in cases:
        try:
            entries.append(answer(case, values, answers))
        except Exception as error:
            entries.append({"error": f"{type(error).__name__}: {error}"})
    with open(os.path.join(folder, "answers.bin"), "wb") as file:
        file.write(b"".join(answers.parts))
    with open(os.path.join(folder, "answers.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file)


for line in sys.stdin:
    answer_folder(line.rstrip("\n"))
    print("done", flush=True)
