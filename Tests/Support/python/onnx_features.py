# SPDX-License-Identifier: Apache-2.0
"""Models that use more of ONNX than operators: functions, graphs in nodes, data in other files, small weights.

usage: onnx_features.py FOLDER

Writes NAME.onnx for each, and cases.json: of those that run, the numbers given to x (of shape [2, 3]) and what ONNX
Runtime answers; of those that are refused, words that the message must have.
"""
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLDER = sys.argv[1]
X = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3])
OPSET = 21
WEIGHTS = np.arange(1, 7, dtype=np.float32).reshape(2, 3) / 4


def model(nodes, initializers=(), functions=(), outputs=("y",), domains=("own",)):
    graph = helper.make_graph(
        nodes, "g", [X], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs], list(initializers))
    for output in graph.output:
        output.type.tensor_type.shape.SetInParent()
    imports = [helper.make_operatorsetid("", OPSET)] + [helper.make_operatorsetid(name, 1) for name in domains]
    return helper.make_model(graph, opset_imports=imports, functions=list(functions), ir_version=10)


def function(name, nodes, attributes=(), defaults=()):
    return helper.make_function(
        "own", name, ["a"], ["b"], nodes, [helper.make_operatorsetid("", OPSET), helper.make_operatorsetid("own", 1)],
        list(attributes), [helper.make_attribute(*each) for each in defaults])


def refers(node, attribute, name, kind=onnx.AttributeProto.FLOAT):
    node.attribute.append(onnx.AttributeProto(name=attribute, ref_attr_name=name, type=kind))
    return node


def call(name, given, made, **attributes):
    return helper.make_node(name, [given], [made], domain="own", **attributes)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def branch(name, nodes, outputs, initializers=()):
    return helper.make_graph(
        nodes, name, [], [helper.make_tensor_value_info(each, TensorProto.FLOAT, None) for each in outputs], list(initializers))


def external(name, location, length=None, offset=0, data=None):
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2, 3], data_location=TensorProto.EXTERNAL)
    entries = {"location": location, "offset": str(offset), "length": str(24 if length is None else length)}
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)
    if data is not None:
        with open(os.path.join(FOLDER, location), "wb") as file:
            file.write(data)
    return model([helper.make_node("Add", ["x", "w"], ["y"])], [tensor])


def running():
    leaky = refers(helper.make_node("LeakyRelu", ["a"], ["t"]), "alpha", "slope")
    bend = function("Bend", [leaky, helper.make_node("Neg", ["t"], ["b"])], ["slope"])
    yield "function", model([call("Bend", "x", "t", slope=0.5), helper.make_node("Neg", ["t"], ["y"])], functions=[bend])
    preset = function("Preset", [refers(helper.make_node("Elu", ["a"], ["b"]), "alpha", "alpha")], [], [("alpha", 0.25)])
    yield "function_default", model([call("Preset", "x", "t"), call("Preset", "t", "y", alpha=2.0)], functions=[preset])
    twice = function("Twice", [call("Bend", "a", "t", slope=0.1), call("Bend", "t", "b", slope=0.2)])
    yield "function_nested", model([call("Twice", "x", "m"), call("Twice", "m", "y")], functions=[twice, bend])
    inside = function("Choose", [
        helper.make_node("Shape", ["a"], ["s"]), helper.make_node("Constant", [], ["two"], value_ints=[2, 3]),
        helper.make_node("Equal", ["s", "two"], ["e"]), helper.make_node("Cast", ["e"], ["i"], to=TensorProto.INT32),
        helper.make_node("ReduceMin", ["i"], ["m"], keepdims=0), helper.make_node("Cast", ["m"], ["c"], to=TensorProto.BOOL),
        helper.make_node(
            "If", ["c"], ["b"],
            then_branch=branch("t", [helper.make_node("Exp", ["a"], ["p"])], ["p"]),
            else_branch=branch("e", [helper.make_node("Abs", ["a"], ["q"])], ["q"]))])
    yield "function_if", model([call("Choose", "x", "y")], functions=[inside])

    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Mul", ["v", "half"], ["w"]),
         helper.make_node("Add", ["w", "x"], ["u"]), helper.make_node("ReduceSum", ["u"], ["sum"], keepdims=0)], "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("v", TensorProto.FLOAT, [2, 3])],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, []), helper.make_tensor_value_info("u", TensorProto.FLOAT, [2, 3]),
         helper.make_tensor_value_info("sum", TensorProto.FLOAT, [])], [constant("half", np.float32(0.5))])
    yield "loop", model(
        [helper.make_node("Loop", ["n", "", "x"], ["y", "sums"], body=body)], [constant("n", np.int64(3))],
        outputs=["y", "sums"])
    step = helper.make_graph(
        [helper.make_node("Add", ["s", "r"], ["t"]), helper.make_node("Identity", ["t"], ["o"])], "step",
        [helper.make_tensor_value_info("s", TensorProto.FLOAT, [3]), helper.make_tensor_value_info("r", TensorProto.FLOAT, [3])],
        [helper.make_tensor_value_info("t", TensorProto.FLOAT, [3]), helper.make_tensor_value_info("o", TensorProto.FLOAT, [3])])
    yield "scan", model(
        [helper.make_node("Scan", ["zero", "x"], ["y", "all"], body=step, num_scan_inputs=1)],
        [constant("zero", np.zeros(3, np.float32))], outputs=["y", "all"])
    yield "if_constant", model(
        [helper.make_node(
            "If", ["c"], ["y"], then_branch=branch("t", [helper.make_node("Add", ["x", "k"], ["p"])], ["p"], [constant("k", WEIGHTS)]),
            else_branch=branch("e", [helper.make_node("NoSuchOperator", ["x"], ["q"])], ["q"]))],
        [constant("c", np.array(True))])

    yield "external", external("external", "weights.bin", offset=8, data=bytes(8) + WEIGHTS.tobytes())
    yield "half", model([
        helper.make_node("Cast", ["w"], ["f"], to=TensorProto.FLOAT), helper.make_node("Mul", ["x", "f"], ["y"])],
        [constant("w", WEIGHTS.astype(np.float16))])
    yield "brain", model([
        helper.make_node("Cast", ["w"], ["f"], to=TensorProto.FLOAT), helper.make_node("Mul", ["x", "f"], ["y"])],
        [helper.make_tensor("w", TensorProto.BFLOAT16, [2, 3], WEIGHTS.ravel())])
    yield "quantised", model([
        helper.make_node("DequantizeLinear", ["w", "scales", "zeros"], ["f"], axis=0), helper.make_node("Mul", ["x", "f"], ["y"])],
        [constant("w", np.array([[-128, 0, 127], [1, 2, 3]], np.int8)), constant("scales", np.array([0.1, 0.2], np.float32)),
         constant("zeros", np.array([3, -3], np.int8))])


def refused():
    yield "external_up", external("up", "../weights.bin"), ["“w”", "own folder"]
    yield "external_absolute", external("absolute", "/etc/hostname"), ["own folder"]
    yield "external_below", external("below", "below/weights.bin"), ["own folder"]
    yield "external_missing", external("missing", "missing.bin"), ["missing.bin", "is not beside the model"]
    os.symlink(os.path.join(FOLDER, "weights.bin"), os.path.join(FOLDER, "link.bin"))
    yield "external_link", external("link", "link.bin"), ["link.bin", "is a symbolic link"]
    os.mkdir(os.path.join(FOLDER, "folder.bin"))
    yield "external_folder", external("folder", "folder.bin"), ["no file"]
    os.mkfifo(os.path.join(FOLDER, "pipe.bin"))
    yield "external_pipe", external("pipe", "pipe.bin"), ["no file"]
    yield "external_short", external("short", "short.bin", data=bytes(20)), ["24 bytes", "20"]
    yield "external_offset", external("offset", "weights.bin", offset=2**62), ["weights.bin"]
    yield "external_length", external("length", "weights.bin", length=4), ["24", "4"]
    yield "external_negative", external("negative", "weights.bin", offset=-1), ["-1"]

    again = function("Again", [call("Again", "a", "b")])
    yield "function_endless", model([call("Again", "x", "y")], functions=[again]), ["Again"]
    inner = helper.make_node(
        "If", ["c"], ["b"], then_branch=branch("t", [call("Nested", "a", "p")], ["p"]),
        else_branch=branch("e", [call("Nested", "a", "q")], ["q"]))
    nested = function("Nested", [helper.make_node("Constant", [], ["c"], value=constant("", np.array(True))), inner])
    yield "function_in_branch", model([call("Nested", "x", "y")], functions=[nested]), ["deep"]
    bomb = [function(f"F{level}", [call(f"F{level + 1}", "a", "t"), call(f"F{level + 1}", "t", "b")]) for level in range(30)]
    bomb.append(function("F30", [helper.make_node("Relu", ["a"], ["b"])]))
    yield "function_bomb", model([call("F0", "x", "y")], functions=bomb), ["100000"]
    empty = [function(f"F{level}", [call(f"F{level + 1}", "a", "t"), call(f"F{level + 1}", "t", "b")]) for level in range(30)]
    yield "function_unknown", model([call("F0", "x", "y")], functions=empty), ["100000"]
    heavy = function("Heavy", [
        helper.make_node("Constant", [], ["c"], value=constant("", np.zeros(1 << 20, np.float32))),
        helper.make_node("Identity", ["a"], ["b"])])
    yield "function_heavy", model(
        [call("Heavy", "x" if index == 0 else f"v{index}", f"v{index + 1}" if index < 99 else "y") for index in range(100)],
        functions=[heavy]), ["functions repeat"]
    crowded = call("Bend", "x", "y")
    crowded.input.append("x")
    bend = function("Bend", [helper.make_node("Neg", ["a"], ["b"])])
    yield "function_inputs", model([crowded], functions=[bend]), ["Bend", "more inputs"]
    yield "function_twice", model([call("Bend", "x", "y")], functions=[bend, bend]), ["two functions"]
    other = function("Bend", [helper.make_node("Neg", ["a"], ["b"])])
    other.opset_import[0].version = 13
    yield "function_opset", model([call("Bend", "x", "y")], functions=[other]), ["opset 13"]

    deep = branch("t", [helper.make_node("Relu", ["x"], ["p"])], ["p"])
    for _ in range(12):
        deep = branch("t", [helper.make_node("If", ["c"], ["p"], then_branch=deep, else_branch=branch("e", [], []))], ["p"])
    yield "if_deep", model(
        [helper.make_node("If", ["c"], ["y"], then_branch=deep, else_branch=deep)], [constant("c", np.array(True))]), ["deep"]
    given = helper.make_node("ReduceMax", ["x"], ["m"], keepdims=0)
    yield "if_computed", model(
        [given, helper.make_node("Cast", ["m"], ["c"], to=TensorProto.BOOL), helper.make_node(
            "If", ["c"], ["y"], then_branch=branch("t", [helper.make_node("Exp", ["x"], ["p"])], ["p"]),
            else_branch=branch("e", [helper.make_node("Abs", ["x"], ["q"])], ["q"]))]), ["If", "depends on the values"]
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Relu", ["v"], ["u"])], "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("v", TensorProto.FLOAT, [2, 3])],
        [helper.make_tensor_value_info("on", TensorProto.BOOL, []), helper.make_tensor_value_info("u", TensorProto.FLOAT, [2, 3])])
    yield "loop_endless", model(
        [helper.make_node("Loop", ["", "", "x"], ["y"], body=body)]), ["300000"]


def main():
    cases = {"running": {}, "refused": {}}
    for name, made in running():
        path = os.path.join(FOLDER, name + ".onnx")
        onnx.save(made, path)
        if name == "if_constant":
            # ONNX Runtime wants both branches to exist.

            cases["running"][name] = {"y": {"shape": [2, 3], "values": (np.linspace(-2, 2, 6, dtype=np.float32).reshape(2, 3) + WEIGHTS).ravel().tolist()}}
            continue
        run = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        names = [each.name for each in run.get_outputs()]
        values = run.run(names, {"x": np.linspace(-2, 2, 6, dtype=np.float32).reshape(2, 3)})
        cases["running"][name] = {
            each: {"shape": list(value.shape), "values": value.ravel().tolist()} for each, value in zip(names, values)}
    for name, made, words in refused():
        with open(os.path.join(FOLDER, name + ".onnx"), "wb") as file:
            file.write(made.SerializeToString())
        cases["refused"][name] = words
    with open(os.path.join(FOLDER, "cases.json"), "w", encoding="utf-8") as file:
        json.dump(cases, file)


main()
