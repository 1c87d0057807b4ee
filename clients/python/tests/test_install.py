# SPDX-License-Identifier: Apache-2.0
"""The package, as pip installs it."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import likeness

from . import ROOT


def can_build() -> bool:
    """Whether this Python has pip, and a setuptools that reads pyproject.toml and makes wheels."""
    if not (importlib.util.find_spec("pip") and importlib.util.find_spec("setuptools")):
        return False
    # Apart, for it changes the process that it is imported into.
    found = subprocess.run(
        [sys.executable, "-c", "import setuptools; print(setuptools.__version__)"], capture_output=True, text=True)
    number = re.match(r"\d+", found.stdout)
    version = int(number.group()) if number else 0
    # From 71 on it makes wheels by itself.
    return version >= 71 or (version >= 61 and importlib.util.find_spec("wheel") is not None)


class InstallTests(unittest.TestCase):
    @unittest.skipUnless(can_build(), "this Python has no pip with setuptools 61 and wheel, or setuptools 71")
    def test_pip_installs_it_without_a_network(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            # A copy, for building leaves folders in the source.
            source, target = os.path.join(folder, "source"), os.path.join(folder, "target")
            shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
            made = subprocess.run(
                [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps",
                 "--no-build-isolation", "--target", target, source], capture_output=True, text=True)
            self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
            self.assertEqual(
                sorted(os.listdir(os.path.join(target, "likeness"))),
                sorted({*(path.name for path in (ROOT / "likeness").iterdir()), "__pycache__"}))
            asked = subprocess.run(
                [sys.executable, "-c", "import likeness, importlib.metadata as m; print(likeness.__file__);"
                 "print(m.version('likeness')); print(m.requires('likeness')); likeness.Client('/nowhere').status()"],
                capture_output=True, text=True, cwd=folder, env={"PYTHONPATH": target})
            self.assertEqual(
                asked.stdout.splitlines(), [os.path.join(target, "likeness", "__init__.py"), likeness.__version__, "None"])
            self.assertIn("likeness._errors.DaemonUnavailable: cannot reach a daemon at /nowhere", asked.stderr)

    def test_nothing_beyond_the_standard_library_is_imported(self) -> None:
        asked = subprocess.run(
            [sys.executable, "-I", "-S", "-c", "import sys; sys.path.append(sys.argv[1]); import likeness; print('imported')",
             str(ROOT)], capture_output=True, text=True)
        self.assertEqual(asked.stdout, "imported\n", asked.stderr)


if __name__ == "__main__":
    unittest.main()
