# SPDX-License-Identifier: Apache-2.0
"""pamtester as the program that authenticates somebody, with services in a folder of its own (pam_wrapper): nothing below /etc is touched."""

import ctypes.util
import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
sys.path.insert(0, str(CHECKOUT / "clients/python/tests"))
import fake  # noqa: E402
from fake import Conversation, answering  # noqa: E402,F401

#: The user who is authenticated: somebody of this host, or the one who runs the tests where that is not root.
IS_ROOT = os.geteuid() == 0
USER = pwd.getpwnam("games") if IS_ROOT else pwd.getpwuid(os.geteuid())
CAPTURE_USER = "nobody" if IS_ROOT else USER.pw_name

PAMTESTER = shutil.which("pamtester")
_WRAPPERS = glob.glob("/usr/lib/*/libpam_wrapper.so") + glob.glob("/usr/lib*/libpam_wrapper.so")
#: A module that asks for a password, of pam_wrapper.
PASSWORDS = (glob.glob("/usr/lib/*/pam_wrapper/pam_matrix.so") + glob.glob("/usr/lib*/pam_wrapper/pam_matrix.so") + [""])[0]
ABSENCE = next((f"{what} is not installed" for what, is_there in [
    ("pamtester", PAMTESTER), ("libpam-wrapper", _WRAPPERS and PASSWORDS), ("make", shutil.which("make")), ("cc", shutil.which("cc")),
    ("libpam0g-dev", os.path.exists("/usr/include/security/pam_ext.h"))] if not is_there), None)
needs_tools: Callable[[Any], Any] = unittest.skipIf(ABSENCE is not None, str(ABSENCE))
needs_root: Callable[[Any], Any] = unittest.skipUnless(IS_ROOT, "needs root")

SUCCESS = "successfully authenticated"
FAILURE = "Authentication failure"
UNAVAILABLE = "cannot retrieve authentication info"
UNKNOWN_USER = "User not known"
#: What libpam makes of a module that wants to be as if it were not there, where there is no other.
IGNORED = "Permission denied"

_module: Optional[str] = None
_build: Optional[tempfile.TemporaryDirectory] = None


def module() -> str:
    """The module, built of this checkout; LIKENESS_TEST_MODULE names another one."""
    global _module, _build
    if _module is None:
        _module = os.environ.get("LIKENESS_TEST_MODULE")
    if _module is None:
        _build = tempfile.TemporaryDirectory()
        os.chmod(_build.name, 0o755)
        subprocess.run(["make", "-s", "-C", str(HERE.parent), f"BUILD={_build.name}", "CFLAGS=-O1 -g -Werror"], check=True)
        _module = _build.name + "/pam_likeness.so"
    return _module


def jpeg(text: bytes = b"picture") -> bytes:
    """What is cut out as a picture; no daemon could read it."""
    comment = b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text
    return b"\xff\xd8" + comment + b"\xff\xda\x00\x02" + b"scan\xff\x00\xff\xd0more" + b"\xff\xd9"


def png(text: bytes = b"picture") -> bytes:
    chunk = len(text).to_bytes(4, "big") + b"tEXt" + text + b"crc."
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IENDcrc."


@dataclass
class Outcome:
    status: int
    #: Standard output and standard error: what the user is told, and how it ended.
    told: str
    seconds: float


class Host:
    """A folder with a service, a configuration and pictures."""

    def __init__(self, socket: str, **settings: Any) -> None:
        self.folder = tempfile.mkdtemp()
        # Programs of other users go through it.
        os.chmod(self.folder, 0o755)
        os.mkdir(self.path("pam.d"))
        self.arguments = f"config={self.path('pam.toml')} socket={socket}"
        self.stack("auth required {module} {arguments}")
        self.configure(**settings)

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def write(self, name: str, data: bytes, mode: int = 0o644) -> str:
        with open(self.path(name), "wb") as file:
            file.write(data)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def script(self, text: str) -> List[str]:
        """A capture command that a shell runs."""
        return ["/bin/sh", "-c", text]

    def stack(self, *lines: str, service: str = "likeness-test") -> None:
        with open(self.path("pam.d/" + service), "w") as file:
            for line in (*lines, "account required pam_permit.so"):
                file.write(line.format(module=module(), arguments=self.arguments) + "\n")

    def configure(self, **settings: Any) -> None:
        """Writes the configuration; None leaves a setting out."""
        found: Dict[str, Any] = {"capture_user": CAPTURE_USER, "timeout_seconds": 5}
        if "picture" not in settings:
            found["capture"] = ["/bin/cat", self.write("usual.jpg", jpeg())]
        found.update(settings)

        def text(value: Any) -> str:
            if isinstance(value, list):
                return "[" + ", ".join(map(text, value)) + "]"
            return str(value) if isinstance(value, int) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

        lines = [f"{name} = {text(value)}\n" for name, value in found.items() if value is not None]
        self.write("pam.toml", "".join(lines).encode())

    def run(
        self, *operations: str, user: str = USER.pw_name, service: str = "likeness-test", typed: str = "", items: List[str] = [],
        environment: Dict[str, str] = {}, before: Optional[Callable[[], None]] = None, as_user: Optional[int] = None
    ) -> Outcome:
        preloaded = ":".join(filter(None, [os.environ.get("LIKENESS_TEST_PRELOAD"), _WRAPPERS[0]]))
        own = {name: value for name, value in os.environ.items() if not name.startswith("SSH_")}
        begun = time.monotonic()
        result = subprocess.run(
            [str(PAMTESTER), *(f"-I{item}" for item in items), service, user, *(operations or ["authenticate"])], input=typed,
            capture_output=True, text=True, errors="replace", timeout=30, preexec_fn=before, user=as_user, group=as_user,
            env={**own, "LD_PRELOAD": preloaded, "PAM_WRAPPER": "1", "PAM_WRAPPER_SERVICE_DIR": self.path("pam.d"), **environment})
        return Outcome(result.returncode, result.stdout + result.stderr, time.monotonic() - begun)

    def __enter__(self) -> "Host":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder)


class FakeDaemon(fake.FakeDaemon):
    """One that says first, to root, that the user is enrolled. `calls` holds what is asked then."""

    def __init__(self, script: Callable[[Conversation], None], *, backlog: int = 16) -> None:
        def behind_description(conversation: Conversation) -> None:
            if IS_ROOT and self.is_described:
                assert conversation.call()["method"].endswith(".Describe")
                self.calls.pop()
                conversation.reply({"identity": {"name": USER.pw_name, "samples": 1}, "samples": [], "model": "0" * 64})
            script(conversation)

        #: Where a program without root's rights asks.
        self.is_described = True
        super().__init__(behind_description, backlog=backlog)


def verified(result: str = "match", identity: str = USER.pw_name, **others: Any) -> Dict[str, Any]:
    """The parameters of a reply."""
    return {
        "identity": identity, "modality": "face", "result": result, "frame": 1, "operating_point": 0.001, "attempt_false_match_rate": 0.001,
        "measurements": [], "unacceptable": [], "message": "match: at FMR 1e-3", "model": "0" * 64, "generation": 1, **others}


class Case(unittest.TestCase):
    def expect(self, outcome: Outcome, expected: str, told: str = "") -> None:
        self.assertIn(expected, outcome.told)
        self.assertEqual(outcome.status == 0, expected == SUCCESS, outcome.told)
        self.assertIn(told, outcome.told)

    def ask(self, *replies: Any, expected: str, told: str = "", **settings: Any) -> Outcome:
        """Authenticates with a daemon that gives these replies."""
        with FakeDaemon(answering(*replies)) as daemon, Host(daemon.path, **settings) as host:
            outcome = host.run()
            self.expect(outcome, expected, told)
            return outcome
