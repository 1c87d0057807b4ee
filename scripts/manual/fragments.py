# SPDX-License-Identifier: Apache-2.0
"""The hand-written parts of the pages, from the folder man; man/README.md describes them."""

import pathlib
import re

from .markup import PageError


class Fragments:
    def __init__(self, folder, defaults):
        """defaults: the value of each setting by its name, which "{gallery.path}" stands for."""
        self.defaults = defaults
        self.texts = {path.stem: self._read(path) for path in sorted(pathlib.Path(folder).glob("*.txt"))}
        self.taken = set()

    def _read(self, path):
        sections, title = {}, None
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.startswith("# "):
                title = line[2:].strip()
                if title in sections:
                    raise PageError(f"{path} has the section {title} twice")
                sections[title] = ""
            elif title is not None:
                sections[title] += line + "\n"
            elif line.strip() and not line.startswith("<!--"):
                raise PageError(f"{path} has text before its first section: {line}")
        return {title: re.sub(r"\{([a-z]+\.[a-z_]+)\}", lambda match: self._default(match[1], path), text)
                for title, text in sections.items()}

    def _default(self, name, path):
        if name not in self.defaults:
            raise PageError(f"{path} speaks of the setting {name}, which etc/likeness/likenessd.toml does not have")
        return self.defaults[name].strip('"')

    def of(self, page):
        """The sections of a page, none where it has no file."""
        self.taken.add(page)
        return self.texts.get(page, {})

    def examples(self):
        return [sections["EXAMPLES"] for sections in self.texts.values() if "EXAMPLES" in sections]

    def check(self):
        for name in self.texts.keys() - self.taken:
            raise PageError(f"man/{name}.txt is of no page: rename it to the page's name, or remove it")
