#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints who is enrolled, a line each, as the daemon sends them: name, modality, samples and when the last changed."""

import sys
from datetime import datetime, timezone

import likeness


def main() -> int:
    with likeness.Client() as client:
        for page in client.list_more():
            for identity in page.identities:
                changed = datetime.fromtimestamp(identity.updated, timezone.utc).isoformat()
                print(identity.name, identity.modality, identity.samples, changed, sep="\t")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except likeness.LikenessError as error:
        print(error, file=sys.stderr)
        sys.exit(70)
