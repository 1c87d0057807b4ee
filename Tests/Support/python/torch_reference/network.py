# SPDX-License-Identifier: Apache-2.0
"""Networks of ONNX nodes, as they are trained."""
import torch
import torch.nn.functional as F

from functions import function

OPERATORS = {}


def operator(body):
    OPERATORS[body.__name__.rstrip("_")] = body
    return body


@function
def network(tensors, attributes):
    """The nodes on the tensors, by name; the outputs that are asked for, then the statistics that training moved.

    Every node computes as in training. The input of Dropout after the values is what they are multiplied by.
    """
    values, statistics = dict(tensors), {}
    for node in attributes["nodes"]:
        inputs = [values[name] for name in node["inputs"]]
        result = OPERATORS[node["operator"]](node["attributes"], *inputs)
        if node["operator"] == "BatchNormalization":
            result, mean, variance = result
            statistics |= {node["inputs"][3]: mean, node["inputs"][4]: variance}
        values[node["outputs"][0]] = result
    return {name: values[name] for name in attributes["outputs"]} | statistics


def padded(x, attributes, value=0.0):
    pads = attributes.get("pads", [0, 0, 0, 0])
    return F.pad(x, (pads[1], pads[3], pads[0], pads[2]), value=value) if any(pads) else x


@operator
def Conv(attributes, x, weights, bias=None):
    return F.conv2d(
        padded(x, attributes), weights, bias, attributes.get("strides", 1), 0, attributes.get("dilations", 1),
        attributes.get("group", 1))


@operator
def BatchNormalization(attributes, x, scale, shift, mean, variance):
    mean, variance = mean.detach().clone(), variance.detach().clone()
    # ONNX's momentum is the share that stays, PyTorch's the share that is replaced.
    result = F.batch_norm(
        x, mean, variance, scale, shift, training=True, momentum=1 - attributes.get("momentum", 0.9),
        eps=attributes.get("epsilon", 1e-5))
    return result, mean, variance


@operator
def Relu(attributes, x):
    return F.relu(x)


@operator
def LeakyRelu(attributes, x):
    return F.leaky_relu(x, attributes.get("alpha", 0.01))


@operator
def PRelu(attributes, x, slope):
    return F.prelu(x, slope.reshape(-1))


@operator
def Sigmoid(attributes, x):
    return torch.sigmoid(x)


@operator
def Tanh(attributes, x):
    return torch.tanh(x)


@operator
def LRN(attributes, x):
    return F.local_response_norm(
        x, attributes["size"], attributes.get("alpha", 1e-4), attributes.get("beta", 0.75), attributes.get("bias", 1.0))


@operator
def MaxPool(attributes, x):
    return F.max_pool2d(
        padded(x, attributes, float("-inf")), attributes["kernel_shape"], attributes.get("strides", 1), 0,
        attributes.get("dilations", 1), bool(attributes.get("ceil_mode", 0)))


@operator
def AveragePool(attributes, x):
    strides, kernel = attributes.get("strides", 1), attributes["kernel_shape"]
    sums = F.avg_pool2d(padded(x, attributes), kernel, strides, 0, divisor_override=1)
    counted = torch.ones_like(x[:1, :1])
    counted = padded(counted, attributes, float(attributes.get("count_include_pad", 0)))
    return sums / F.avg_pool2d(counted, kernel, strides, 0, divisor_override=1)


@operator
def GlobalAveragePool(attributes, x):
    return x.mean((2, 3), keepdim=True)


@operator
def Dropout(attributes, x, factors=None):
    return x if factors is None else x * factors


@operator
def Flatten(attributes, x):
    return x.flatten(1)


@operator
def Gemm(attributes, x, weights, bias=None):
    product = x @ (weights.T if attributes.get("transB", 0) else weights)
    return product if bias is None else product + bias


@operator
def Add(attributes, left, right):
    return left + right


@operator
def Mul(attributes, left, right):
    return left * right


@operator
def LpNormalization(attributes, x):
    return F.normalize(x, p=attributes.get("p", 2), dim=attributes.get("axis", -1), eps=0)


@operator
def Identity(attributes, x):
    return x
