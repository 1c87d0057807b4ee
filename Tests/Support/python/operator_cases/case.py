# SPDX-License-Identifier: Apache-2.0
"""A case: a model being built with seeded random choices, and the families of cases."""
import zlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FAMILIES = []
UNOPTIMISED = onnxruntime.SessionOptions()
UNOPTIMISED.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
UNOPTIMISED.intra_op_num_threads = 1
UNOPTIMISED.log_severity_level = 3


class Case:
    """A model being built: methods add a value and return its name."""

    def __init__(self, name, number, opset):
        self.random = np.random.default_rng([zlib.crc32(name.encode()), number])
        self.number = number
        self.opset = opset
        self.nodes, self.initializers, self.outputs = [], [], []
        self.inputs, self.constants = {}, {}
        self.symbolic = False
        self.said = []

    # Random choices

    def one(self, *values):
        return values[self.random.integers(len(values))]

    def int(self, low, high):
        return int(self.random.integers(low, high + 1))

    def ints(self, count, low, high):
        return [self.int(low, high) for _ in range(count)]

    def chance(self):
        return bool(self.random.integers(2))

    def values(self, shape, low=-2, high=2):
        return self.random.uniform(low, high, shape).astype(np.float32)

    def broadcastable(self, shape):
        """A shape that broadcasts to `shape`: axes of one, or leading axes left out."""
        kept = shape[self.int(0, len(shape)):]
        return [extent if self.chance() else 1 for extent in kept]

    # The graph

    def input(self, shape, low=-2, high=2):
        return self.given(self.values(shape, low, high))

    def given(self, array):
        name = f"x{len(self.inputs)}"
        self.inputs[name] = array
        return name

    def constant(self, array):
        """Known when planning, as an initializer or as the output of a Constant node."""
        name = f"c{len(self.constants)}"
        self.constants[name] = np.asarray(array)
        tensor = numpy_helper.from_array(self.constants[name], name)
        if self.chance():
            self.initializers.append(tensor)
        else:
            self.nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        return name

    def int64(self, values):
        return self.constant(np.array(values, np.int64))

    def either(self, shape, low=-2, high=2):
        """An input or a constant."""
        return self.input(shape, low, high) if self.chance() else self.constant(self.values(shape, low, high))

    def node(self, operator, *inputs, **attributes):
        attributes = {name: value for name, value in attributes.items() if value is not None}
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=f"{operator}_{len(self.nodes)}", **attributes))
        for key, value in attributes.items():
            if isinstance(value, onnx.TensorProto):
                attributes[key] = numpy_helper.to_array(value).tolist()
        self.said.append(f"{operator}({', '.join(map(self.describe, inputs))}) {attributes}")
        return name

    def describe(self, name):
        """An input by its shape, a short constant by its values, and what is computed by its name."""
        if name in self.inputs:
            return f"{name}{list(self.inputs[name].shape)}"
        if name in self.constants:
            array = self.constants[name]
            return str(array.tolist()) if array.size < 9 else f"{array.dtype}{list(array.shape)}"
        return name

    def output(self, value):
        """Through an Identity, so that a value that is an input or a constant can be asked for too."""
        name = f"y{len(self.outputs)}"
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(name)

    def model(self):
        def declared(name, value):
            shape = [f"{name}_{axis}" for axis in range(value.ndim)] if self.symbolic else value.shape
            return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

        inputs = [declared(name, value) for name, value in self.inputs.items()]
        drafts = [onnx.ValueInfoProto(name=name) for name in self.outputs]
        graph = helper.make_graph(self.nodes, "case", inputs, drafts, self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_operatorsetid("", self.opset)], ir_version=8)
        run = onnxruntime.InferenceSession(model.SerializeToString(), UNOPTIMISED, providers=["CPUExecutionProvider"])
        expected = run.run(self.outputs, self.inputs)
        for draft, value in zip(graph.output, expected):
            draft.CopyFrom(helper.make_tensor_value_info(
                draft.name, TensorProto.FLOAT, [f"{draft.name}_{axis}" for axis in range(value.ndim)]))
        model.graph.CopyFrom(graph)
        onnx.checker.check_model(model)
        return model.SerializeToString(), expected


def family(count, opsets=range(7, 29)):
    """Registers a function that fills `count` cases, their opsets spread over those that are given."""
    def register(function):
        FAMILIES.append((function, count, list(opsets)))
        return function
    return register
