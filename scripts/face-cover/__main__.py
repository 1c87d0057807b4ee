# SPDX-License-Identifier: Apache-2.0
"""Trains the face-cover network and measures it; scripts/train-face-cover runs it.

usage: python scripts/face-cover --enroll PROGRAM --data FOLDER --models FOLDER --output FOLDER [--held-out KIND,...]

FOLDER of the data holds orl-faces and lfw-strangers, that of the models the packages "dlib-resnet-v1" and "face-cover-yunet", whose
detectors find the landmarks. The output has cover.onnx, figures.json, and what was found on the way, which is used again.
"""
import argparse
import json
import os
import time

import torch

import faces
import measure
import network
import package
import samples

# Photographs of lfw-strangers in which eyes or mouth are really covered, found by looking at all of them: see the file.
COVERED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "covered-photographs.txt")


def model(options, name):
    return next(os.path.join(options.models, folder) for folder in sorted(os.listdir(options.models)) if folder.startswith(name + "-"))


def load_by_yunet(options):
    """All faces by the landmarks that say where the mouth is."""
    paths = faces.pictures(options.data)
    mouths = faces.detected(options.enroll, model(options, "face-cover-yunet"), paths, os.path.join(options.output, "yunet.jsonl"))
    return faces.load(paths, mouths, mouths), mouths


def load_by_dlib(options, paths, mouths):
    """Those that are not trained on by the landmarks that take longer to find."""
    found = faces.detected(options.enroll, model(options, "dlib-resnet-v1"), paths, os.path.join(options.output, "dlib.jsonl"))
    return faces.load(paths, found, mouths)


def read_covered(data):
    with open(COVERED, encoding="utf-8") as lines:
        rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {os.path.join(data, path): what for path, what in rows}


def main():
    arguments = argparse.ArgumentParser()
    for name in ("--enroll", "--data", "--models", "--output"):
        arguments.add_argument(name, required=True)
    arguments.add_argument("--held-out", default="scarf", help="kinds that are not trained on, with commas")
    arguments.add_argument("--drawn", type=int, default=7000)
    arguments.add_argument("--chips", type=int, default=4, help="of each drawn face")
    arguments.add_argument("--epochs", type=int, default=9)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--measure", action="store_true", help="measure what was trained before")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    os.makedirs(options.output, exist_ok=True)
    held_out = options.held_out.split(",")
    started = time.time()

    really_covered = read_covered(options.data)
    yunet, mouths = load_by_yunet(options)
    train = [face for face in yunet if face.split == "train" and face.path not in really_covered]
    print(f"{len(train)} faces to draw on, of {len({(f.set_name, f.person) for f in train})} people", flush=True)
    trained, weights = network.CoverNetwork().eval(), os.path.join(options.output, "cover.pt")
    if options.measure:
        trained.load_state_dict(torch.load(weights))
    else:
        chips, seen = samples.training(train, options.drawn, options.chips, options.seed, held_out)
        trained = network.trained(chips, seen, options.epochs, options.seed)
        torch.save(trained.state_dict(), weights)
        onnx = os.path.join(options.output, "cover.onnx")
        network.export(trained, onnx)
        package.write(onnx, os.path.join(options.output, "package"))
    seconds = round(time.time() - started)

    dlib = load_by_dlib(options, [face.path for face in yunet if face.split != "train" or face.path in really_covered], mouths)
    figures = {"held out": held_out, "parameters": sum(p.numel() for p in trained.parameters()), "seconds": seconds}
    figures |= measure.figures(trained, yunet, dlib, really_covered, options.data)
    with open(os.path.join(options.output, "figures.json"), "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1)
    print(f"done in {time.time() - started:.0f} s: {options.output}/cover.onnx and figures.json", flush=True)


main()
