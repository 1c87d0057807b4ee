# SPDX-License-Identifier: Apache-2.0
"""The ONNX project's own node tests (onnx.backend.test), as files that NeuralNetTests reads.

usage: node_cases.py FOLDER

Writes one NAME.onnx for each case, values.bin (double-precision numbers, little-endian) and cases.json: for every case
its operators, and the shape, ONNX's element type and position in values.bin of its inputs and expected outputs. What
is no dense tensor of numbers has no shape: a case with such a value can only be refused.
"""
import json
import os
import sys
import warnings

import numpy as np
import onnx.numpy_helper
from onnx.backend.test.loader import load_model_tests

warnings.filterwarnings("ignore")


class Writer:
    def __init__(self, folder):
        self.position = 0
        self.values = open(os.path.join(folder, "values.bin"), "wb")

    def value(self, declared, given):
        entry = {"name": declared.name, "type": declared.type.tensor_type.elem_type}
        if isinstance(given, onnx.TensorProto):
            given = onnx.numpy_helper.to_array(given)
        if declared.type.WhichOneof("value") != "tensor_type" or not isinstance(given, (np.ndarray, np.generic)):
            return entry
        array = np.asarray(given)
        try:
            numbers = array.astype(np.float32).astype("<f8") if array.dtype.kind == "V" else array.astype("<f8")
        except (TypeError, ValueError):
            return entry
        self.values.write(numbers.tobytes())
        entry |= {"shape": list(array.shape), "position": self.position}
        self.position += array.size
        return entry


def export(folder):
    writer = Writer(folder)
    cases = []
    for test in load_model_tests(kind="node"):
        with open(os.path.join(folder, test.name + ".onnx"), "wb") as file:
            file.write(test.model.SerializeToString())
        graph = test.model.graph
        for inputs, outputs in test.data_sets:
            cases.append({
                "name": test.name, "operators": sorted({node.op_type for node in graph.node}),
                "inputs": [writer.value(*each) for each in zip(graph.input, inputs)],
                "outputs": [writer.value(*each) for each in zip(graph.output, outputs)],
                "relative": test.rtol, "absolute": test.atol,
            })
    writer.values.close()
    with open(os.path.join(folder, "cases.json"), "w", encoding="utf-8") as file:
        json.dump(cases, file)


export(sys.argv[1])
