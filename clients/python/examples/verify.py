#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Says whether a photograph shows a person: verify.py NAME PHOTO

Ends with 0 for a match, 1 for no match, 2 where the photograph does not support a decision, and 70 where there is no answer.
"""

import sys

import likeness

STATUS = {likeness.Result.match: 0, likeness.Result.no_match: 1, likeness.Result.inconclusive: 2}


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 64
    try:
        with likeness.Client(timeout=20) as client:
            answer = client.verify(identity=sys.argv[1], image=sys.argv[2])
    except likeness.TooManyAttempts as error:
        print(f"{error} (in {error.retry_after} seconds)", file=sys.stderr)
        return 70
    except (likeness.LikenessError, OSError) as error:
        print(error, file=sys.stderr)
        return 70
    print(answer.message)
    # Nothing but a match may end with 0.
    return STATUS[answer.result]


if __name__ == "__main__":
    sys.exit(main())
