#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes everything that is enrolled, in the clear, into a new folder of the caller's alone: export_gallery.py FOLDER

Each identity has a folder there, named by its number, with the pictures that the gallery keeps of it and `identity.json`.
`enroll gallery export` writes one file in the format that `enroll gallery import` reads.
"""

import json
import os
import sys

import likeness


def write(folder: str, identity: likeness.ExportedIdentity) -> None:
    os.mkdir(folder, 0o700)
    samples = []
    for sample in identity.samples:
        samples.append({"number": sample.number, "enrolled": sample.enrolled})
        if sample.image is not None:
            kind = "png" if sample.image.startswith(b"\x89PNG") else "jpg"
            with open(os.path.join(folder, f"{sample.number}.{kind}"), "xb") as picture:
                picture.write(sample.image)
    # The name is in the file, for it may hold what no name of a file may.
    with open(os.path.join(folder, "identity.json"), "x", encoding="utf-8") as file:
        json.dump({"name": identity.name, "modality": identity.modality, "samples": samples}, file, ensure_ascii=False)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    folder, left_out = sys.argv[1], 0
    os.mkdir(folder, 0o700)
    # One identity may take long: a gallery is read and decrypted row by row.
    with likeness.Client(timeout=600) as client, client.export_gallery() as replies:
        for reply in replies:
            for damage in reply.damage:
                left_out += 1
                print(f"left out: {damage.what}", file=sys.stderr)
            if reply.identity is not None:
                write(os.path.join(folder, str(reply.done)), reply.identity)
                print(f"{reply.done} of {reply.total}", file=sys.stderr)
    return 65 if left_out else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (likeness.LikenessError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(70)
