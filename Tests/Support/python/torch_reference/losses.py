# SPDX-License-Identifier: Apache-2.0
"""Losses of embeddings, from their papers, with nothing mined more cleverly than by trying everything."""
import torch
import torch.nn.functional as F

from functions import function


def distances(x, squared=False):
    differences = (x[:, None] - x[None]).square().sum(2)
    if squared:
        return differences
    # The derivative at zero is to be zero, and not infinite.
    positive = differences > 0
    return torch.where(positive, torch.where(positive, differences, torch.ones_like(differences)).sqrt(), 0)


def relation(attributes, i, j):
    labels, forged = attributes["labels"], attributes["forged"]
    if labels[i] != labels[j]:
        return "different"
    if forged[i] and forged[j]:
        return "unknown"
    return "different" if forged[i] or forged[j] else "same"


def related(attributes, i, kind):
    return [j for j in range(len(attributes["labels"])) if j != i and relation(attributes, i, j) == kind]


@function
def contrastive(tensors, attributes):
    x = tensors["embeddings"]
    pairs = attributes.get("pairs")
    if pairs is None:
        count = len(attributes["labels"])
        pairs = [(i, j, relation(attributes, i, j)) for i in range(count) for j in range(i + 1, count)]
        pairs = [(i, j, int(kind == "same")) for i, j, kind in pairs if kind != "unknown"]
    d = distances(x)[[p[0] for p in pairs], [p[1] for p in pairs]]
    y = torch.tensor([p[2] for p in pairs], dtype=x.dtype)
    return {"loss": 0.5 * (y * d**2 + (1 - y) * F.relu(attributes["margin"] - d) ** 2).mean()}


@function
def triplet(tensors, attributes):
    d = distances(tensors["embeddings"], attributes["squared"])
    excesses = []

    # Python's own take the first of equals; PyTorch's would share the gradient among them.
    def nearest(anchor, rows):
        return min(rows, key=lambda row: d[anchor, row].item())

    def farthest(anchor, rows):
        return max(rows, key=lambda row: d[anchor, row].item())

    for a in range(len(attributes["labels"])):
        positives, negatives = related(attributes, a, "same"), related(attributes, a, "different")
        if not positives or not negatives:
            continue
        if attributes["mining"] == "batch-hard":
            excesses.append(d[a, farthest(a, positives)] - d[a, nearest(a, negatives)])
            continue
        for p in positives:
            farther = [n for n in negatives if d[a, n] > d[a, p]]
            excesses.append(d[a, p] - d[a, nearest(a, farther) if farther else farthest(a, negatives)])
    excess = torch.stack(excesses)
    margin = attributes.get("margin")
    return {"loss": (F.softplus(excess) if margin is None else F.relu(excess + margin)).mean()}


@function
def prototypical(tensors, attributes):
    x, scale, support = tensors["embeddings"], attributes["scale"], attributes["support"]
    genuine, forgeries = {}, {}
    for row, (label, forged) in enumerate(zip(attributes["labels"], attributes["forged"])):
        (forgeries if forged else genuine).setdefault(label, []).append(row)
    labels = list(genuine)
    prototypes = torch.stack([x[genuine[label][:support]].mean(0) for label in labels])
    terms = []
    for way, label in enumerate(labels):
        for query in genuine[label][support:]:
            logits = -scale * (x[query] - prototypes).square().sum(1)
            forged = -scale * (x[forgeries.get(label, [])] - prototypes[way]).square().sum(1)
            terms.append(F.cross_entropy(torch.cat([logits, forged])[None], torch.tensor([way])))
    return {"loss": torch.stack(terms).mean()}


@function
def verification(tensors, attributes):
    x, s, t = tensors["embeddings"], attributes["scale"], attributes["threshold"]
    genuine, forgeries = {}, {}
    for row, (label, forged) in enumerate(zip(attributes["labels"], attributes["forged"])):
        (forgeries if forged else genuine).setdefault(label, []).append(row)

    def squared(row, rows):
        return (x[row] - F.normalize(x[rows].mean(0), dim=0)).square().sum()

    def members(rows, number):
        return rows[: 1 + number % len(rows)] if attributes.get("varied") else rows

    enrolled = {label: members(rows, number) for number, (label, rows) in enumerate(genuine.items())}
    parts = [[], [], [], []]
    for label, rows in genuine.items():
        for number, row in enumerate(rows) if len(rows) > 1 else []:
            own = squared(row, members(rows[number + 1 :] + rows[:number], number))
            others = [squared(row, enrolled[o]) for o in genuine if o != label]
            logits = -s * torch.stack([own, *others])
            parts[0].append(F.cross_entropy(logits[None], torch.tensor([0])))
            parts[1].append(F.softplus(s * (own - t)))
            if others:
                parts[3].append(F.softplus(s * (t + torch.logsumexp(-8 * torch.stack(others), 0) / 8)))
        for number, row in enumerate(forgeries.get(label, [])):
            first = number % len(rows)
            parts[2].append(F.softplus(s * (t - squared(row, members(rows[first:] + rows[:first], number)))))
    return {"loss": sum(w * torch.stack(part).mean() for w, part in zip(attributes["weights"], parts) if part)}


@function
def n_pair(tensors, attributes):
    x, temperature = tensors["embeddings"], attributes["temperature"]
    directions = F.normalize(x, dim=1) if attributes["cosine"] else x
    s = directions @ directions.T / temperature
    terms = []
    for a in range(len(attributes["labels"])):
        negatives = related(attributes, a, "different")
        for p in related(attributes, a, "same") if negatives else []:
            terms.append(torch.log1p(torch.exp(s[a, negatives] - s[a, p]).sum()))
    return {"loss": torch.stack(terms).mean() + attributes["regularisation"] * x.square().sum(1).mean()}


@function
def arcface(tensors, attributes):
    kept = [row for row, forged in enumerate(attributes["forged"]) if not forged]
    labels = torch.tensor(attributes["labels"])[kept]
    cosines = F.normalize(tensors["embeddings"][kept], dim=1) @ F.normalize(tensors["weight"], dim=1).T
    own, margin = F.one_hot(labels, cosines.shape[1]).bool(), torch.tensor(attributes["margin"], dtype=cosines.dtype)
    angle = torch.acos(cosines)
    penalised = torch.where(angle + margin <= torch.pi, torch.cos(angle + margin), cosines - margin * margin.sin())
    logits = attributes["scale"] * torch.where(own, penalised, cosines)
    return {"loss": F.cross_entropy(logits, labels, label_smoothing=attributes["smoothing"])}
