# SPDX-License-Identifier: Apache-2.0
"""Small models with random shapes, attributes and values, and what ONNX Runtime answers to them, for NeuralNetTests.

usage: python operator_cases FOLDER [NAME=FILE:SHAPE[,SHAPE…]]...

Writes one NAME.onnx for each case, values.bin (single-precision numbers, little-endian) and cases.json: for every
case its model, and the shape and position in values.bin of its inputs and expected outputs. The optional arguments add
whole networks: FILE is run on random values of each SHAPE, such as 1x3x320x320. Every case is seeded by its name and
number, so that one can be added without changing the others.
"""
import json
import os
import sys
import zlib

# The sources' folder stays as it is.
sys.dont_write_bytecode = True

import numpy as np
import onnxruntime

import computed, elementwise, exported, matrices, movement, networks, normalisation, resizing, windows  # noqa: E401, F401
from case import FAMILIES, Case


class Writer:
    def __init__(self, folder):
        self.folder = folder
        self.cases = []
        self.position = 0
        self.values = open(os.path.join(folder, "values.bin"), "wb")

    def tensor(self, name, array):
        array = np.asarray(array, "<f4")
        entry = {"name": name, "shape": list(array.shape), "position": self.position}
        self.values.write(array.tobytes())
        self.position += array.size
        return entry

    def add(self, name, model, description, symbolic, inputs, expected):
        with open(os.path.join(self.folder, name + ".onnx"), "wb") as file:
            file.write(model)
        self.cases.append({
            "name": name, "description": description, "symbolic": symbolic,
            "inputs": [self.tensor(*each) for each in inputs], "outputs": [self.tensor(*each) for each in expected],
        })

    def finish(self):
        self.values.close()
        with open(os.path.join(self.folder, "cases.json"), "w", encoding="utf-8") as file:
            json.dump(self.cases, file)


def write_operators(writer):
    for function, count, opsets in FAMILIES:
        name = function.__name__.rstrip("_")
        for number in range(count):
            # Both ends and what lies between, whatever the count.
            opset = opsets[number % len(opsets)] if count > len(opsets) else opsets[round(number * (len(opsets) - 1) / (count - 1))]
            case = Case(name, number, opset)
            function(case)
            if case.number % 4 == 3:
                case.symbolic = True
            try:
                model, expected = case.model()
            except Exception as error:
                raise SystemExit(f"{name} {number}, opset {opset}: {'; '.join(case.said)}: {error}")
            description = f"seed {number}, opset {opset}: {'; '.join(case.said)}"
            writer.add(f"{name}-{number}", model, description, case.symbolic, list(case.inputs.items()), list(zip(case.outputs, expected)))


def write_network(writer, argument):
    name, rest = argument.split("=")
    file, shapes = rest.rsplit(":", 1)
    with open(file, "rb") as opened:
        model = opened.read()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    random = np.random.default_rng(zlib.crc32(name.encode()))
    for shape in shapes.split(","):
        extents = [int(extent) for extent in shape.split("x")]
        inputs = {session.get_inputs()[0].name: random.uniform(-1, 1, extents).astype(np.float32)}
        outputs = [each.name for each in session.get_outputs()]
        expected = session.run(outputs, inputs)
        symbolic = any(not isinstance(extent, int) for extent in session.get_inputs()[0].shape)
        writer.add(f"{name}-{shape}", model, f"input {shape}", symbolic, list(inputs.items()), list(zip(outputs, expected)))


writer = Writer(sys.argv[1])
write_operators(writer)
for argument in sys.argv[2:]:
    write_network(writer, argument)
writer.finish()
