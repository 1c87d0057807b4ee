# SPDX-License-Identifier: Apache-2.0
"""Operators that move values or only name them otherwise."""
import numpy as np

from case import family


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
