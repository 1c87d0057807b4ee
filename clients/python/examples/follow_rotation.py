#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rotates the gallery to another model and tells how it goes: follow_rotation.py MODEL [--dry-run]

Interrupted, it stops telling; the rotation goes on. Ends with 0 where the model is active, or would be.
"""

import sys

import likeness


def main() -> int:
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--dry-run"]):
        print(__doc__, file=sys.stderr)
        return 64
    # Between two replies is less than a second, but a large gallery takes long to be measured.
    client = likeness.Client(timeout=3600)
    rotation = None
    try:
        with client.rotate_model_more(model=sys.argv[1], dry_run=len(sys.argv) == 3) as replies:
            for reply in replies:
                rotation = reply.rotation
                left = "" if rotation.seconds_left is None else f", {rotation.seconds_left:.0f} s left"
                print(f"{rotation.phase}: {rotation.done} of {rotation.total}{left}")
    except likeness.RotationRefused as refused:
        print(refused, *refused.report.objections, sep="\n  ", file=sys.stderr)
        return 1
    if rotation is None:
        return 70
    print(rotation.message)
    done = likeness.RotationPhase.activated, likeness.RotationPhase.measured
    return 0 if rotation.phase in done else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except likeness.LikenessError as error:
        print(error, file=sys.stderr)
        sys.exit(70)
    except KeyboardInterrupt:
        sys.exit(130)
