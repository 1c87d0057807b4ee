# SPDX-License-Identifier: Apache-2.0
"""Pages of programs and their subcommands, from what ArgumentParser tells of them (--experimental-dump-help)."""

import json
import re
import shlex
import subprocess

from .markup import PageError, bold, italic, typed, wrapped
from .page import Page

EXIT_SENTENCE = re.compile(r"(?:(?<=^)|(?<=[.\n] )|(?<=\n))Exit status \d.*?\.(?=\s|$)", re.DOTALL)
# "Exit status 0: match, 1: no match; 64 and above: errors."
EXIT_LIST = re.compile(r"(?:^Exit status |(?<=[,;]) )(?=\d+(?: and above)?: )")
EXIT_ROW = re.compile(r"^ *(\d+)  (.*)$")


def described(program):
    """The tree of commands that a built program tells of itself."""
    answer = subprocess.run([program, "--experimental-dump-help"], stdout=subprocess.PIPE, check=False)
    try:
        tree = json.loads(answer.stdout)
        if tree["serializationVersion"] != 0:
            raise PageError(f"{program} describes itself in version {tree['serializationVersion']}, and this script reads version 0")
        return tree["command"]
    except (ValueError, KeyError, TypeError):
        raise PageError(f"{program} --experimental-dump-help does not describe the program; build it again") from None


def children(command):
    """The subcommands; a program whose only one is help has none."""
    found = command.get("subcommands", [])
    return [] if [child["commandName"] for child in found] == ["help"] else found


def page_names(command, section, before=()):
    """Page names and sections by the words of each command: {"enroll add": ("enroll-add", "1")}."""
    words = (*before, command["commandName"])
    names = {" ".join(words): ("-".join(words), section)}
    for child in children(command):
        names.update(page_names(child, section, words))
    return names


def option_names(command, before=()):
    """The options of each command by its words, and of what it does without a subcommand."""
    words = (*before, command["commandName"])
    names = {spelled(name) for argument in command.get("arguments", []) for name in argument.get("names", [])}
    result = {" ".join(words): names}
    for child in children(command):
        result.update(option_names(child, words))
        if child["commandName"] == command.get("defaultSubcommand"):
            names |= result[" ".join((*words, child["commandName"]))]
    return result


def check_examples(text, options):
    """Holds the command lines of a text's examples to the programs. options: as option_names tells them."""
    for line in re.findall(r"^    +((?:enroll|likenessd) .*)$", re.sub(r"\\\n *", "", text), re.MULTILINE):
        words = shlex.split(line)
        command = next(" ".join(words[:count]) for count in range(len(words), 0, -1) if " ".join(words[:count]) in options)
        given = [word for word in words if word.startswith("-") and word != "-"]
        for option in given[:given.index("--")] if "--" in given else given:
            if option.partition("=")[0] not in options[command]:
                raise PageError(f"an example gives {command} the option {option}, which it does not take: {line}")
        following = words[len(command.split()):][:1]
        if any(name.startswith(f"{command} ") for name in options) and following and not following[0].startswith("-"):
            if not options[command] - {"--version", "--help", "-h"}:
                raise PageError(f"an example names the command {command} {following[0]}, and there is none: {line}")


class CommandPages:
    def __init__(self, root, section, fragments, markup):
        """root: as described tells it. markup: makes a new one for each page."""
        self.root, self.section, self.fragments, self.markup = root, section, fragments, markup
        parts = self._parts(self.root.get("discussion") or "")
        self.environment = parts["ENVIRONMENT"]

    def pages(self):
        return list(self._pages(self.root, ()))

    def _pages(self, command, before):
        words = (*before, command["commandName"])
        yield self._page(command, words)
        for child in children(command):
            yield from self._pages(child, words)

    def _page(self, command, words):
        markup = self.markup()
        page = Page("-".join(words), self.section, command.get("abstract") or "", markup)
        arguments = [argument for argument in command.get("arguments", []) if argument.get("shouldDisplay", True)]
        groups = grouped(arguments)
        page.add("SYNOPSIS", synopsis(words, groups, children(command), command.get("defaultSubcommand")))

        parts = self._parts(command.get("discussion") or "")
        summary = (command.get("abstract") or "").strip()
        # An abstract that is all there is to say is said in NAME already.
        page.add("DESCRIPTION", markup.blocks("\n\n".join(text for text in [summary, parts["DESCRIPTION"]] if text)))
        for child in children(command):
            name, section = markup.commands[" ".join((*words, child["commandName"]))]
            page.add("COMMANDS", [
                ".TP", bold(name) + f"({section})", *markup.paragraph(child.get("abstract") or ""),
            ])
        default = command.get("defaultSubcommand")
        if default:
            page.add("COMMANDS", [".PP", *markup.paragraph(f"Without a subcommand, `{' '.join(words)} {default}` is meant.")])
        for group in groups:
            page.add("ARGUMENTS" if group[0]["kind"] == "positional" else "OPTIONS", described_argument(group, markup))
        root = len(words) == 1
        statuses = self._exit_status(parts["EXIT STATUS"], markup)
        shared = {} if root else dict(self.fragments.of("subcommand"))
        if bold("0") in statuses:
            # The command says itself what 0 stands for.
            shared.pop("EXIT STATUS", None)
        page.add_fragment(shared)
        page.add("EXIT STATUS", statuses)
        names = [name for argument in arguments for name in long_names(argument)]
        if root or "socket" in names:
            page.add("ENVIRONMENT", markup.blocks(self.environment))
        page.add_fragment(self.fragments.of(page.name))
        related = [markup.commands[" ".join(words[:count])] for count in range(1, len(words))]
        page.close(related)
        return page

    @staticmethod
    def _exit_status(text, markup):
        lines = []
        for line in text.split("\n"):
            row = EXIT_ROW.match(line)
            if row:
                lines += [".TP", bold(row[1]), *markup.paragraph(row[2])]
            elif EXIT_LIST.match(line):
                for status in EXIT_LIST.split(line)[1:]:
                    number, _, text = status.partition(": ")
                    lines += [".TP", bold(number), *markup.paragraph(text.rstrip(",;"))]
            elif line.strip():
                lines += [".PP", *markup.paragraph(line)]
        return lines

    @staticmethod
    def _parts(discussion):
        """A discussion cut into the sections of a page: what it says of exit statuses and the environment stands apart."""
        parts = {"DESCRIPTION": [], "EXIT STATUS": [], "ENVIRONMENT": []}
        for block in discussion.split("\n\n"):
            if block.startswith("Exit status:\n"):
                parts["EXIT STATUS"].append(block.partition("\n")[2])
            elif block.startswith("Environment: "):
                parts["ENVIRONMENT"].append(block.removeprefix("Environment: "))
            else:
                parts["EXIT STATUS"] += [" ".join(sentence.split()) for sentence in EXIT_SENTENCE.findall(block)]
                parts["DESCRIPTION"].append(EXIT_SENTENCE.sub("", block).strip())
        return {
            "DESCRIPTION": "\n\n".join(text for text in parts["DESCRIPTION"] if text),
            "EXIT STATUS": "\n".join(parts["EXIT STATUS"]),
            "ENVIRONMENT": "\n\n".join(parts["ENVIRONMENT"]),
        }


def long_names(argument):
    return [name["name"] for name in argument.get("names", []) if name["kind"] == "long"]


def spelled(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def grouped(arguments):
    """Arguments in order; a flag and its opposite ("--mirror", "--no-mirror") together."""
    groups = []
    for argument in arguments:
        before = groups[-1][-1] if groups else None
        opposite = before and [f"no-{name}" for name in long_names(before)] == long_names(argument)
        if opposite and argument["kind"] == before["kind"] == "flag" and before.get("abstract") == argument.get("abstract"):
            groups[-1].append(argument)
        else:
            groups.append([argument])
    return groups


def synopsis(words, groups, subcommands, default):
    items = []
    for group in groups:
        first = group[0]
        if first["kind"] == "positional":
            item = italic(first["valueName"]) + (r"\~.\|.\|." if first.get("isRepeating") else "")
        else:
            item = r"\~|\~".join(bold(spelled(argument["preferredName"])) for argument in group)
            if first["kind"] == "option":
                item += r"\~" + italic(first["valueName"])
        items.append(f"[{item}]" if first.get("isOptional") else item)
    if subcommands:
        command = italic("command")
        items.append(f"[{command}]" if default else command)
        items.append(rf"[{italic('argument')}\~.\|.\|.]")
    return [f'.SY "{typed(" ".join(words))}"', *wrapped(" ".join(items)), ".YS"]


def described_argument(group, markup):
    first = group[0]
    if first["kind"] == "positional":
        tag = italic(first["valueName"]) + (r" .\|.\|." if first.get("isRepeating") else "")
    else:
        tag = ", ".join(bold(spelled(name)) for argument in group for name in shown_names(argument))
        if first["kind"] == "option":
            tag += " " + italic(first["valueName"])
    text = first.get("abstract") or ""
    values = first.get("allValues", [])
    if values and not any(value in text for value in values):
        text += f" One of: {', '.join(values)}."
    if first.get("defaultValue") and "default" not in text:
        text += f" Default: {first['defaultValue']}."
    if first.get("discussion"):
        text += f" {first['discussion']}"
    return [".TP", tag, *markup.paragraph(text)]


def shown_names(argument):
    """The short names before the long ones."""
    return sorted(argument.get("names", []), key=lambda name: name["kind"] != "short")
