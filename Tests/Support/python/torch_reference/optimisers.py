# SPDX-License-Identifier: Apache-2.0
"""Steps of PyTorch's optimisers."""
import torch

from functions import function


def without_gradient(tensors, outputs):
    """The outputs, after a first one that has a gradient, which every answer needs."""
    return {"nothing": sum(each.sum() for each in tensors.values()) * 0} | outputs


@function
def optimise(tensors, attributes):
    """`weight` and `bias` after steps along `weight0`, `bias0`, `weight1` …; only the weight decays unless told otherwise."""
    moved = {name: torch.nn.Parameter(tensors[name].detach().clone()) for name in ("weight", "bias")}
    decay = attributes["decay"]
    groups = [
        {"params": [moved["weight"]], "weight_decay": decay},
        {"params": [moved["bias"]], "weight_decay": decay if attributes["decaysEverything"] else 0},
    ]
    if attributes["optimiser"] == "sgd":
        optimiser = torch.optim.SGD(groups, lr=1, momentum=attributes["momentum"], nesterov=attributes["nesterov"])
    else:
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[attributes["optimiser"]]
        optimiser = kind(groups, lr=1, betas=(attributes["first"], attributes["second"]), eps=attributes["epsilon"])
    for step, rate in enumerate(attributes["rates"]):
        for group in optimiser.param_groups:
            group["lr"] = rate
        for name, parameter in moved.items():
            parameter.grad = tensors[f"{name}{step}"].detach().clone()
        optimiser.step()
    return without_gradient(tensors, moved)


@function
def clip(tensors, attributes):
    parameters = {name: torch.nn.Parameter(torch.zeros_like(each)) for name, each in tensors.items()}
    for name, parameter in parameters.items():
        parameter.grad = tensors[name].detach().clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters.values(), attributes["norm"])
    return without_gradient(tensors, {name: each.grad for name, each in parameters.items()} | {"norm": norm})
