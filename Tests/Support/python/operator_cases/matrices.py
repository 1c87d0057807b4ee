# SPDX-License-Identifier: Apache-2.0
"""Products of matrices."""
from case import family


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
