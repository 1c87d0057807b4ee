# SPDX-License-Identifier: Apache-2.0
"""Operators whose form depends on the opset, which several families use."""
import numpy as np


def normalised(case, x, channels):
    parameters = [case.values([channels]), case.values([channels]), case.values([channels]), case.values([channels], 0.1, 2)]
    return case.node(
        "BatchNormalization", x, *map(case.constant, parameters), epsilon=case.one(None, 1e-3),
        momentum=case.one(None, 0.5), spatial=1 if case.opset < 9 and case.chance() else None)


def clipped(case, x, low, high):
    if case.opset < 11:
        return case.node("Clip", x, min=low, max=high)
    bounds = ["" if bound is None else case.constant(np.float32(bound)) for bound in (low, high)]
    while bounds and not bounds[-1]:
        bounds.pop()
    return case.node("Clip", x, *bounds)
