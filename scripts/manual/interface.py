# SPDX-License-Identifier: Apache-2.0
"""io.likeness(7), from the interface descriptions with their comments."""

import pathlib
import re
import textwrap

from generator.description import DescriptionError, parse

from .markup import EXAMPLE_WIDTH, PageError, bold, example, heading, typed, wrapped
from .page import Page

# Behind an empty line it would be of nothing.
LOST_COMMENT = re.compile(r"^(#.*)\n[ \t]*(?:\n|\Z)", re.MULTILINE)
# "face_size: the shorter side", "Role: admin", "first, last: numbers of entries".
TERM = re.compile(r"^((?:[a-z][a-z0-9_]*)(?:(?:, | and )[a-z][a-z0-9_]*)*|Role|Errors): +(.*)$")
KINDS = {"type": "TYPES", "method": "METHODS", "error": "ERRORS"}


class Member:
    def __init__(self, kind, declaration):
        self.kind, self.name = kind, declaration.name
        self.comment, self.code = declaration.comment.split("\n"), declaration.source.split("\n")


class Interface:
    """One .varlink file: its name, what stands before it, and its members, those of a kind in order."""

    def __init__(self, path):
        try:
            text = pathlib.Path(path).read_text(encoding="utf-8")
            found = parse(text)
        except (DescriptionError, UnicodeDecodeError) as error:
            raise PageError(f"{path} describes no interface: {error}") from None
        lost = LOST_COMMENT.search(text)
        if lost:
            raise PageError(f"{path} has a comment that nothing follows: {lost[1]}")
        self.name, self.introduction = found.name, found.comment.split("\n")
        self.members = [
            Member(kind, declaration)
            for kind, declarations in (("type", found.types), ("method", found.methods), ("error", found.errors))
            for declaration in declarations
        ]


def comment_blocks(lines):
    """A comment as (heading, text), (term, text) and (None, text), in order. What a term says goes on in the lines that are indented
    more, and in the next where the one before does not end a sentence."""
    blocks, indents, fresh, before = [], [], True, ""
    for line in lines:
        text, indent = line.strip(), len(line) - len(line.lstrip())
        if not text:
            fresh = True
            continue
        term = TERM.match(text)
        if fresh and re.fullmatch(r"[A-Z][A-Z ]+", text):
            blocks.append(["heading", text, ""])
            indents.append(0)
            continue
        if term:
            blocks.append(["term", term[1], term[2]])
            indents.append(indent)
        elif fresh or not blocks or blocks[-1][0] == "heading":
            blocks.append(["text", None, text])
            indents.append(indent)
        elif blocks[-1][0] == "term" and indent <= indents[-1] and (indent < indents[-1] or before[-1] in ".;"):
            blocks.append(["text", None, text])
            indents.append(indent)
        else:
            blocks[-1][2] += " " + text
        fresh, before = False, text
    return [block for parts in blocks for block in split_terms(*parts)]


def split_terms(kind, term, text):
    """A line may explain two: "largest: default false. message: the decision in words."."""
    if kind != "term" or term in ("Role", "Errors"):
        return [(kind, term, text)]
    parts = re.split(r"(?<=\.) (?=[a-z][a-z0-9_]*: )", text)
    return [(kind, term, parts[0])] + [("term", *part.split(": ", 1)) for part in parts[1:]]


def prose(lines, markup, subheading=False):
    result = []
    for kind, term, text in comment_blocks(lines):
        if kind == "heading":
            result.append(heading(".SS", term.capitalize()))
        elif kind == "term":
            result += [".TP", bold(term), *markup.paragraph(text)]
        else:
            follows = result and result[-1].startswith(".SS") or subheading and not result
            result += ([] if follows else [".PP"]) + markup.paragraph(text)
    return result


def code_lines(code):
    """A member as it is written, but that comments are wrapped for a page, and long lists of parameters broken."""
    if len(code) == 1 or all("#" not in line for line in code):
        text = " ".join(line.strip() for line in code).replace("( ", "(").replace(" )", ")")
        return [text] if len(text) <= EXAMPLE_WIDTH else broken(text)
    result, comment = [], []
    for line in code:
        if line.strip().startswith("#"):
            comment.append(line.strip()[1:])
            continue
        result += wrapped_comment(comment)
        comment = []
        # Several on a line, "enrolled: int, updated: int", stay as they are.
        result += textwrap.wrap(line, EXAMPLE_WIDTH, subsequent_indent="    ") if len(line) > EXAMPLE_WIDTH else [line]
    return result


def broken(text):
    """One parameter a line."""
    result, rest = [], text
    while rest:
        head, opened, rest = rest.partition("(")
        if not opened:
            result[-1] += head
            break
        level, end = 1, 0
        while level:
            level += {"(": 1, ")": -1}.get(rest[end], 0)
            end += 1
        inside, rest = rest[:end - 1], rest[end:]
        fields = re.split(r", (?=\w+: )", inside)
        if result:
            result[-1] += f"{head}("
        else:
            result.append(f"{head}(")
        # With ")" behind it, or ") -> (".
        if len(result[-1]) + len(inside) + (6 if rest else 1) <= EXAMPLE_WIDTH:
            result[-1] += f"{inside})"
            continue
        result += [f"  {field}," for field in fields[:-1]] + [f"  {fields[-1]}", ")"]
    return result


def wrapped_comment(lines):
    """Wrapped anew; what explains one value of several stays on a line of its own."""
    result, paragraphs = [], []
    for line in lines:
        text = line.strip()
        if TERM.match(text) or not paragraphs:
            paragraphs.append(text)
        else:
            paragraphs[-1] += " " + text
    for paragraph in paragraphs:
        result += textwrap.wrap(
            paragraph, EXAMPLE_WIDTH, initial_indent="  # ", subsequent_indent="  # ", break_long_words=False,
            break_on_hyphens=False)
    return result


def interface_page(paths, markup, fragments):
    interfaces = sorted((Interface(path) for path in paths), key=lambda interface: interface.name, reverse=True)
    summary = "the Varlink interfaces of likenessd"
    page = Page("io.likeness", "7", summary, markup)
    names = ", ".join(typed(name) for name in ["io.likeness", *(interface.name for interface in interfaces)])
    page.sections["NAME"] = wrapped(rf"{names} \- {summary}")
    page.add_fragment(fragments.of(page.name))
    for interface in interfaces:
        page.add(interface.name, prose(interface.introduction, markup))
        for kind in ("method", "error", "type"):
            title = f"{KINDS[kind]} OF {interface.name}"
            for member in interface.members:
                if member.kind != kind:
                    continue
                if kind == "error":
                    page.add(title, [".TP", error_tag(member), *markup.paragraph(" ".join(member.comment))])
                else:
                    page.add(title, [
                        heading(".SS", member.name), *prose(member.comment, markup, subheading=True), *example(code_lines(member.code)),
                    ])
    page.close([("likenessd", "8"), ("enroll", "1")])
    return page


def error_tag(member):
    return bold(member.name) + typed(member.code[0].removeprefix(f"error {member.name}") if len(member.code) == 1 else "")
