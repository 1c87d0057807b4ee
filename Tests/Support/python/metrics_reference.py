# SPDX-License-Identifier: Apache-2.0
"""Reads a file of metrics by Prometheus' own client and prints its samples as JSON."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
samples = [
    {"name": sample.name, "labels": sample.labels, "value": repr(sample.value), "kind": family.type}
    for family in text_string_to_metric_families(text)
    for sample in family.samples
]
json.dump(samples, sys.stdout)
