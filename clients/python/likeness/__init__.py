# SPDX-License-Identifier: Apache-2.0
"""Likeness, the daemon that verifies faces and signatures, for programs in Python.

    from likeness import Client, LikenessError, Result

    with Client() as client:
        client.enroll(identity="alice", image="alice1.jpg")
        answer = client.verify(identity="alice", image="probe.jpg")
        if answer.result is Result.match:
            ...

Methods, types and errors are those of the interfaces io.likeness.Verification and io.likeness.Admin, by their names there; methods
are written in Python's way, `RotateModel` as `rotate_model`. What is absent on the wire is None here. A name that Python has for
itself has an underscore behind it, as in `rotation.from_` and in the class `Warning_`.
"""

from . import _admin, _service, _verification
from ._admin import *
from ._client import MAXIMUM_MESSAGE_BYTES, Client
from ._errors import (
    BadReply,
    CallNotTaken,
    CallTimeout,
    ConnectionClosed,
    DaemonNotTrusted,
    DaemonUnavailable,
    LikenessError,
    VarlinkError,
)
from ._service import *
from ._values import Enumeration, File, Replies
from ._verification import *
from ._version import VERSION as __version__

__all__ = [
    "BadReply",
    "CallNotTaken",
    "CallTimeout",
    "Client",
    "ConnectionClosed",
    "DaemonNotTrusted",
    "DaemonUnavailable",
    "Enumeration",
    "File",
    "LikenessError",
    "MAXIMUM_MESSAGE_BYTES",
    "Replies",
    "VarlinkError",
    "__version__",
]
__all__ += _admin.__all__
__all__ += _service.__all__
__all__ += _verification.__all__
