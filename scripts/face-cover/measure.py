# SPDX-License-Identifier: Apache-2.0
"""What the network makes of people it was not trained on, with nothing, with drawn covers, and with real ones."""
import os

import numpy as np

import covers
import network
import samples

LIMITS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95)
# The most faces that one kind is drawn on.
MOST = 60


def shares(answers, seen, limit):
    """Of what hides the eyes and of what hides mouth and nose, how much is below the limit; and of what hides neither."""
    result = {}
    for column, name in enumerate(("eyes", "mouth")):
        hidden = seen[:, column] == 0
        if hidden.any():
            result[f"{name} covered"] = int(hidden.sum())
            result[f"{name} detected"] = float((answers[hidden, column] < limit).mean())
    free = (seen == 1).all(1)
    if free.any():
        result["free"] = int(free.sum())
        result["false alarms"] = float((answers[free] < limit).any(1).mean())
    return result


def table(trained, group, data):
    """Of one split and detector."""
    clean, _ = samples.measured(group, None, 1, 10)
    answers = network.answers(trained, clean)
    result = {"photographs": len(group), "people": len({(face.set_name, face.person) for face in group})}
    for set_name in ("orl-faces", "lfw-strangers"):
        rows = np.array([face.set_name == set_name for face in group])
        result[set_name] = {"photographs": int(rows.sum()), "false alarms": {str(limit): int((answers[rows] < limit).any(1).sum()) for limit in LIMITS}}
    worst = np.argsort(answers.min(1))[:15]
    result["lowest"] = [[os.path.relpath(group[i].path, data), *np.round(answers[i], 3).tolist()] for i in worst]
    drawn_on = group[::max(1, len(group) // MOST)]
    for kind in covers.MOUTH_COVERS + covers.EYE_COVERS + ["mask and glasses"] + covers.NO_COVERS:
        drawn, seen = samples.measured(drawn_on, kind, 1, 11)
        values = network.answers(trained, drawn)
        result[kind] = {str(limit): shares(values, seen, limit) for limit in (0.5, 0.85)}
    return result


def figures(trained, yunet, dlib, really_covered, data):
    result = {}
    for layout, group, splits in (("dlib", dlib, ("limits", "test")), ("yunet", yunet, ("test",))):
        for split in splits:
            here = [face for face in group if face.split == split and face.path not in really_covered]
            result[f"{split}, {layout}"] = table(trained, here, data)
        real = [face for face in group if face.path in really_covered]
        clean, _ = samples.measured(real, None, 1, 10)
        result[f"really covered, {layout}"] = {
            os.path.relpath(face.path, data): [really_covered[face.path], *np.round(answer, 3).tolist()]
            for face, answer in zip(real, network.answers(trained, clean))}
    return result
