# SPDX-License-Identifier: Apache-2.0
"""Shapes and constants that are computed while planning."""
import numpy as np
from onnx import TensorProto, helper

from case import family


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


@family(12, range(10, 29))
def shape_arithmetic(case):
    case.symbolic = True
    shape = case.node("Shape", case.input(case.ints(4, 1, 9)))
    part = case.node("Slice", shape, case.int64([case.int(-3, 0)]), case.int64([9]), case.int64([0]))
    for _ in range(case.int(1, 3)):
        operator = case.one("Add", "Sub", "Mul", "Div")
        part = case.node(operator, part, case.int64(case.one([2], [3], 2, [-4])))
    case.output(case.node("Cast", part, to=TensorProto.FLOAT))


@family(6, range(9, 29))
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


@family(6, range(12, 29))
def constant_forms(case):
    x = case.input([2, 3])
    made = case.one({"value_float": 0.5}, {"value_floats": [1.0, -2.0, 0.25]})
    case.output(case.node("Mul", x, case.node("Constant", **made)))
    case.output(case.node("Reshape", x, case.node("Constant", value_ints=[3, -1])))
    axis = case.node("Constant", value_int=1)
    case.output(case.node("Gather", x, axis, axis=1))
