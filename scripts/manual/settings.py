# SPDX-License-Identifier: Apache-2.0
"""likenessd.toml(5), from the commented configuration."""

import pathlib
import re

from .markup import PageError, bold, typed
from .page import Page

SETTING = re.compile(r"^#([a-z_]+) = (.*)$")
# What the last words of a comment may be: which values there are.
RANGE = re.compile(r"(?<=[.;:)]) ((?:From [\d.]+)|(?:[\d.]+ to [\d.]+))$")
OWN = "User's own daemon: "


class Setting:
    def __init__(self, table, key, value, comment):
        self.table, self.key, self.value, self.comment = table, key, value, comment

    @property
    def name(self):
        return f"{self.table}.{self.key}"

    def lines(self, markup):
        text, own, users = " ".join(self.comment).partition(OWN)
        found = RANGE.search(text)
        if found:
            text = f"{text[:found.start()]} Allowed: {found[1][0].lower()}{found[1][1:]}."
        lines = [".TP", f"{bold(self.key)} = {typed(self.value)}", *markup.paragraph(ended(text))]
        # Where a user's own daemon has another default: a paragraph of its own.
        return lines + ([".IP", *markup.paragraph(ended(own + users))] if own else [])


def ended(text):
    """A comment's last sentence may lack its full stop."""
    text = text.strip()
    return text if text.endswith((".", ":", "!", "?")) else f"{text}."


class SettingsPage:
    def __init__(self, path):
        self.settings, self.tables, self.introduction = [], {}, None
        table, comment = None, []
        for line in [*pathlib.Path(path).read_text(encoding="utf-8").split("\n"), ""]:
            setting = SETTING.match(line)
            if line.startswith("["):
                table = line.strip("[]")
                self.tables[table] = []
            elif setting:
                self.settings.append(Setting(table, setting[1], setting[2], comment))
                comment = []
            elif line.startswith("#"):
                comment.append(line[1:].strip())
            elif line.strip():
                raise PageError(f"{path} is to hold comments and tables alone, and has the line: {line}")
            elif comment:
                # A comment that no setting follows is of the file, or of the table.
                if table is None:
                    self.introduction = comment
                else:
                    self.tables[table] += comment
                comment = []
        if not self.settings or self.introduction is None:
            raise PageError(f"{path} has no settings, or does not begin with what it is")

    @property
    def defaults(self):
        return {setting.name: setting.value for setting in self.settings}

    def page(self, markup, fragments):
        page = Page("likenessd.toml", "5", self.introduction[0], markup)
        page.add("DESCRIPTION", markup.blocks(ended("\n".join(self.introduction[1:]))))
        for table, comment in self.tables.items():
            title = f"[{table}]"
            if comment:
                page.add(title, [".PP", *markup.paragraph(ended(" ".join(comment)))])
            for setting in self.settings:
                if setting.table == table:
                    page.add(title, setting.lines(markup))
        page.add_fragment(fragments.of(page.name))
        page.close([("likenessd", "8")])
        return page
