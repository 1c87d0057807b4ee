# SPDX-License-Identifier: Apache-2.0
"""Several operators together."""
from case import family
from parts import clipped, normalised


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
