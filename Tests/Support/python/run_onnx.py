# SPDX-License-Identifier: Apache-2.0
"""Runs a model with one input and one output in ONNX Runtime, after ONNX's own checker.

usage: python run_onnx.py MODEL INPUT OUTPUT EXTENT...

INPUT holds single-precision numbers, little-endian, of the shape that the extents give; OUTPUT is written likewise.
"""
import sys

import numpy as np
import onnx
import onnxruntime

model, source, target = sys.argv[1:4]
onnx.checker.check_model(onnx.load(model), full_check=True)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
values = np.fromfile(source, "<f4").reshape([int(extent) for extent in sys.argv[4:]])
session.run(None, {session.get_inputs()[0].name: values})[0].astype("<f4").tofile(target)
