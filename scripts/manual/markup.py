# SPDX-License-Identifier: Apache-2.0
"""From plain text, as help, comments and the folder man hold it, to man(7) in ASCII."""

import re
import textwrap

WIDTH = 78
# What fits into an indented example where a terminal has 80 columns.
EXAMPLE_WIDTH = 68

CHARACTERS = {
    "\\": r"\(rs", '"': r"\(dq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", "“": r"\(lq", "”": r"\(rq", "’": r"\(cq",
    "–": r"\(en", "—": r"\(em", "−": r"\(mi", "×": r"\(mu", "·": r"\(pc", "…": r".\|.\|.", "\u00a0": r"\~",
}


class PageError(Exception):
    """A source cannot be made a page of; the message says which, and what to do."""


def escaped(text):
    """Prose: a hyphen stays one."""
    return "".join(
        CHARACTERS.get(character) or (character if character.isascii() else f"\\[u{ord(character):04X}]")
        for character in text)


def typed(text):
    """What is typed as it stands: a minus sign is one, and an apostrophe straight."""
    return "".join({"-": r"\-", "'": r"\(aq"}.get(character) or escaped(character) for character in text)


def bold(text):
    return rf"\fB{typed(text)}\fR"


def italic(text):
    return rf"\fI{typed(text)}\fR"


def heading(macro, title):
    """A line of .SH or .SS."""
    return f'{macro} "{typed(title)}"' if " " in title else f"{macro} {typed(title)}"


def wrapped(marked):
    """Lines of text that is escaped already. None is taken for a request."""
    return [protected(line) for line in textwrap.wrap(marked, WIDTH, break_long_words=False, break_on_hyphens=False)]


def protected(line):
    """A line of text that is escaped already, not taken for a request."""
    return rf"\&{line}" if line[:1] in (".", "'") else line


def example(lines):
    """Lines that stay as they are."""
    typed_lines = [typed(line) for line in lines]
    shown = [rf"\&{line}" if line[:1] in (".", "\\") else line for line in typed_lines]
    # A blank line is a request of its own.
    return [".PP", ".RS 4", ".EX", *(line or r"\&" for line in shown), ".EE", ".RE"]


class Markup:
    """Marks up what it knows: commands, options, settings, paths and other pages. One for each page, since it keeps what
    the page spoke of."""

    def __init__(self, commands, settings):
        """commands: page names by words, as "enroll-add" by "enroll add". settings: the names of the configuration's settings."""
        self.commands = commands
        self.settings = settings
        self.mentioned = set()
        self.pattern = re.compile(r"""
            `(?P<code>[^`]+)`
            | (?P<page>(?<![\w.-])[A-Za-z][\w.-]*)\((?P<section>[1-8])\)
            | (?P<help>\b(?:enroll|likenessd)(?:\ [a-z]+)*)\ --help\b
            | (?P<command>\benroll(?![.\w/-])(?:\ [a-z]+)* | \blikenessd(?![.\w/-]))
            | (?P<option>(?<![\w-])--?[A-Za-z][\w-]*(?:=[\w]+)? | (?<=“)--?(?=”))
            | (?P<name>\b(?:likeness|io\.likeness|org\.varlink)\.[\w.-]*\w)
            | (?P<setting>\b[a-z]+\.[a-z_]+\b)
            | (?P<path>(?<![\w:/.~])(?:~|\$[A-Z_]+)?/[A-Za-z][\w./-]*[\w/] | \bdocs/[\w/-]+\.md\b)
            | (?P<number>\b\d+e-\d+\b)
            """, re.VERBOSE)

    def inline(self, text):
        """A paragraph, escaped and marked up."""
        result, end = [], 0
        for match in self.pattern.finditer(text):
            result.append(escaped(text[end:match.start()]))
            result.append(self._marked(match))
            end = match.end()
        return "".join(result) + escaped(text[end:])

    def _marked(self, match):
        groups = match.groupdict()
        whole = match[0]
        if groups["code"]:
            words = groups["code"].split()
            known = self._known(words)
            if known:
                self.mentioned.add(self.commands[known])
            return bold(groups["code"])
        if groups["page"]:
            self.mentioned.add((groups["page"], groups["section"]))
            return bold(groups["page"]) + f"({groups['section']})"
        if groups["help"] and groups["help"] in self.commands:
            name, section = self.commands[groups["help"]]
            self.mentioned.add((name, section))
            return bold(name) + f"({section})"
        if groups["help"] or groups["command"]:
            words = whole.split()
            known = self._known(words)
            self.mentioned.add(self.commands[known])
            if known.endswith(" help"):
                # "enroll help verify"
                known = f"{known} {' '.join(self._known([words[0], *words[2:]]).split()[1:])}".strip()
            return bold(known) + escaped(whole[len(known):])
        if groups["setting"]:
            if whole not in self.settings:
                return escaped(whole)
            self.mentioned.add(("likenessd.toml", "5"))
            return bold(whole)
        if groups["path"]:
            return italic(whole)
        # Not broken at a hyphen.
        return typed(whole) if groups["number"] or groups["name"] else bold(whole)

    def _known(self, words):
        """The longest beginning that is a command."""
        for count in range(len(words), 0, -1):
            if " ".join(words[:count]) in self.commands:
                return " ".join(words[:count])
        return None

    def paragraph(self, text):
        return wrapped(self.inline(" ".join(text.split())))

    def blocks(self, text):
        """Paragraphs with a blank line between them, examples that are indented by four, and terms, a line that ends in "::", each
        with its paragraphs below it."""
        lines, inside = [], False
        for block in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
            if not block.strip():
                continue
            if block.startswith("    "):
                typed_lines = textwrap.dedent(block).split("\n")
                for line in typed_lines:
                    if len(line) > EXAMPLE_WIDTH:
                        raise PageError(f"an example has a line of {len(line)} characters, and {EXAMPLE_WIDTH} fit: {line}")
                shown = example(typed_lines)
                lines += [".RS", *shown, ".RE"] if inside else shown
                continue
            first, _, rest = block.partition("\n")
            if first.endswith("::"):
                inside = True
                lines += [".TP", protected(self.inline(first[:-2])), *self.paragraph(rest)]
            elif inside:
                lines += [".IP", *self.paragraph(block)]
            else:
                lines += [".PP", *self.paragraph(block)]
        return lines
