# SPDX-License-Identifier: Apache-2.0
"""Operators that work element by element, with broadcasting."""
import numpy as np

from case import family
from parts import clipped


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
    attributes = {"axis": 0} if operator == "Softmax" else {}
    case.output(clipped(case, x, -1.0, 6.0) if operator == "Clip" else case.node(operator, x, **attributes))


@family(12)
def prelu(case):
    shape = case.ints(case.int(2, 4), 1, 6)
    slope = case.one([shape[1]] + [1] * (len(shape) - 2), [1], case.broadcastable(shape))
    case.output(case.node("PRelu", case.input(shape), case.either(slope)))


@family(10)
def clip(case):
    case.output(clipped(case, case.input(case.ints(3, 1, 7)), case.one(None, -0.5, 0.0), case.one(None, 1.25, 0.75)))


@family(6, range(8, 29))
def extremum(case):
    shape = case.ints(3, 1, 5)
    inputs = [case.input(shape)] + [case.either(case.broadcastable(shape)) for _ in range(case.int(0, 2))]
    case.output(case.node(case.one("Min", "Max"), *inputs))
