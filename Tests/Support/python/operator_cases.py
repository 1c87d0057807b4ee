"""Small models with random shapes, attributes and values, and what ONNX Runtime answers to them, for NeuralNetTests.

usage: operator_cases.py FOLDER [NAME=FILE:SHAPE[,SHAPE…]]...

Writes one NAME.onnx for each case, values.bin (single-precision numbers, little-endian) and cases.json: for every
case its model, and the shape and place in values.bin of its inputs and expected outputs. The optional arguments add
whole networks: FILE is run on random values of each SHAPE, such as 1x3x320x320. Every case is seeded by its name and
number, so that one can be added without changing the others.
"""
import json
import os
import sys
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


def family(count, opsets=range(7, 22)):
    """Registers a function that fills `count` cases, their opsets spread over those that are given."""
    def register(function):
        FAMILIES.append((function, count, list(opsets)))
        return function
    return register


# Windows

def window(case, rank, kernel, dilated=True):
    """Attributes of a window, and the least extents that it needs."""
    dilations = case.ints(rank, 1, 3) if dilated and case.chance() else None
    attributes = {"strides": case.ints(rank, 1, 3) if case.chance() else None, "dilations": dilations}
    padding = case.one("none", "pads", "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET")
    if padding == "pads":
        attributes["pads"] = [case.int(0, kernel[axis % rank] - 1) for axis in range(2 * rank)]
    elif padding != "none":
        attributes["auto_pad"] = padding
    if padding.startswith("SAME"):
        # ONNX Runtime takes neither dilations with it nor pooling that skips values.
        attributes["dilations"] = None
        attributes["strides"] = attributes["strides"] and [min(pair) for pair in zip(attributes["strides"], kernel)]
    spans = [(kernel[axis] - 1) * ((attributes["dilations"] or [1] * rank)[axis]) + 1 for axis in range(rank)]
    return attributes, spans


@family(40)
def conv(case):
    rank = case.one(1, 2, 2, 2)
    groups = case.one(1, 1, 2, 3)
    per_group, out_per_group = case.int(1, 5), case.int(1, 5)
    kernel = case.ints(rank, 1, 5)
    attributes, spans = window(case, rank, kernel)
    shape = [case.int(1, 3), groups * per_group] + [span + case.int(0, 9) for span in spans]
    weights = case.values([groups * out_per_group, per_group] + kernel)
    inputs = [case.input(shape), case.constant(weights)]
    if case.chance():
        inputs.append(case.constant(case.values([groups * out_per_group])))
    case.output(case.node(
        "Conv", *inputs, group=groups if groups > 1 or case.chance() else None,
        kernel_shape=kernel if case.chance() else None, **attributes))


@family(12)
def conv_depthwise(case):
    channels, multiplier, kernel = case.int(1, 9), case.one(1, 1, 2), case.one([3, 3], [5, 5], [2, 3])
    attributes, spans = window(case, 2, kernel)
    x = case.input([case.int(1, 2), channels] + [span + case.int(0, 12) for span in spans])
    weights = case.constant(case.values([channels * multiplier, 1] + kernel))
    case.output(case.node("Conv", x, weights, group=channels, **attributes))


@family(12)
def conv_block(case):
    """What engines fuse: convolution, normalisation, a residual, an activation."""
    channels, outputs = case.int(1, 6), case.int(1, 9)
    x = case.input([2, channels, case.int(3, 12), case.int(3, 12)])
    y = case.node("Conv", x, case.constant(case.values([outputs, channels, 3, 3])), pads=[1, 1, 1, 1])
    if case.chance():
        y = normalised(case, y, outputs)
    if case.chance():
        z = case.node("Conv", x, case.constant(case.values([outputs, channels, 1, 1])))
        y = case.node("Add", *case.one([y, z], [z, y]))
    activation = case.one("Relu", "PRelu", "Clip", "LeakyRelu", "Sigmoid")
    if activation == "PRelu":
        y = case.node("PRelu", y, case.constant(case.values([outputs, 1, 1])))
    elif activation == "Clip":
        y = clipped(case, y, 0.0, 6.0)
    else:
        y = case.node(activation, y)
    case.output(y)
    if case.chance():
        case.output(case.node("GlobalAveragePool", y))


@family(26)
def max_pool(case):
    pool(case, "MaxPool", dilated=case.opset >= 10)


@family(30)
def average_pool(case):
    attributes = {"count_include_pad": case.one(None, 0, 1)}
    pool(case, "AveragePool", dilated=case.opset >= 19, **attributes)


def pool(case, operator, dilated, **more):
    rank = case.one(1, 2, 2)
    kernel = case.ints(rank, 1, 4)
    attributes, spans = window(case, rank, kernel, dilated)
    # With auto_pad, ONNX Runtime ignores ceil_mode.
    if case.opset >= 10 and "auto_pad" not in attributes:
        more["ceil_mode"] = case.one(None, 0, 1)
    shape = [case.int(1, 2), case.int(1, 4)] + [span + case.int(0, 8) for span in spans]
    case.output(case.node(operator, case.input(shape), kernel_shape=kernel, **attributes, **more))


@family(6)
def global_pool(case):
    operator = case.one("GlobalAveragePool", "GlobalAveragePool", "GlobalMaxPool")
    case.output(case.node(operator, case.input(case.ints(case.one(3, 4), 1, 7))))


# Normalisation

def normalised(case, x, channels):
    parameters = [case.values([channels]), case.values([channels]), case.values([channels]), case.values([channels], 0.1, 2)]
    return case.node(
        "BatchNormalization", x, *map(case.constant, parameters), epsilon=case.one(None, 1e-3),
        momentum=case.one(None, 0.5), spatial=1 if case.opset < 9 and case.chance() else None)


@family(10)
def batch_normalization(case):
    shape = case.ints(case.one(2, 3, 4), 1, 6)
    case.output(normalised(case, case.input(shape), shape[1]))


@family(6)
def local_response_normalization(case):
    case.output(case.node(
        "LRN", case.input([2, case.int(1, 9), 3, 4]), size=case.one(1, 3, 5), alpha=case.one(None, 0.3),
        beta=case.one(None, 0.6), bias=case.one(None, 1.5)))


@family(8)
def lp_normalization(case):
    rank = case.int(1, 4)
    case.output(case.node(
        "LpNormalization", case.input(case.ints(rank, 1, 6)), axis=case.one(None, *range(-rank, rank)), p=case.one(None, 1, 2)))


@family(16)
def softmax(case):
    rank = case.int(1, 4)
    axis = case.int(0, rank - 1) if case.opset < 11 else case.int(-rank, rank - 1)
    default = rank > 1 or case.opset >= 13
    case.output(case.node("Softmax", case.input(case.ints(rank, 1, 6), -9, 9), axis=case.one(None, axis) if default else axis))


@family(14)
def reduction(case):
    operator = case.one("ReduceMean", "ReduceSum", "ReduceMax")
    rank = case.int(1, 4)
    x = case.input(case.ints(rank, 1, 6))
    axes = [int(axis) for axis in case.random.permutation(rank)[:case.int(1, rank)]]
    if case.opset >= 11:
        axes = [axis - rank if case.chance() else axis for axis in axes]
    keep = case.one(None, 0, 1)
    as_input = case.opset >= (13 if operator == "ReduceSum" else 18)
    if case.chance() and case.chance():
        nothing = {"noop_with_empty_axes": case.one(None, 0, 1)} if as_input else {}
        inputs = [x, case.int64([])] if as_input and case.chance() else [x]
        case.output(case.node(operator, *inputs, keepdims=keep, **nothing))
    elif as_input:
        case.output(case.node(operator, x, case.int64(axes), keepdims=keep))
    else:
        case.output(case.node(operator, x, axes=axes, keepdims=keep))


# Element by element

@family(24)
def arithmetic(case):
    operator = case.one("Add", "Sub", "Mul", "Div")
    shape = case.ints(case.int(1, 5), 1, 5)
    sides = [shape, case.broadcastable(shape)]
    if case.chance():
        sides.reverse()
    if case.chance():
        # Each side has an extent where the other has 1.
        sides = [[4, 1, 3], [1, 5, 1]]
    a = case.input(sides[0])
    b = case.either(sides[1], 0.5, 2)
    case.output(case.node(operator, *([a, b] if operator == "Div" or case.chance() else [b, a])))


@family(8)
def power(case):
    shape = case.ints(3, 1, 5)
    x = case.input(shape, -2, 2)
    exponent = case.one(2.0, 3.0, 0.5, -1.0, 0.0, 1.0)
    if case.chance():
        exponent = case.constant(np.float32(exponent))
    elif case.opset >= 12 and case.chance():
        exponent = case.int64(2)
    else:
        exponent = case.either(case.broadcastable(shape))
    case.output(case.node("Pow", x, exponent))


@family(22)
def unary(case):
    operator = ["Relu", "Sigmoid", "Tanh", "Exp", "Sqrt", "LeakyRelu", "Identity", "Neg", "Abs", "Reciprocal", "Log"][case.number % 11]
    attributes = {"alpha": case.one(None, 0.2, -0.5)} if operator == "LeakyRelu" else {}
    # Roots and logarithms of negative numbers are NaN on both sides; large arguments saturate.
    reach = case.one(2, 12)
    case.output(case.node(operator, case.input(case.ints(case.int(0, 4), 1, 7), -reach, reach), **attributes))


@family(12)
def extreme_values(case):
    values = np.array([np.inf, -np.inf, 3e38, -3e38, 88.5, -88.5, 104, -104, 1e-40, -1e-40, 0.0, -0.0], np.float32)
    operator = ["Relu", "Sigmoid", "Tanh", "Exp", "Sqrt", "LeakyRelu", "Neg", "Abs", "Reciprocal", "Log", "Softmax", "Clip"][case.number]
    x = case.given(values[2:] if operator == "Softmax" else values)
    case.output(clipped(case, x, -1.0, 6.0) if operator == "Clip" else case.node(operator, x))


@family(12)
def prelu(case):
    shape = case.ints(case.int(2, 4), 1, 6)
    slope = case.one([shape[1]] + [1] * (len(shape) - 2), [1], case.broadcastable(shape))
    case.output(case.node("PRelu", case.input(shape), case.either(slope)))


def clipped(case, x, low, high):
    if case.opset < 11:
        return case.node("Clip", x, min=low, max=high)
    bounds = ["" if bound is None else case.constant(np.float32(bound)) for bound in (low, high)]
    while bounds and not bounds[-1]:
        bounds.pop()
    return case.node("Clip", x, *bounds)


@family(10)
def clip(case):
    case.output(clipped(case, case.input(case.ints(3, 1, 7)), case.one(None, -0.5, 0.0), case.one(None, 1.25, 0.75)))


@family(6, range(8, 22))
def extremum(case):
    shape = case.ints(3, 1, 5)
    inputs = [case.input(shape)] + [case.either(case.broadcastable(shape)) for _ in range(case.int(0, 2))]
    case.output(case.node(case.one("Min", "Max"), *inputs))


# Matrices

@family(18)
def gemm(case):
    m, k, n = case.ints(3, 1, 9)
    turn_a, turn_b = case.one(None, 0, 1), case.one(None, 0, 1)
    a = case.input([k, m] if turn_a else [m, k])
    b = case.either([n, k] if turn_b else [k, n])
    inputs = [a, b]
    # C is optional from 11 on.
    if case.opset < 11 or case.chance():
        inputs.append(case.either(case.one([n], [m, n], [1, n], [m, 1], [1], [])))
    case.output(case.node(
        "Gemm", *inputs, transA=turn_a, transB=turn_b, alpha=case.one(None, 0.5), beta=case.one(None, -1.5)))


@family(16)
def matmul(case):
    m, k, n = case.ints(3, 1, 9)
    batch = case.ints(case.int(0, 2), 1, 4)
    a, b = batch + [m, k], case.broadcastable(batch) + [k, n]
    a, b = case.one((a, b), (a, [k, n]), ([m, k], batch + [k, n]), ([k], b), (a, [k]), ([k], [k]))
    case.output(case.node("MatMul", case.input(a), case.either(b)))


# Movement

@family(8)
def transpose(case):
    rank = case.int(1, 5)
    perm = [int(axis) for axis in case.random.permutation(rank)]
    case.output(case.node("Transpose", case.input(case.ints(rank, 1, 6)), perm=case.one(perm, perm, None)))


@family(10)
def concat(case):
    shape = case.ints(case.int(1, 4), 1, 5)
    axis = case.int(0, len(shape) - 1)
    inputs = []
    for _ in range(case.int(1, 4)):
        own = list(shape)
        own[axis] = case.int(1, 5)
        inputs.append(case.input(own) if not inputs else case.either(own))
    case.output(case.node("Concat", *inputs, axis=axis - len(shape) if case.opset >= 11 and case.chance() else axis))


@family(20)
def slice_(case):
    shape = case.ints(case.int(1, 4), 1, 7)
    axes = [int(axis) for axis in case.random.permutation(len(shape))[:case.int(1, len(shape))]]
    starts = [case.int(-shape[axis], shape[axis] - 1) for axis in axes]
    ends = []
    steps = []
    for axis, start in zip(axes, list(starts)):
        first = start % shape[axis]
        # Beyond the ends means the ends.
        if first == 0 and start < 0 and case.chance():
            starts[len(ends)] = -shape[axis] - 5
        backwards = case.opset >= 10 and case.chance()
        steps.append(-case.int(1, 3) if backwards else case.int(1, 3) if case.opset >= 10 else 1)
        if backwards:
            if first == shape[axis] - 1 and case.chance():
                starts[len(ends)] = case.one(shape[axis] + 4, 2**63 - 1)
            last = case.int(-1, first - 1)
            ends.append(case.one(-(2**63), -shape[axis] - 1) if last < 0 else case.one(last, last - shape[axis]))
        else:
            last = case.int(first + 1, shape[axis])
            ends.append(case.one(2**63 - 1, shape[axis] + 3, shape[axis]) if last == shape[axis] else case.one(last, last - shape[axis]))
    x = case.input(shape)
    if case.opset < 10:
        case.output(case.node("Slice", x, starts=starts, ends=ends, axes=axes))
        return
    if case.chance():
        axes = [axis - len(shape) if case.opset >= 11 and case.chance() else axis for axis in axes]
    inputs = [x, case.int64(starts), case.int64(ends), case.int64(axes)]
    if any(step != 1 for step in steps) or case.chance():
        inputs.append(case.int64(steps))
    case.output(case.node("Slice", *inputs))


@family(18)
def pad(case):
    shape = case.ints(case.int(1, 4), 3, 6)
    mode = case.one(None, "constant", "reflect", "edge")
    pads = case.ints(2 * len(shape), 0 if mode in ("reflect", "edge") else -1, 2)
    x = case.input(shape)
    value = case.one(None, 1.5, 0.0) if mode in (None, "constant") else None
    if case.opset < 11:
        case.output(case.node("Pad", x, pads=pads, mode=mode, value=value))
        return
    inputs = [x, case.int64(pads)]
    if value is not None:
        inputs.append(case.constant(np.float32(value)))
    if case.opset >= 18 and case.chance():
        axis = case.int(0, len(shape) - 1)
        inputs[1] = case.int64([pads[axis], pads[axis + len(shape)]])
        inputs += [""] * (3 - len(inputs)) + [case.int64([axis - len(shape) if case.chance() else axis])]
    case.output(case.node("Pad", *inputs, mode=mode))


@family(8)
def gather(case):
    shape = case.ints(case.int(1, 4), 1, 6)
    axis = case.int(0, len(shape) - 1)
    low = -shape[axis] if case.opset >= 11 else 0
    indices = case.random.integers(low, shape[axis], case.ints(case.int(0, 2), 1, 4)).astype(case.one(np.int64, np.int32))
    case.output(case.node("Gather", case.input(shape), case.constant(indices), axis=case.one(axis, axis - len(shape), None if axis == 0 else axis)))


@family(8)
def flatten(case):
    shape = case.ints(case.int(1, 5), 1, 5)
    axis = case.int(0 if case.opset < 11 else -len(shape), len(shape))
    case.output(case.node("Flatten", case.input(shape), axis=case.one(axis, None if len(shape) > 1 else axis)))


@family(10)
def reshape(case):
    shape = [case.int(1, 4), 6, case.int(1, 4), 4]
    target = case.one(
        [0, -1], [-1], [0, 0, -1], [0, 2, 3, 0, -1], [shape[0], 24 * shape[2]], [-1, 0, 1, 1], [0, 3, -1, shape[2], 4])
    if target == [-1, 0, 1, 1]:
        target = [-1, 6, 1, 1]
    elif target == [0, 2, 3, 0, -1]:
        target = [0, 2, 3, -1]
    attributes = {"allowzero": case.one(None, 0)} if case.opset >= 14 else {}
    case.output(case.node("Reshape", case.input(shape), case.int64(target), **attributes))


@family(12)
def squeeze_and_unsqueeze(case):
    rank = case.int(1, 3)
    x = case.input(case.ints(rank, 1, 4))
    wide = rank + 2
    axes = sorted(int(axis) for axis in case.random.permutation(wide)[:2])
    if case.opset >= 11:
        axes = [axis - wide if case.chance() else axis for axis in axes]
    if case.opset < 13:
        y = case.node("Unsqueeze", x, axes=axes)
        case.output(y)
        case.output(case.node("Squeeze", y, axes=axes[:case.int(1, 2)]))
    else:
        y = case.node("Unsqueeze", x, case.int64(axes))
        case.output(y)
        case.output(case.node("Squeeze", y, case.int64(axes[:case.int(1, 2)])))
    if case.chance():
        case.output(case.node("Squeeze", y))


@family(6)
def dropout(case):
    x = case.input(case.ints(3, 1, 5))
    if case.opset >= 12:
        inputs = case.one([], [case.constant(np.float32(0.3))])
        case.output(case.node("Dropout", x, *inputs))
    else:
        case.output(case.node("Dropout", x, ratio=case.one(None, 0.3)))


@family(30, range(10, 22))
def resize(case):
    mode = case.one("nearest", "linear")
    shape = [case.int(1, 2), case.int(1, 3), case.int(2, 7), case.int(2, 7)]
    if case.opset >= 13 and case.number % 5 == 4:
        # One axis, as a feature of a signal has.
        sizes = case.int64([*shape[:2], case.int(1, 13)])
        case.output(case.node("Resize", case.input(shape[:3]), "", "", sizes, mode=mode))
        return
    if case.opset == 10:
        scale = case.one([1.5, 2.0], [2.0, 2.0], [0.5, 0.6])
        case.output(case.node("Resize", case.input(shape), case.constant(np.array([1, 1] + scale, np.float32)), mode=mode))
        return
    coordinates = case.one("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", None)
    rounding = case.one("round_prefer_floor", "round_prefer_ceil", "floor", "ceil", None) if mode == "nearest" else None
    attributes = {"mode": mode, "coordinate_transformation_mode": coordinates, "nearest_mode": rounding}
    partly = case.opset >= 18 and case.chance()
    if partly:
        attributes["axes"] = case.one([2, 3], [3, 2]) if case.opset < 21 else case.one([2, 3], [-2, -1])
    x = case.input(shape)
    # Not given at all from 13 on; before that, ONNX Runtime wants the region of interest and the scales to be there.
    nothing = "" if case.opset >= 13 and case.chance() else case.constant(np.zeros(0, np.float32))
    if case.chance():
        scale = case.one([2.0, 2.0], [1.5, 3.0], [0.5, 0.7], [2.0, 0.5], [1.0, 1.0])
        scale = np.array(scale if partly else [1, 1] + scale, np.float32)
        case.output(case.node("Resize", x, nothing, case.constant(scale), **attributes))
    else:
        sizes = case.ints(2, 1, 13)
        sizes = case.int64(sizes if partly else shape[:2] + sizes)
        case.output(case.node("Resize", x, nothing, nothing, sizes, **attributes))


# Shapes and constants that are computed

@family(10)
def computed_shape(case):
    """What exporters write for x.view(x.size(0), -1, n)."""
    case.symbolic = True
    shape = [case.int(1, 4), case.int(1, 5) * 2, case.int(1, 5)]
    x = case.input(shape)
    of = {"start": 0, "end": 2} if case.opset >= 15 and case.chance() else {}
    batch = case.node("Gather", case.node("Shape", x, **of), case.int64(0), axis=0)
    batch = case.node("Unsqueeze", batch, case.int64([0])) if case.opset >= 13 else case.node("Unsqueeze", batch, axes=[0])
    if case.chance():
        batch = case.node("Mul", batch, case.int64([2]))
    if case.chance():
        batch = case.node("Cast", case.node("Cast", batch, to=TensorProto.FLOAT), to=TensorProto.INT64)
    case.output(case.node("Reshape", x, case.node("Concat", batch, case.int64([-1]), axis=0)))
    case.output(case.node("Cast", case.node("Shape", x), to=TensorProto.FLOAT))


@family(12, range(10, 22))
def shape_arithmetic(case):
    case.symbolic = True
    shape = case.node("Shape", case.input(case.ints(4, 1, 9)))
    part = case.node("Slice", shape, case.int64([case.int(-3, 0)]), case.int64([9]), case.int64([0]))
    for _ in range(case.int(1, 3)):
        operator = case.one("Add", "Sub", "Mul", "Div")
        part = case.node(operator, part, case.int64(case.one([2], [3], 2, [-4])))
    case.output(case.node("Cast", part, to=TensorProto.FLOAT))


@family(6, range(11, 22))
def resize_like(case):
    """What pyramids of features do: one level is enlarged to the size of another."""
    case.symbolic = True
    x, y = case.input([2, 3, case.int(1, 5), case.int(1, 5)]), case.input([2, 3, case.int(4, 9), case.int(4, 9)])
    outer, inner = (
        case.node("Slice", case.node("Shape", each), case.int64([first]), case.int64([first + 2]), case.int64([0]))
        for each, first in ((x, 0), (y, 2)))
    nothing = case.constant(np.zeros(0, np.float32))
    resized = case.node(
        "Resize", x, nothing, nothing, case.node("Concat", outer, inner, axis=0), mode="nearest",
        coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    case.output(case.node("Add", resized, y))


@family(30)
def network(case):
    """Values that live long and short, used once and often, so that sharing of memory and fusion show themselves."""
    height, width = case.int(3, 9), case.int(3, 9)
    first = case.int(1, 5)
    values = [(case.input([2, first, height, width]), first)]
    for _ in range(case.int(6, 20)):
        x, channels = values[max(0, len(values) - case.int(1, 4))]
        kind = case.one("Conv", "Conv", "Depthwise", "Norm", "Activation", "Add", "Concat", "Pool", "Scale")
        if kind == "Conv":
            size = case.one(1, 3)
            weights = case.constant(case.values([case.int(1, 7), channels, size, size], -0.5, 0.5))
            channels = case.constants[weights].shape[0]
            made = case.node("Conv", x, weights, pads=[size // 2] * 4)
        elif kind == "Depthwise":
            made = case.node("Conv", x, case.constant(case.values([channels, 1, 3, 3], -0.5, 0.5)), group=channels, pads=[1] * 4)
        elif kind == "Norm":
            made = normalised(case, x, channels)
        elif kind == "Activation":
            made = case.node(case.one("Relu", "Sigmoid", "Tanh", "LeakyRelu"), x)
        elif kind == "Add":
            others = [other for other, count in values if count == channels]
            made = case.node(case.one("Add", "Sub"), x, case.one(*others))
        elif kind == "Concat":
            other, more = case.one(*values)
            if channels + more > 24:
                continue
            made, channels = case.node("Concat", x, other, axis=1), channels + more
        elif kind == "Pool":
            made = case.node(case.one("MaxPool", "AveragePool"), x, kernel_shape=[3, 3], pads=[1] * 4)
        else:
            made = case.node("Mul", x, case.constant(case.values(case.one([1], [channels, 1, 1], [1, channels, 1, 1]), -1, 1)))
        values.append((made, channels))
    case.output(values[-1][0])
    for _ in range(case.int(0, 2)):
        case.output(case.one(*values)[0])


@family(6, range(9, 22))
def constant_of_shape(case):
    case.symbolic = case.chance()
    x = case.input(case.ints(3, 1, 4))
    value = case.one(None, helper.make_tensor("", TensorProto.FLOAT, [1], [case.one(0.5, -3.0)]))
    made = case.node("ConstantOfShape", case.node("Shape", x), value=value)
    case.output(case.node("Add", x, made))


@family(8)
def cast(case):
    """Constants of another type, made what the network computes with."""
    shape = case.ints(2, 1, 4)
    kind = case.one(np.int64, np.int32, np.float64, np.bool_, np.uint8)
    values = case.random.integers(0, 2 if kind is np.bool_ else 100, shape).astype(kind)
    case.output(case.node("Add", case.input(shape), case.node("Cast", case.constant(values), to=TensorProto.FLOAT)))
    case.output(case.node("Cast", case.node("Sqrt", case.input(shape, 0, 4)), to=TensorProto.FLOAT))


@family(6, range(12, 22))
def constant_forms(case):
    x = case.input([2, 3])
    made = case.one({"value_float": 0.5}, {"value_floats": [1.0, -2.0, 0.25]})
    case.output(case.node("Mul", x, case.node("Constant", **made)))
    case.output(case.node("Reshape", x, case.node("Constant", value_ints=[3, -1])))
    axis = case.node("Constant", value_int=1)
    case.output(case.node("Gather", x, axis, axis=1))


class Writer:
    def __init__(self, folder):
        self.folder = folder
        self.cases = []
        self.place = 0
        self.values = open(os.path.join(folder, "values.bin"), "wb")

    def tensor(self, name, array):
        array = np.asarray(array, "<f4")
        entry = {"name": name, "shape": list(array.shape), "place": self.place}
        self.values.write(array.tobytes())
        self.place += array.size
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
        writer.add(f"published-{name}-{shape}", model, f"input {shape}", symbolic, list(inputs.items()), list(zip(outputs, expected)))


writer = Writer(sys.argv[1])
write_operators(writer)
for argument in sys.argv[2:]:
    write_network(writer, argument)
writer.finish()
