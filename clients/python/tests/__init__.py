# SPDX-License-Identifier: Apache-2.0
"""The tests of the Python client: python3 -m unittest discover -s clients/python -t clients/python

They need nothing but Python. With LIKENESS_TEST_SOCKET, the socket of a daemon whose gallery is empty and may be changed, and
LIKENESS_TEST_FACES, a folder of the AT&T (ORL) faces, they ask a real daemon, too.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKOUT = ROOT.parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
