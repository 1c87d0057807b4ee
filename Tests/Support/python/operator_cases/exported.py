# SPDX-License-Identifier: Apache-2.0
"""Operators of networks that PyTorch exports, beside those of the other files."""
import numpy as np

from case import family
from windows import window


def as_floats(case, value):
    """Through a cast, since a case answers floats alone."""
    case.output(case.node("Cast", value, to=1))


@family(42, range(22, 29))
def function(case):
    operators = {
        "Erf": {}, "Softplus": {}, "Softsign": {}, "Mish": {}, "HardSwish": {}, "Gelu": {"approximate": case.one(None, "tanh")},
        "Elu": {"alpha": case.one(None, 0.5)}, "Selu": {"alpha": case.one(None, 1.5), "gamma": case.one(None, 2.0)},
        "Celu": {"alpha": case.one(None, 2.0)}, "HardSigmoid": {"alpha": case.one(None, 0.25), "beta": case.one(None, 0.4)},
        "ThresholdedRelu": {"alpha": case.one(None, 0.5)}, "Floor": {}, "Ceil": {}, "Round": {}, "Sign": {}, "Sin": {}, "Cos": {},
        "Atan": {}, "Sinh": {}, "Shrink": {"bias": case.one(None, 0.5), "lambd": case.one(None, 0.25)}, "Asinh": {},
    }
    operator = list(operators)[case.number % len(operators)]
    if operator == "Celu":
        # ONNX Runtime does not know its operator set 28 yet.
        case.opset = min(case.opset, 27)
    case.output(case.node(operator, case.input(case.ints(case.int(1, 4), 1, 7), -5, 5), **operators[operator]))


@family(16, range(16, 29))
def comparison(case):
    operator = case.one("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual")
    shape = case.ints(case.int(1, 4), 1, 5)
    a, b = case.input(shape), case.either(case.broadcastable(shape))
    truth = case.node(operator, a, b)
    if case.chance():
        truth = case.node("Not", truth)
    if case.chance():
        truth = case.node(case.one("And", "Or", "Xor"), truth, case.node("Greater", b, a))
    if case.chance():
        as_floats(case, truth)
    else:
        case.output(case.node("Where", truth, a, case.either(case.broadcastable(shape))))


@family(33)
def any_reduction(case):
    operators = ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare",
                 "ReduceLogSum", "ReduceLogSumExp"]
    operator = operators[case.number % len(operators)]
    shape = case.ints(case.int(1, 4), 1, 5)
    axes = sorted({case.int(-len(shape), -1) for _ in range(case.int(1, 3))})
    attributes = {"keepdims": case.one(None, 0, 1)}
    inputs = [case.input(shape, 0.1, 2)]
    if case.opset < (13 if operator == "ReduceSum" else 18):
        if case.chance():
            attributes["axes"] = axes if case.opset >= 11 else [axis + len(shape) for axis in axes]
    elif case.chance():
        inputs.append(case.int64(axes))
    case.output(case.node(operator, *inputs, **attributes))


@family(12, range(12, 29))
def extreme_place(case):
    shape = case.ints(case.int(1, 4), 1, 6)
    as_floats(case, case.node(
        case.one("ArgMax", "ArgMin"), case.input(shape), axis=case.int(-len(shape), len(shape) - 1), keepdims=case.one(None, 0, 1),
        select_last_index=case.one(None, 0, 1)))


@family(10, range(11, 29))
def top(case):
    shape = case.ints(case.int(1, 3), 1, 6)
    axis = case.int(-len(shape), len(shape) - 1)
    values = case.node("TopK", case.input(shape), case.int64([case.int(1, shape[axis])]), axis=axis, largest=case.one(None, 0, 1))
    case.nodes[-1].output.append(values + "_places")
    case.output(values)
    as_floats(case, values + "_places")


@family(20, range(17, 29))
def row_normalisation(case):
    shape = case.ints(case.int(2, 4), 1, 9)
    kind = case.number % 3
    if kind == 0:
        axis = case.int(-len(shape), -1)
        scale = case.either(shape[axis:])
        more = [case.either(shape[axis:])] if case.chance() else []
        case.output(case.node("LayerNormalization", case.input(shape), scale, *more, axis=axis, epsilon=case.one(None, 1e-3)))
        return
    shape = [case.int(1, 3), 6] + case.ints(case.int(1, 2), 1, 7)
    # A variance of a single value is 0, by which a rounding error is divided.
    shape[2] += 1
    if kind == 1 or case.opset < 21:
        scale, bias = case.constant(case.values([6])), case.constant(case.values([6]))
        case.output(case.node("InstanceNormalization", case.input(shape), scale, bias, epsilon=case.one(None, 1e-3)))
        return
    scale, bias = case.either([6]), case.either([6])
    case.output(case.node("GroupNormalization", case.input(shape), scale, bias, num_groups=case.one(1, 2, 3, 6)))


@family(14, range(13, 29))
def split(case):
    shape = case.ints(case.int(1, 4), 2, 7)
    axis = case.int(-len(shape), len(shape) - 1)
    first = case.int(1, shape[axis] - 1)
    name = case.node("Split", case.input(shape), case.int64([first, shape[axis] - first]), axis=axis)
    case.nodes[-1].output.append(name + "_rest")
    case.output(name + "_rest")
    case.output(case.node("Neg", name))


@family(16, range(13, 29))
def repetition(case):
    shape = case.ints(case.int(1, 4), 1, 4)
    if case.chance():
        case.output(case.node("Tile", case.input(shape), case.int64(case.ints(len(shape), 1, 3))))
        return
    target = [case.int(1, 4) if extent == 1 else extent for extent in shape]
    case.output(case.node("Expand", case.input(shape), case.int64([case.int(1, 2)] * case.chance() + target)))


@family(8, range(11, 29))
def depth_and_space(case):
    block, depth, height, width = case.int(1, 3), case.int(1, 3), case.int(1, 4), case.int(1, 4)
    if case.chance():
        case.output(case.node(
            "DepthToSpace", case.input([2, depth * block * block, height, width]), blocksize=block, mode=case.one(None, "DCR", "CRD")))
    else:
        case.output(case.node("SpaceToDepth", case.input([2, depth, height * block, width * block]), blocksize=block))


@family(12, range(13, 29))
def gather_elements(case):
    shape = case.ints(case.int(1, 3), 2, 5)
    axis = case.int(0, len(shape) - 1)
    chosen = [extent if place != axis else case.int(1, 6) for place, extent in enumerate(shape)]
    indices = case.random.integers(-shape[axis], shape[axis], chosen)
    if case.chance():
        indices = case.constant(indices)
    else:
        indices = case.node("Cast", case.given(indices.astype(np.float32)), to=7)
    case.output(case.node("GatherElements", case.input(shape), indices, axis=axis))


@family(12, range(13, 29))
def gather_tuples(case):
    shape = case.ints(case.int(2, 4), 2, 4)
    length = case.int(1, len(shape))
    indices = np.stack([case.random.integers(-extent, extent, [3, 2]) for extent in shape[:length]], -1)
    if case.chance():
        indices = case.constant(indices)
    else:
        indices = case.node("Cast", case.given(indices.astype(np.float32)), to=7)
    if case.chance():
        case.output(case.node("GatherND", case.input(shape), indices))
        return
    reduction = case.one(None, "add", "mul") if case.opset >= 16 else None
    # Places that come twice are joined in no order that is stated.
    case.output(case.node("ScatterND", case.input(shape), case.constant(
        np.arange(2).reshape(2, 1)), case.input([2] + shape[1:]), reduction=reduction))


@family(16, range(12, 29))
def einsum(case):
    equation, shapes = case.one(
        ("bhqd,bhkd->bhqk", [[2, 3, 4, 5], [2, 3, 6, 5]]), ("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]]), ("ij,j->i", [[3, 4], [4]]),
        ("i,j->ij", [[3], [4]]), ("ii->i", [[4, 4]]), ("ij->", [[3, 4]]), ("ij->ji", [[3, 4]]), ("...ij,...jk->...ik", [[2, 3, 4], [1, 4, 5]]),
        ("bi,bj,bk->b", [[2, 3], [2, 4], [2, 5]]), ("ij,kj", [[3, 4], [5, 4]]), ("nchw,cd->ndhw", [[2, 3, 4, 5], [3, 6]]))
    case.output(case.node("Einsum", *map(case.input, shapes), equation=equation))


@family(30, range(7, 29))
def conv_transpose(case):
    rank, groups = case.one(1, 2, 2, 3), case.one(1, 1, 2)
    kernel, strides, dilations = case.ints(rank, 1, 3), case.ints(rank, 1, 3), case.ints(rank, 1, 2)
    spans = [(extent - 1) * dilation + 1 for extent, dilation in zip(kernel, dilations)]
    pads = [case.int(0, (span - 1) // 2) for span in spans] * 2
    outer = [case.int(0, stride - 1) for stride in strides]
    channels, per_group = groups * case.int(1, 3), case.int(1, 3)
    inputs = [case.input([2, channels] + case.ints(rank, 1, 5)), case.constant(case.values([channels, per_group] + kernel))]
    if case.chance():
        inputs.append(case.constant(case.values([groups * per_group])))
    case.output(case.node(
        "ConvTranspose", *inputs, group=groups, strides=strides, dilations=dilations, pads=pads, output_padding=case.one(None, outer),
        kernel_shape=case.one(None, kernel)))


@family(20)
def volume(case):
    kernel = case.ints(3, 1, 3)
    kind = case.one("Conv", "MaxPool", "AveragePool")
    attributes, spans = window(case, 3, kernel, kind == "Conv" or case.opset >= (10 if kind == "MaxPool" else 19))
    shape = [case.int(1, 2), 2] + [span + case.int(0, 4) for span in spans]
    if kind == "Conv":
        case.output(case.node("Conv", case.input(shape), case.constant(case.values([3, 2] + kernel)), **attributes))
        return
    more = {"count_include_pad": case.one(None, 0, 1)} if kind == "AveragePool" else {}
    case.output(case.node(kind, case.input(shape), kernel_shape=kernel, **attributes, **more))


@family(8, range(11, 29))
def accumulation(case):
    shape = case.ints(case.int(1, 3), 1, 5)
    case.output(case.node(
        "CumSum", case.input(shape), case.constant(np.array(case.int(-len(shape), len(shape) - 1))), exclusive=case.one(None, 0, 1),
        reverse=case.one(None, 0, 1)))


@family(8)
def other_softmax(case):
    shape = case.ints(case.int(2, 4), 1, 5)
    case.output(case.node(case.one("LogSoftmax", "Hardmax"), case.input(shape), axis=case.one(None, 1, len(shape) - 1)))


@family(10, range(13, 22))
def quantisation(case):
    shape = [case.int(1, 3), 4, case.int(1, 5)]
    one = case.chance()
    scale = case.constant(case.random.uniform(0.01, 0.1, [] if one else [4]).astype(np.float32))
    kind = case.one(np.int8, np.uint8)
    zero = case.constant(case.random.integers(0, 9, [] if one else [4]).astype(kind))
    steps = case.node("QuantizeLinear", case.input(shape), scale, zero, axis=None if one else 1)
    case.output(case.node("DequantizeLinear", steps, scale, zero, axis=None if one else 1))


@family(10, range(13, 29))
def many_operands(case):
    shape = case.ints(3, 1, 4)
    case.output(case.node(
        case.one("Sum", "Mean", "Min", "Max"), case.input(shape), *[case.either(case.broadcastable(shape)) for _ in range(case.int(0, 2))]))


@family(8, range(13, 29))
def remainder(case):
    shape = case.ints(2, 1, 5)
    case.output(case.node("Mod", case.input(shape, -9, 9), case.either(case.broadcastable(shape), 0.5, 3), fmod=1))


@family(12, range(19, 29))
def resampling(case):
    mode = case.one("cubic", "linear")
    shape = [1, case.int(1, 3), case.int(3, 7), case.int(3, 7)]
    coordinates = case.one("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners")
    attributes = {"cubic_coeff_a": case.one(None, -0.5)} if mode == "cubic" else {}
    sizes = case.int64(shape[:2] + case.ints(2, 2, 13))
    case.output(case.node(
        "Resize", case.input(shape), "", "", sizes, mode=mode, coordinate_transformation_mode=coordinates, **attributes))


@family(10, range(16, 20))
def grid(case):
    shape = [2, case.int(1, 3), case.int(2, 5), case.int(2, 5)]
    case.output(case.node(
        "GridSample", case.input(shape), case.input([2, case.int(1, 4), case.int(1, 4), 2], -1.5, 1.5),
        mode=case.one("bilinear", "nearest", "bicubic"), padding_mode=case.one(None, "border", "reflection"),
        align_corners=case.one(None, 0, 1)))


@family(12, range(14, 29))
def recurrent(case):
    kind, gates = [("RNN", 1), ("GRU", 3), ("LSTM", 4)][case.number % 3]
    direction = case.one(None, "forward", "reverse", "bidirectional")
    directions, length, batch, size, hidden = 2 if direction == "bidirectional" else 1, case.int(1, 4), case.int(1, 3), 3, case.int(1, 4)
    inputs = [case.input([length, batch, size]), case.constant(case.values([directions, gates * hidden, size])),
              case.constant(case.values([directions, gates * hidden, hidden]))]
    if case.chance():
        inputs.append(case.constant(case.values([directions, 2 * gates * hidden])))
    more = {"linear_before_reset": case.one(None, 0, 1)} if kind == "GRU" else {}
    name = case.node(kind, *inputs, hidden_size=hidden, direction=direction, **more)
    case.nodes[-1].output.append(name + "_end")
    case.output(name)
    case.output(name + "_end")
