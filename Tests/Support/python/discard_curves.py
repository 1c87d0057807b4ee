# SPDX-License-Identifier: Apache-2.0
"""Draws error-versus-discard curves: discard_curves.py ENROLL MODELS FACE_COVER SVG FOLDER...

Each FOLDER holds a folder for each person. All pairs of photographs of one person are compared with `enroll compare` at the model's
threshold for a false-match rate of 1e-3, and what `enroll detect` measures on the two is the quality of the pair: the worse of both.
A curve tells what share of the pairs does not match when those of the lowest quality are discarded, up to a third of them (the error
versus discard characteristic of ISO/IEC 29794-1). A photograph in which no face is found is in no curve.
"""
import concurrent.futures
import itertools
import json
import os
import subprocess
import sys

enroll, models, cover, output, *folders = sys.argv[1:]
rate, most, steps = 1e-3, 1 / 3, 100

# How good a value is, the larger the better; brightness by its distance from the middle of what is allowed.
QUALITIES = {
    "face_size": lambda value: value,
    "sharpness": lambda value: value,
    "brightness": lambda value: -abs(value - 135),
    "contrast": lambda value: value,
    "detection": lambda value: value,
    "head_yaw": lambda value: -abs(value),
    "head_roll": lambda value: -abs(value),
    "mirror_distance": lambda value: -value,
    "eyes_visible": lambda value: value,
    "mouth_and_nose_visible": lambda value: value,
}


def ask(*words):
    result = subprocess.run([enroll, *words, "--models", models, "--face-cover", cover, "--json"], capture_output=True)
    return json.loads(result.stdout)


def measure(path):
    """The measurements of the largest face by name, with their limits; nothing where there is none."""
    faces = ask("detect", path).get("faces", [])
    if not faces:
        return {}
    face = max(faces, key=lambda face: face["box"]["width"])
    return {found["quantity"]: found for found in face["measurements"]}


def compare(pair):
    """The distance; nothing where one of the two cannot be compared."""
    answer = ask("compare", *pair, "--largest", "--fmr", str(rate))
    return answer.get("distance")


def threshold():
    with open(active_manifest()) as file:
        text = file.read()
    points = text.split("[[calibration.operating_points]]")[1:]
    for point in points:
        fields = dict(line.split(" = ", 1) for line in point.strip().splitlines() if " = " in line)
        if float(fields["false_match_rate"]) == rate:
            return float(fields["threshold"])
    sys.exit(f"the model has no threshold for {rate}")


def active_manifest():
    for place, _, files in os.walk(models):
        if "model.toml" in files and "embed.onnx" in files:
            return os.path.join(place, "model.toml")
    sys.exit(f"{models} holds no model")


people = [
    sorted(os.path.join(place, name) for name in files if name.lower().endswith((".jpg", ".jpeg", ".png")))
    for folder in folders for place, _, files in sorted(os.walk(folder))
]
people = [files for files in people if len(files) > 1]
files = [file for person in people for file in person]
pairs = [pair for person in people for pair in itertools.combinations(person, 2)]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    measured = dict(zip(files, pool.map(measure, files)))
    distances = list(pool.map(compare, pairs))
limit = threshold()
used = [
    (distance > limit, measured[first], measured[second])
    for (first, second), distance in zip(pairs, distances)
    if distance is not None and measured[first] and measured[second]
]
wrong = sum(pair[0] for pair in used)
print(f"{len(people)} people, {len(files)} photographs, {len(used)} of {len(pairs)} pairs; at {limit:.4f} {wrong} do not match ({wrong / len(used):.1%})")

curves, refusals = {}, {}
for quantity, quality in QUALITIES.items():
    with_it = [pair for pair in used if quantity in pair[1] and quantity in pair[2]]
    if not with_it:
        continue
    def worst(pair):
        return min(quality(pair[1][quantity]["value"]), quality(pair[2][quantity]["value"]))
    ordered = sorted(with_it, key=worst)
    curve = []
    for step in range(steps + 1):
        share = most * step / steps
        kept = ordered[int(share * len(ordered)):]
        curve.append((share, sum(pair[0] for pair in kept) / len(kept)))
    curves[quantity] = curve

    def refused(found):
        value = found["value"]
        return value < found.get("minimum", value) or value > found.get("maximum", value)
    refusals[quantity] = sum(refused(pair[1][quantity]) or refused(pair[2][quantity]) for pair in with_it) / len(with_it)

print(f"{'quality':24}{'refused by the limit':>22}" + "".join(f"{f'without {share:.0%}':>13}" for share in (0.05, 0.1, 0.2, 0.3)))
for quantity, curve in curves.items():
    at = [min(curve, key=lambda point: abs(point[0] - share))[1] for share in (0.05, 0.1, 0.2, 0.3)]
    print(f"{quantity:24}{refusals[quantity]:>22.1%}" + "".join(f"{value:>13.1%}" for value in at))

# The picture.
width, height, left, top, right, bottom = 860, 470, 64, 24, 230, 52
colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9", "#8c564b", "#7f7f7f", "#6a3d9a"]
highest = max(value for curve in curves.values() for _, value in curve) * 1.1


def x(share):
    return left + (width - left - right) * share / most


def y(value):
    return height - bottom - (height - top - bottom) * value / highest


parts = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
    f'<rect width="{width}" height="{height}" fill="#fff"/>',
]
for share in (0, 0.1, 0.2, 0.3):
    parts.append(f'<path d="M{x(share):.1f} {top}V{height - bottom}" stroke="#ddd"/>')
    parts.append(f'<text x="{x(share):.1f}" y="{height - bottom + 18}" text-anchor="middle">{share:.0%}</text>')
step = 0.02 if highest < 0.2 else 0.05
for number in range(int(highest / step) + 1):
    value = number * step
    parts.append(f'<path d="M{left} {y(value):.1f}H{width - right}" stroke="#ddd"/>')
    parts.append(f'<text x="{left - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.0%}</text>')
# A quality that knows: it discards nothing but what does not match.
begun = wrong / len(used)
ideal = [begun * step / steps for step in range(steps + 1) if begun * step / steps <= most]
ideal = "L".join(f"{x(share):.1f} {y((begun - share) / (1 - share)):.1f}" for share in ideal)
parts.append(f'<path d="M{ideal}" fill="none" stroke="#999" stroke-dasharray="4 4"/>')
parts.append(
    f'<text x="{(left + width - right) / 2:.0f}" y="{height - 12}" text-anchor="middle">pairs of the lowest quality that are discarded</text>')
parts.append(
    f'<text x="16" y="{(top + height - bottom) / 2:.0f}" text-anchor="middle" transform="rotate(-90 16 {(top + height - bottom) / 2:.0f})">FNMR of the others</text>')
ranked = sorted(curves, key=lambda quantity: curves[quantity][-1][1], reverse=True)
for number, quantity in enumerate(ranked):
    color = colors[number % len(colors)]
    points, before = [], None
    for share, value in curves[quantity]:
        points.append(f"{x(share):.1f} {y(value):.1f}" if before is None else f"H{x(share):.1f}V{y(value):.1f}" if value != before else f"H{x(share):.1f}")
        before = value
    parts.append(f'<path d="M{points[0]}{"".join(points[1:])}" fill="none" stroke="{color}" stroke-width="1.8"/>')
    row = top + 16 + 20 * number
    parts.append(f'<path d="M{width - right + 12} {row - 4}h24" stroke="{color}" stroke-width="3"/>')
    parts.append(f'<text x="{width - right + 42}" y="{row}">{quantity.replace("_", " ")}</text>')
row = top + 16 + 20 * len(ranked)
parts.append(f'<path d="M{width - right + 12} {row - 4}h24" stroke="#999" stroke-dasharray="4 4"/>')
parts.append(f'<text x="{width - right + 42}" y="{row}">the best that there can be</text></svg>')
with open(output, "w") as file:
    file.write("\n".join(parts) + "\n")
