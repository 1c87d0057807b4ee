#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Enrols a person from photographs: enrol.py NAME PHOTO…

A photograph that is refused is said and passed over. Ends with 0 where all were taken, and with 65 where one was not.
"""

import sys

import likeness


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 64
    name, refused = sys.argv[1], 0
    with likeness.Client() as client:
        for photograph in sys.argv[2:]:
            try:
                added = client.enroll(identity=name, image=photograph)
            except (likeness.ImageRejected, likeness.NoFace, likeness.SeveralFaces, likeness.LowQuality, OSError) as error:
                refused += 1
                print(f"{photograph}: {error}", file=sys.stderr)
                continue
            print(f"{photograph}: sample {added.sample} of {added.identity}")
            for warning in added.warnings:
                print(f"{photograph}: {warning.message}", file=sys.stderr)
    return 65 if refused else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except likeness.LikenessError as error:
        print(error, file=sys.stderr)
        sys.exit(70)
