# SPDX-License-Identifier: Apache-2.0
"""Reads Varlink interface descriptions (https://varlink.org/Interface-Definition)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Set, Tuple, Union

MAXIMUM_CHARACTERS = 1 << 20
MAXIMUM_DEPTH = 32
SCALARS = ("bool", "int", "float", "string", "object")


class DescriptionError(Exception):
    """A text that describes no interface."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Scalar:
    """One of SCALARS."""

    name: str


@dataclass(frozen=True)
class Named:
    """A type that the interface declares."""

    name: str


@dataclass(frozen=True)
class Maybe:
    of: "Type"


@dataclass(frozen=True)
class Array:
    of: "Type"


@dataclass(frozen=True)
class Map:
    """Of texts to values."""

    of: "Type"


@dataclass(frozen=True)
class Enumeration:
    members: Tuple[str, ...]
    # By member; no part of what the enumeration is.
    comments: Tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Field:
    name: str
    type: "Type"
    comment: str = field(default="", compare=False)


@dataclass(frozen=True)
class Structure:
    fields: Tuple[Field, ...]


Type = Union[Scalar, Named, Maybe, Array, Map, Enumeration, Structure]


@dataclass(frozen=True)
class TypeDeclaration:
    name: str
    type: Union[Structure, Enumeration]
    comment: str
    # As it is written, from its first word to its last sign; no part of what is declared.
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class Method:
    name: str
    parameters: Structure
    reply: Structure
    comment: str
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class ErrorDeclaration:
    name: str
    parameters: Structure
    comment: str
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class Interface:
    name: str
    comment: str
    types: Tuple[TypeDeclaration, ...]
    methods: Tuple[Method, ...]
    errors: Tuple[ErrorDeclaration, ...]


@dataclass(frozen=True)
class _Token:
    # word, sign or end
    kind: str
    text: str
    line: int
    # The comment that stands right before it.
    comment: str = ""
    # Where it stands in the text.
    begin: int = 0
    end: int = 0


_WORD = re.compile(r"[A-Za-z0-9_.\-]+")
_SIGN = re.compile(r"->|[():,?\[\]]")
_INTERFACE_NAME = re.compile(r"[A-Za-z](-*[A-Za-z0-9])*(\.[A-Za-z0-9](-*[A-Za-z0-9])*)+")
_MEMBER_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
_FIELD_NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*")
# All but the tab, which a comment may hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def parse(text: str) -> Interface:
    """The interface that a text describes.

    Raises DescriptionError, which names the line.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        raise DescriptionError(1, f"the text has {len(text)} characters, and may have {MAXIMUM_CHARACTERS}")
    text = text.replace("\r\n", "\n")
    return _Parser(text, _tokens(text)).interface()


def _tokens(text: str) -> List[_Token]:
    tokens: List[_Token] = []
    comments: List[str] = []
    number, begin, end = 0, 0, -1
    for number, line in enumerate(text.split("\n"), start=1):
        begin, end = end + 1, end + 1 + len(line)
        found = _CONTROL.search(line)
        if found:
            raise DescriptionError(number, f"the character U+{ord(found.group()):04X} has no place here")
        if not line.strip():
            # What an empty line parts from a declaration is not about it.
            comments = []
            continue
        at = 0
        while True:
            while at < len(line) and line[at] in " \t":
                at += 1
            if at == len(line):
                break
            if line[at] == "#":
                # Behind a declaration it is about what is before it, and no description of what follows.
                if line[:at].strip():
                    break
                comment = line[at + 1 :].rstrip()
                comments.append(comment[1:] if comment.startswith(" ") else comment)
                break
            for kind, pattern in (("sign", _SIGN), ("word", _WORD)):
                match = pattern.match(line, at)
                if match:
                    break
            else:
                raise DescriptionError(number, f"{line[at]!r} has no place here")
            tokens.append(_Token(
                kind, match.group(), number, "\n".join(comments), begin + match.start(), begin + match.end()))
            comments = []
            at = match.end()
    tokens.append(_Token("end", "the end of the text", number))
    return tokens


class _Parser:
    def __init__(self, text: str, tokens: List[_Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        # The named types that are used, and where.
        self._used: List[Tuple[str, int]] = []

    def interface(self) -> Interface:
        first = self._take("interface")
        name = self._name(_INTERFACE_NAME, "the name of an interface")
        types: List[TypeDeclaration] = []
        methods: List[Method] = []
        errors: List[ErrorDeclaration] = []
        declared: Set[str] = set()
        while self._next.kind != "end":
            keyword = self._advance()
            if keyword.text not in ("type", "method", "error"):
                raise DescriptionError(keyword.line, f"type, method or error is expected, not {keyword.text!r}")
            line = self._next.line
            member = self._name(_MEMBER_NAME, "a name that begins with a capital letter")
            if member in declared:
                raise DescriptionError(line, f"{member} is declared twice")
            declared.add(member)
            if keyword.text == "type":
                declared_type = self._structure_or_enumeration()
                types.append(TypeDeclaration(member, declared_type, keyword.comment, self._source(keyword)))
            elif keyword.text == "method":
                parameters = self._structure()
                self._take("->")
                reply = self._structure()
                methods.append(Method(member, parameters, reply, keyword.comment, self._source(keyword)))
            else:
                parameters = self._structure()
                errors.append(ErrorDeclaration(member, parameters, keyword.comment, self._source(keyword)))
        known = {declaration.name for declaration in types}
        for used, line in self._used:
            if used not in known:
                raise DescriptionError(line, f"the type {used} is not declared")
        _refuse_endless(types)
        return Interface(name, first.comment, tuple(types), tuple(methods), tuple(errors))

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _advance(self) -> _Token:
        token = self._next
        if token.kind != "end":
            self._at += 1
        return token

    def _source(self, first: _Token) -> str:
        """From a token to the last that was taken."""
        return self._text[first.begin : self._tokens[self._at - 1].end]

    def _take(self, text: str) -> _Token:
        token = self._advance()
        if token.kind == "end" or token.text != text:
            raise DescriptionError(token.line, f"{text} is expected, not {token.text!r}")
        return token

    def _takes(self, text: str) -> bool:
        if self._next.kind == "sign" and self._next.text == text:
            self._at += 1
            return True
        return False

    def _name(self, pattern: "re.Pattern[str]", what: str) -> str:
        token = self._advance()
        if token.kind != "word" or not pattern.fullmatch(token.text):
            raise DescriptionError(token.line, f"{token.text!r} is not {what}")
        return token.text

    def _structure(self) -> Structure:
        line = self._next.line
        found = self._structure_or_enumeration()
        if not isinstance(found, Structure):
            raise DescriptionError(line, "fields need types here")
        return found

    def _structure_or_enumeration(self) -> Union[Structure, Enumeration]:
        """Without fields it is a structure."""
        self._enter()
        self._take("(")
        names: List[str] = []
        comments: List[str] = []
        types: List[Optional[Type]] = []
        if self._takes(")"):
            self._depth -= 1
            return Structure(())
        while True:
            token = self._next
            name = self._name(_FIELD_NAME, "the name of a field")
            if name in names:
                raise DescriptionError(token.line, f"the field {name} occurs twice")
            names.append(name)
            comments.append(token.comment)
            types.append(self._type() if self._takes(":") else None)
            if (types[-1] is None) != (types[0] is None):
                raise DescriptionError(token.line, "either all fields have types, or none has")
            if self._takes(")"):
                break
            self._take(",")
        self._depth -= 1
        if types[0] is None:
            return Enumeration(tuple(names), tuple(comments))
        return Structure(
            tuple(Field(n, t, c) for n, t, c in zip(names, types, comments) if t is not None)
        )

    def _type(self) -> Type:
        if self._takes("?"):
            if self._next.text == "?":
                raise DescriptionError(self._next.line, "a type is optional once only")
            return Maybe(self._type())
        if self._takes("["):
            self._enter()
            is_map = not self._takes("]")
            if is_map:
                self._take("string")
                self._take("]")
            of = self._type()
            self._depth -= 1
            return Map(of) if is_map else Array(of)
        if self._next.text == "(":
            return self._structure_or_enumeration()
        token = self._advance()
        if token.kind == "word" and token.text in SCALARS:
            return Scalar(token.text)
        if token.kind != "word" or not _MEMBER_NAME.fullmatch(token.text):
            raise DescriptionError(token.line, f"{token.text!r} is not a type")
        self._used.append((token.text, token.line))
        return Named(token.text)

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise DescriptionError(self._next.line, "types are nested too deeply")


def _refuse_endless(types: List[TypeDeclaration]) -> None:
    """Refuses a type of which every value holds another one of it."""
    holds: Dict[str, Set[str]] = {declaration.name: _held(declaration.type) for declaration in types}
    while True:
        ends = [name for name, held in holds.items() if not held & holds.keys()]
        if not ends:
            break
        for name in ends:
            del holds[name]
    if holds:
        raise DescriptionError(1, f"every value of the type {min(holds)} holds another one, without end")


def _held(of: Type) -> Set[str]:
    if isinstance(of, Named):
        return {of.name}
    if isinstance(of, Structure):
        held: Set[str] = set()
        for entry in of.fields:
            held |= _held(entry.type)
        return held
    return set()
