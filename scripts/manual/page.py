# SPDX-License-Identifier: Apache-2.0
"""One page: its sections, in the order of man-pages(7)."""

from .markup import PageError, escaped, heading, typed, wrapped

FIRST = ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ARGUMENTS", "OPTIONS", "CONFIGURATION"]
LAST = ["RETURN VALUES", "EXIT STATUS", "ENVIRONMENT", "FILES", "SECURITY", "EXAMPLES", "SEE ALSO"]


class Page:
    def __init__(self, name, section, summary, markup):
        self.name, self.section, self.markup = name, section, markup
        summary = summary.strip().rstrip(".")
        # "Enrol a person" becomes "enrol a person"; "PNG files" stays.
        if summary[1:2].islower():
            summary = summary[0].lower() + summary[1:]
        self.sections = {"NAME": wrapped(rf"{typed(name)} \- {escaped(summary)}")}

    @property
    def file(self):
        return f"man{self.section}/{self.name}.{self.section}"

    def add(self, title, lines):
        """Appends to a section, which is made if it is new."""
        if lines:
            self.sections.setdefault(title, []).extend(lines)

    def add_fragment(self, fragment):
        """The hand-written sections behind the generated ones."""
        for title, text in fragment.items():
            if title not in FIRST + LAST:
                raise PageError(f"the text of {self.name}({self.section}) has the section {title}, which no page has")
            if title == "SEE ALSO":
                # Pages alone, which go in among those that the page speaks of.
                self.markup.inline(text)
            else:
                self.add(title, self.markup.blocks(text))

    def close(self, related=()):
        """Writes SEE ALSO: the pages that this one speaks of, and those given."""
        others = (self.markup.mentioned | set(related)) - {(self.name, self.section)}
        ordered = sorted(others, key=lambda page: (page[1], page[0]))
        if ordered:
            shown = [rf".BR {typed(name)} ({section})" for name, section in ordered]
            self.sections["SEE ALSO"] = [f"{line}," for line in shown[:-1]] + [shown[-1]]

    def text(self, version, date):
        middle = [title for title in self.sections if title not in FIRST + LAST]
        lines = [
            r'.\" Made by scripts/man-pages: change the source that it was made of.',
            f'.TH {typed(self.name.upper())} {self.section} "{date}" "Likeness {version}" "Likeness"',
            # Words are neither hyphenated nor spread: names have to stay as they are, and be found. HY is what groff hyphenates by in
            # every paragraph; no more than one space stands behind a sentence.
            ".nr HY 0", ".nh", ".ad l", ".ss 12 0",
        ]
        for title in FIRST + middle + LAST:
            if title in self.sections:
                lines.append(heading(".SH", title))
                lines += self.sections[title]
        # A heading ends a paragraph by itself.
        kept = [line for before, line in zip(["", *lines], lines) if line != ".PP" or not before.startswith((".SH", ".SS"))]
        return "\n".join(kept) + "\n"
