# SPDX-License-Identifier: Apache-2.0
"""Resize."""
import numpy as np

from case import family


@family(30, range(10, 29))
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
        scales = [2.0, 2.0], [1.0, 1.0], [3.0, 2.0], [1.5, 3.0], [0.5, 0.7], [2.0, 0.5]
        # Where align_corners meets an extent that does not come out whole, ONNX Runtime's answer is not ONNX's.
        scale = case.one(*scales[:3 if coordinates == "align_corners" else None])
        scale = np.array(scale if partly else [1, 1] + scale, np.float32)
        case.output(case.node("Resize", x, nothing, case.constant(scale), **attributes))
    else:
        sizes = case.ints(2, 1, 13)
        sizes = case.int64(sizes if partly else shape[:2] + sizes)
        case.output(case.node("Resize", x, nothing, nothing, sizes, **attributes))


@family(6, range(11, 29))
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


@family(8, range(11, 29))
def resize_ties(case):
    """Places that lie halfway between two pixels, were it not for the rounding of the ratio."""
    old, new, coordinates = [(7, 2, "asymmetric"), (7, 8, "asymmetric"), (14, 1, "half_pixel"), (14, 19, "half_pixel")][case.number // 2]
    nothing = case.constant(np.zeros(0, np.float32))
    case.output(case.node(
        "Resize", case.input([1, 1, 2, old]), nothing, nothing, case.int64([1, 1, 2, new]), mode="nearest",
        coordinate_transformation_mode=coordinates, nearest_mode=["round_prefer_ceil", "round_prefer_floor"][case.number % 2]))
