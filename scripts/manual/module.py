# SPDX-License-Identifier: Apache-2.0
"""pam_likeness(8), from the module's commented configuration and the folder man."""

import pathlib
import re

from .markup import PageError, bold, example, typed
from .page import Page
from .settings import ended

SETTING = re.compile(r"^#([a-z_]+) = (.*)$")
NAME = "pam_likeness"
SUMMARY = "Authenticate a user by the face"


def read(path):
    """The comment at the beginning, and each setting: its name, the lines of its value, its comment."""
    introduction, settings, comment, value = None, [], [], None
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        setting = SETTING.match(line)
        if setting:
            value = [setting[2]]
            settings.append((setting[1], value, comment))
            comment = []
        elif value is not None and line.startswith("#    "):
            # A value of several lines.
            value.append(line[1:])
        elif line.startswith("#"):
            value = None
            comment.append(line[1:].strip())
        elif line.strip():
            raise PageError(f"{path} is to hold comments alone, and has the line: {line}")
        else:
            value = None
            if comment and introduction is None:
                introduction = comment
            elif comment:
                raise PageError(f"{path} has a comment of no setting: {comment[0]}")
            comment = []
    if introduction is None or not settings:
        raise PageError(f"{path} has no settings, or does not begin with what it is")
    return introduction, settings


def module_page(configuration, markup, fragments):
    introduction, settings = read(pathlib.Path(configuration))
    page = Page(NAME, "8", SUMMARY, markup)
    page.add("CONFIGURATION", markup.blocks("\n".join(introduction[1:])))
    for name, value, comment in settings:
        if len(value) == 1:
            page.add("CONFIGURATION", [".TP", f"{bold(name)} = {typed(value[0])}"])
        else:
            page.add("CONFIGURATION", [".TP", bold(name)])
        page.add("CONFIGURATION", markup.paragraph(ended(" ".join(comment))))
        if len(value) > 1:
            page.add("CONFIGURATION", [".RS", *example([f"{name} = {value[0]}", *value[1:]]), ".RE"])
    page.add_fragment(fragments.of(NAME))
    page.close([("likenessd", "8")])
    return page
