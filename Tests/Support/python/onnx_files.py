# SPDX-License-Identifier: Apache-2.0
"""ONNX files for NeuralNetTests, made and judged by Python's onnx package and ONNX Runtime.

usage: onnx_files.py make FOLDER     writes models that Likeness reads or refuses, and what it should say of them
       onnx_files.py check FILE...   onnx.checker and ONNX Runtime take each file, or the exit status is not 0

read.json holds, for every readable file, its constants (shape, type, values) and its operators in order;
refused.json holds the case of NetworkError and words that its description must have.
"""
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

X = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3])
Y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [2, 3])


def relu(**attributes):
    return helper.make_node("Relu", ["x"], ["y"], name="r", **attributes)


def model(nodes=None, inputs=(X,), outputs=(Y,), initializers=(), opset=13, ir=8, domains=(("", None),)):
    graph = helper.make_graph([relu()] if nodes is None else nodes, "g", list(inputs), list(outputs), list(initializers))
    imports = [helper.make_operatorsetid(domain, opset if version is None else version) for domain, version in domains]
    return helper.make_model(graph, opset_imports=imports, ir_version=ir)


def tensor(name, data_type, shape, values, raw=False):
    return helper.make_tensor(name, data_type, shape, values, raw=raw)


def constants():
    """Every element type, in its typed field and as raw bytes."""
    kinds = {
        "float": (TensorProto.FLOAT, np.float32, [0.5, -3e38, 1e-42, 7]),
        "double": (TensorProto.DOUBLE, np.float64, [0.1, -1e300, 0, 2]),
        "int64": (TensorProto.INT64, np.int64, [-(2**63), 2**63 - 1, 0, 5]),
        "int32": (TensorProto.INT32, np.int32, [-(2**31), 2**31 - 1, 0, 5]),
        "int16": (TensorProto.INT16, np.int16, [-(2**15), 2**15 - 1, 0, 5]),
        "int8": (TensorProto.INT8, np.int8, [-128, 127, 0, 5]),
        "uint64": (TensorProto.UINT64, np.uint64, [2**63, 2**62, 0, 5]),
        "uint32": (TensorProto.UINT32, np.uint32, [2**32 - 1, 2**31, 0, 5]),
        "uint16": (TensorProto.UINT16, np.uint16, [2**16 - 1, 2**15, 0, 5]),
        "uint8": (TensorProto.UINT8, np.uint8, [0, 255, 128, 1]),
        "bool": (TensorProto.BOOL, np.bool_, [True, False, False, True]),
        "half": (TensorProto.FLOAT16, np.float16, [0.5, -65504, 6e-8, 3]),
    }
    for name, (data_type, dtype, values) in kinds.items():
        array = np.array(values, dtype)
        yield tensor(name + "_raw", data_type, [2, 2], array.tobytes(), raw=True)
        yield tensor(name + "_typed", data_type, [2, 2], array)
    yield tensor("scalar", TensorProto.FLOAT, [], [2.5])
    yield tensor("empty", TensorProto.FLOAT, [3, 0], [])


def readable():
    yield "constants", model(initializers=constants())
    old = [tensor("w", TensorProto.FLOAT, [2, 3], range(6))]
    yield "old_ir", model(
        [helper.make_node("Add", ["x", "w"], ["y"])], initializers=old, opset=7, ir=3,
        inputs=(X, helper.make_tensor_value_info("w", TensorProto.FLOAT, [2, 3])))
    yield "unsorted", model([
        helper.make_node("Sigmoid", ["b"], ["y"]), helper.make_node("Exp", ["x"], ["a"]),
        helper.make_node("Tanh", ["a"], ["b"])])
    yield "named_domain", model(domains=(("ai.onnx", None),))
    yield "unused_domain", model(domains=(("", None), ("com.example", 3)))
    for opset in range(7, 29):
        yield f"opset_{opset}", model(opset=opset)
    attributes = helper.make_node(
        "Anything", ["x", "", "x"], ["y"], i=-(2**63), f=0.25, s="naïve", ints=[3, -1], floats=[1.5, -0.0], strings=["a", ""])
    attributes.attribute.append(helper.make_attribute("t", tensor("", TensorProto.INT64, [1], [9])))
    yield "attributes", model([attributes])


def with_graph(change, **options):
    made = model(**options)
    change(made.graph)
    return made


def with_attribute(**fields):
    node = relu()
    node.attribute.append(onnx.AttributeProto(name="a", **fields))
    return model([node])


def with_tensor(**fields):
    return model(initializers=[onnx.TensorProto(name="w", **fields)])


def refused():
    malformed, unsupported = "malformedModel", "unsupportedModel"
    yield "no_graph", onnx.ModelProto(ir_version=8), malformed, ["graph"]
    yield "no_ir_version", model(ir=0), malformed, ["IR version"]
    yield "no_opset", model(domains=()), malformed, ["version of ONNX's operators"]
    yield "two_opsets", model(domains=(("", 11), ("ai.onnx", 13))), malformed, ["11, 13"]
    for opset in (-1, 0, 6, 29, 2**40):
        yield f"opset_{opset}", model(opset=opset), unsupported, [f"opset {opset};", "7 to 28"]
    yield "domain", model(
        [helper.make_node("FusedConv", ["x"], ["y"], name="f", domain="com.microsoft")],
        domains=(("", None), ("com.microsoft", 1))), "unsupportedOperator", ["com.microsoft.FusedConv", "“f”"]

    for name in ("STRING", "COMPLEX64", "COMPLEX128", "FLOAT8E4M3FN", "FLOAT8E5M2", "FLOAT4E2M1", "UINT4", "INT4"):
        number = getattr(TensorProto, name)
        yield f"tensor_{name}", with_tensor(data_type=number, dims=[1], raw_data=bytes(8)), unsupported, ["“w”", name]
        value = helper.make_tensor_value_info("x", number, [2, 3])
        yield f"input_{name}", model(inputs=[value]), unsupported, ["input “x”", name]
    yield "tensor_99", with_tensor(data_type=99, dims=[1], raw_data=bytes(8)), unsupported, ["“w”", "99"]
    yield "tensor_untyped", with_tensor(dims=[1], raw_data=bytes(8)), malformed, ["“w”", "element type"]
    external = dict(data_type=1, dims=[1], data_location=TensorProto.EXTERNAL)
    yield "external", with_tensor(**external), unsupported, ["“w”", "another file"]
    yield "external_attribute", with_attribute(type=4, t=onnx.TensorProto(**external)), unsupported, ["“a”", "another file"]
    sparse = helper.make_sparse_tensor(tensor("s", 1, [1], [1]), tensor("i", 7, [1], [0]), [4])
    yield "sparse", with_graph(lambda graph: graph.sparse_initializer.append(sparse)), unsupported, ["“s”", "sparse"]

    yield "short", with_tensor(data_type=1, dims=[2, 3], float_data=[1] * 5), malformed, ["“w”", "[2, 3]", "6", "5"]
    yield "long", with_tensor(data_type=7, dims=[2], int64_data=[1] * 3), malformed, ["“w”", "[2]", "3"]
    yield "short_raw", with_tensor(data_type=1, dims=[2], raw_data=bytes(4)), malformed, ["“w”", "[2]", "1"]
    yield "ragged_raw", with_tensor(data_type=1, dims=[2], raw_data=bytes(7)), malformed, ["“w”", "7 bytes"]
    yield "no_values", with_tensor(data_type=1, dims=[2]), malformed, ["“w”", "[2]", "0"]
    yield "wrong_field", with_tensor(data_type=1, dims=[1], int64_data=[1]), malformed, ["“w”", "[1]"]
    yield "two_fields", with_tensor(data_type=1, dims=[1], float_data=[1], raw_data=bytes(4)), malformed, ["“w”", "twice"]
    yield "negative", with_tensor(data_type=1, dims=[-2, -3], float_data=[1] * 6), malformed, ["“w”", "-2"]
    yield "huge", with_tensor(data_type=1, dims=[2**62, 4]), "tooLarge", ["“w”"]
    yield "announced", with_tensor(data_type=1, dims=[2**40]), malformed, ["“w”", str(2**40)]
    yield "rank", with_tensor(data_type=1, dims=[1] * 17, float_data=[1]), unsupported, ["“w”", "17", "16"]
    yield "wide_byte", with_tensor(data_type=2, dims=[1], int32_data=[256]), malformed, ["“w”", "256"]
    yield "wide_half", with_tensor(data_type=10, dims=[1], int32_data=[-1]), malformed, ["“w”", "-1"]

    for name, kind, words in (
        ("GRAPHS", 10, "subgraph"), ("TENSORS", 9, "list of tensors"),
        ("SPARSE_TENSOR", 11, "sparse"), ("SPARSE_TENSORS", 12, "sparse"), ("TYPE_PROTO", 13, "type"),
    ):
        yield f"attribute_{name}", with_attribute(type=kind), "unsupportedAttribute", ["“r” (Relu)", "“a”", words]
    yield "attribute_function", with_attribute(type=2, ref_attr_name="outer"), "unsupportedAttribute", ["“a”", "“outer”"]
    yield "attribute_graphless", with_attribute(type=5), malformed, ["“a”", "subgraph"]
    yield "attribute_untyped", with_attribute(i=3), malformed, ["“a”", "“r” (Relu)", "type"]
    yield "attribute_tensorless", with_attribute(type=4), malformed, ["“a”", "tensor"]
    yield "attribute_text", with_attribute(type=3, s=b"\xff\xfe"), malformed, ["“a”", "UTF-8"]
    twice = relu()
    twice.attribute.extend([helper.make_attribute("a", 1), helper.make_attribute("a", 1)])
    yield "attribute_twice", model([twice]), malformed, ["“a”", "two attributes"]
    nameless = relu()
    nameless.attribute.append(onnx.AttributeProto(type=2, i=1))
    yield "attribute_nameless", model([nameless]), malformed, ["“r”", "no name"]

    yield "operatorless", model([onnx.NodeProto(name="n", output=["y"])]), malformed, ["“n”", "operator"]
    yield "cycle", model([
        helper.make_node("Add", ["x", "b"], ["a"]), helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Relu", ["b"], ["y"])]), malformed, ["“a”", "itself"]
    yield "own_input", model([helper.make_node("Add", ["x", "y"], ["y"])]), malformed, ["“y”", "itself"]
    yield "produced_twice", model([relu(), relu()]), malformed, ["“y”", "twice"]
    yield "produces_input", model([helper.make_node("Relu", ["x"], ["x"]), relu()]), malformed, ["“x”", "twice"]
    yield "produces_constant", model(initializers=[tensor("y", 1, [2, 3], [0] * 6)]), malformed, ["“y”", "twice"]
    yield "unproduced", model([helper.make_node("Add", ["x", "z"], ["y"], name="n")]), malformed, ["“z”", "“n”"]
    yield "unproduced_output", model(outputs=[helper.make_tensor_value_info("z", 1, [2])]), malformed, ["output “z”"]
    yield "inputs_twice", model(inputs=[X, X]), malformed, ["two inputs", "“x”"]
    yield "outputs_twice", model(outputs=[Y, Y]), malformed, ["two outputs", "“y”"]
    yield "initializers_twice", model(initializers=[tensor("w", 1, [1], [0])] * 2), malformed, ["two initializers", "“w”"]
    yield "initializer_nameless", model(initializers=[tensor("", 1, [1], [0])]), malformed, ["initializer", "no name"]
    yield "input_nameless", model(inputs=[X, onnx.ValueInfoProto(type=X.type)]), malformed, ["input", "no name"]
    yield "input_untyped", model(inputs=[onnx.ValueInfoProto(name="x")]), malformed, ["input “x”", "type"]
    yield "input_elementless", model(inputs=[helper.make_tensor_value_info("x", 0, [1])]), malformed, ["“x”", "element type"]
    yield "input_shapeless", model(inputs=[helper.make_tensor_value_info("x", 1, None)]), malformed, ["“x”", "no shape"]
    yield "input_rank", model(inputs=[helper.make_tensor_value_info("x", 1, [1] * 17)]), unsupported, ["“x”", "17"]
    yield "input_sequence", model(
        inputs=[helper.make_tensor_sequence_value_info("x", 1, [1])]), unsupported, ["input “x”", "tensor"]


def make(folder):
    constants_of, refusals = {}, {}
    for name, made in readable():
        onnx.save(made, os.path.join(folder, name + ".onnx"))
        constants_of[name] = {
            "operators": [node.op_type for node in made.graph.node],
            "inputs": [value.name for value in made.graph.input],
            "opset": made.opset_import[0].version,
            "constants": {
                each.name: {
                    "shape": list(each.dims), "type": each.data_type,
                    # As text, so that 64-bit integers keep every digit on their way through JSON.
                    "values": [str(value) for value in numpy_helper.to_array(each).astype(
                        np.float64 if each.data_type in (1, 10, 11) else np.uint64 if each.data_type == 13 else np.int64).ravel().tolist()],
                } for each in made.graph.initializer
            },
        }
    for name, made, kind, words in refused():
        name = "refused_" + name
        with open(os.path.join(folder, name + ".onnx"), "wb") as file:
            file.write(made.SerializeToString())
        refusals[name] = {"kind": kind, "words": words}
    for name, value in (("read", constants_of), ("refused", refusals)):
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
            json.dump(value, file)


def check(files):
    for file in files:
        onnx.checker.check_model(file, full_check=True)
        onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    check(sys.argv[2:])
