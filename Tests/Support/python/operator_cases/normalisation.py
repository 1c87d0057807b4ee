# SPDX-License-Identifier: Apache-2.0
"""Normalisation along axes and reduction of them."""
from case import family
from parts import normalised


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
