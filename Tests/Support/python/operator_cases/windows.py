# SPDX-License-Identifier: Apache-2.0
"""Convolution and pooling."""
from case import family


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
