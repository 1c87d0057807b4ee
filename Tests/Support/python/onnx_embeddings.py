# SPDX-License-Identifier: Apache-2.0
"""Runs a network with ONNX Runtime: onnx_embeddings.py NETWORK INPUT OUTPUT, with raw single precision in INPUT and OUTPUT."""

import sys

import numpy
import onnxruntime

network, source, target = sys.argv[1:]
session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
port = session.get_inputs()[0]
values = numpy.fromfile(source, dtype=numpy.float32).reshape([-1] + port.shape[1:])
session.run(None, {port.name: values})[0].astype(numpy.float32).tofile(target)
