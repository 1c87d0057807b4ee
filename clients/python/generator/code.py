# SPDX-License-Identifier: Apache-2.0
"""Writes the Python module of an interface."""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, Optional, Sequence, Set

from . import names
from .description import (
    Array,
    Enumeration,
    ErrorDeclaration,
    Field,
    Interface,
    Map,
    Maybe,
    Method,
    Named,
    Scalar,
    Structure,
    Type,
)
from .naming import Naming

# Varlink has no type for bytes. A text holds a file in base64 where the comment on its field says “in base64”, where that on its
# method says “NAME holds … in base64”, or where it has one of these names, which the interfaces give to pictures.
PICTURES = frozenset({"image", "first", "second"})

# How the comment on a method says that it sends several replies, and that it sends nothing else.
SENDS_SEVERAL = re.compile(r"\b[Cc]alled\s+with\s+more\b|(?:^|\.\s+)Streams\b", re.MULTILINE)
SENDS_SEVERAL_ONLY = re.compile(r"\bhas\s+to\s+be\s+called\s+with\s+more\b", re.IGNORECASE)

_PYTHON = {"bool": "bool", "int": "int", "float": "float", "string": "str"}
_CODEC = {"bool": "BOOL", "int": "INT", "float": "FLOAT", "string": "STRING", "object": "OBJECT"}


def modules(interfaces: Sequence[Interface]) -> Dict[str, str]:
    """The source of each interface's module by the module's name. What a later interface declares as an earlier one does,
    it takes from there."""
    made: List[Module] = []
    for interface in interfaces:
        made.append(Module(interface, list(interfaces), made))
    return {module.name: module.source() for module in made}


class Module(Naming):
    """Writes what is named."""

    # Types

    def _class_of(self, owner: str, field: Field, of: Type) -> Optional[str]:
        if isinstance(of, Named):
            return self._declared[of.name]
        if isinstance(of, (Structure, Enumeration)):
            return self._inner[owner, field.name]
        return None

    def _annotation(self, owner: str, field: Field, of: Type, hidden: Iterable[str], is_parameter: bool = False) -> str:
        """The type in Python. `hidden` are the names that mean something else where it is written."""

        def written(inner: Type) -> str:
            return self._annotation(owner, field, inner, hidden, is_parameter)

        name = self._class_of(owner, field, of)
        if name is not None:
            return name
        if isinstance(of, Maybe):
            return f"_t.Optional[{written(of.of)}]"
        if isinstance(of, Array):
            return f"_t.{'Sequence' if is_parameter else 'List'}[{written(of.of)}]"
        if isinstance(of, Map):
            return f"_t.{'Mapping' if is_parameter else 'Dict'}[{_builtin('str', hidden)}, {written(of.of)}]"
        assert isinstance(of, Scalar)
        if of.name == "object":
            return "_t.Any"
        if of.name == "string" and self._is_file(owner, field):
            return "_v.File" if is_parameter else _builtin("bytes", hidden)
        return _builtin(_PYTHON[of.name], hidden)

    def _codec(self, owner: str, field: Field, of: Type, is_parameter: bool = False) -> str:
        def written(inner: Type) -> str:
            return self._codec(owner, field, inner, is_parameter)

        name = self._class_of(owner, field, of)
        if name is not None:
            is_enumeration = isinstance(of, Enumeration) or any(
                isinstance(of, Named) and d.name == of.name and isinstance(d.type, Enumeration)
                for d in self.interface.types
            )
            return f"_v.{'EnumerationOf' if is_enumeration else 'RecordOf'}({name})"
        if isinstance(of, Maybe):
            return f"_v.Maybe({written(of.of)})"
        if isinstance(of, Array):
            return f"_v.ListOf({written(of.of)})"
        if isinstance(of, Map):
            return f"_v.MapOf({written(of.of)})"
        assert isinstance(of, Scalar)
        if of.name == "string" and self._is_file(owner, field):
            return "_v.FILE" if is_parameter else "_v.BASE64"
        return f"_v.{_CODEC[of.name]}"

    def _fields(self, owner: str, of: Structure, python: Dict[str, str], is_parameter: bool = False) -> str:
        """The fields of a structure as a tuple of codecs."""
        rows = [
            f'    _v.Field("{python[field.name]}", "{field.name}", {self._codec(owner, field, field.type, is_parameter)}),'
            for field in of.fields
        ]
        return "(\n" + "\n".join(rows) + "\n)" if rows else "()"

    def _is_file(self, owner: str, field: Field) -> bool:
        said = "in base64" in " ".join(field.comment.split())
        return said or field.name in PICTURES or (owner, field.name) in self._files

    def _holds_file(self, owner: str, field: Field) -> bool:
        inner = field.type
        while isinstance(inner, (Maybe, Array, Map)):
            inner = inner.of
        return inner == Scalar("string") and self._is_file(owner, field)

    # Source

    def source(self) -> str:
        blocks = [self._head()]
        blocks += [self._enumeration(name, of) for name, of in self.enumerations.items()]
        owners = self._owners()
        blocks += [self._record(name, owners[name], *entry) for name, entry in self.structures.items()]
        blocks += [self._error(name, error) for name, error in self.errors.items()]
        blocks += [self._table(owners)]
        blocks += [self._methods()]
        return "\n\n\n".join(blocks) + "\n"

    def _owners(self) -> Dict[str, str]:
        """What the parts without a name are called after, by the class that they are in."""
        found = {python: name for name, python in self._declared.items()}
        for method in self.interface.methods:
            found[self._reply_class(method)] = method.name
        for (owner, field), name in self._inner.items():
            if name in self.structures:
                found[name] = owner + names.camel_case(field)
        return found

    def _reply_class(self, method: Method) -> str:
        return next(name for name, (of, _) in self.structures.items() if of is method.reply)

    def _head(self) -> str:
        public = [*self.enumerations, *self.structures]
        public += [name for name, error in self.errors.items() if error.name not in self._known_errors]
        public.append(self.methods_class)
        lines = [
            "# SPDX-License-Identifier: Apache-2.0",
            f"# Made by clients/python/generate from {self.interface.name}.varlink; not to be edited.",
            _docstring(self.interface.comment or f"{self.interface.name}.", ""),
            "",
            "from __future__ import annotations",
            "",
            "import builtins as _b",
            "import dataclasses as _d",
            "import typing as _t",
            "",
            "from . import _errors as _e",
            "from . import _values as _v",
        ]
        for module in self._earlier:
            taken = sorted(name for name, other in self._taken_from.items() if other is module)
            taken += [
                f"{module.error_class(name)} as _{name}" for name, other in self._known_errors.items() if other is module]
            if taken:
                lines.append(f"from .{module.name} import {', '.join(sorted(taken))}")
        lines += ["", "__all__ = [", *(f'    "{name}",' for name in public), "]"]
        return "\n".join(lines)

    def _enumeration(self, name: str, of: Enumeration) -> str:
        lines = [f"class {name}(_v.Enumeration):"]
        comments = of.comments or ("",) * len(of.members)
        for member, comment in zip(of.members, comments):
            lines.append(f'    {names.free(member, names.ENUMERATION_ATTRIBUTES)} = "{member}"')
            if comment:
                lines.append(_docstring(comment, "    "))
        return "\n".join(lines)

    def _record(self, name: str, owner: str, of: Structure, comment: str) -> str:
        lines = ["@_d.dataclass(frozen=True)", f"class {name}:", _docstring(comment or f"{name} of {self.interface.name}.", "    ")]
        python = {field.name: names.free(field.name) for field in of.fields}
        if of.fields:
            lines.append("")
        hidden = set(python.values())
        # Those that may be absent come last, for they have a default.
        for field in sorted(of.fields, key=lambda field: isinstance(field.type, Maybe)):
            line = f"    {python[field.name]}: {self._annotation(owner, field, field.type, hidden)}"
            is_optional, is_large = isinstance(field.type, Maybe), self._holds_file(owner, field)
            if is_large:
                line += f" = _d.field({'default=None, ' if is_optional else ''}repr=False)"
            elif is_optional:
                line += " = None"
            lines.append(line)
            if field.comment:
                lines.append(_docstring(field.comment, "    "))
        return "\n".join(lines)

    def _error_fields(self, error: ErrorDeclaration) -> Dict[str, str]:
        def is_text(field: Field) -> bool:
            return field.type == Scalar("string")

        # A message that is a text is that of every error.
        return {
            field.name: "message" if field.name == "message" and is_text(field)
            else names.free(field.name, names.EXCEPTION_ATTRIBUTES | {"message"})
            for field in error.parameters.fields
        }

    def _error(self, name: str, error: ErrorDeclaration) -> str:
        known = self._known_errors.get(error.name)
        lines = [f"class {name}({'_' + error.name if known else '_e.VarlinkError'}):"]
        lines += [_docstring(error.comment or f"{error.name}.", "    "), ""]
        lines.append(f'    varlink_name = "{self.interface.name}.{error.name}"')
        python = self._error_fields(error)
        for field in error.parameters.fields:
            annotation = self._annotation(error.name, field, field.type, set(python.values()))
            lines.append(f"    {python[field.name]}: {annotation}")
            if field.comment:
                lines.append(_docstring(field.comment, "    "))
        return "\n".join(lines)

    def _table(self, owners: Dict[str, str]) -> str:
        """How everything looks on the wire: apart from the classes, which may use each other in any order."""
        lines: List[str] = []
        for name, (of, _) in self.structures.items():
            python = {field.name: names.free(field.name) for field in of.fields}
            lines.append(f"_v.RECORDS[{name}] = {self._fields(owners[name], of, python)}")
        for name, error in self.errors.items():
            lines.append(f"_e.register({name}, {self._fields(error.name, error.parameters, self._error_fields(error))})")
        for method in self.interface.methods:
            python = self._parameter_names(method)
            lines += [
                f"_{self.method_names[method.name].upper()} = _v.Method(",
                f'    "{self.interface.name}.{method.name}",',
                *("    " + line for line in self._fields(
                    method.name + "Parameters", method.parameters, python, is_parameter=True).splitlines()),
            ]
            lines[-1] += ","
            lines += [f"    {self._reply_class(method)},", ")"]
        return "\n".join(lines)

    @staticmethod
    def _parameter_names(method: Method) -> Dict[str, str]:
        return {field.name: names.free(field.name, {"self"}) for field in method.parameters.fields}

    def _methods(self) -> str:
        lines = [f"class {self.methods_class}(_v.Caller):", f'    """The methods of {self.interface.name}."""']
        hidden = set(self.method_names.values())
        for method in self.interface.methods:
            name = self.method_names[method.name]
            several = bool(SENDS_SEVERAL.search(method.comment))
            if not several:
                lines += ["", *self._method(method, name, hidden, False, "")]
            elif SENDS_SEVERAL_ONLY.search(method.comment):
                lines += ["", *self._method(method, name, hidden, True, "")]
            else:
                lines += ["", *self._method(method, name, hidden, False, f"Called without more; see {name}_more.")]
                lines += ["", *self._method(method, name + "_more", hidden, True, "Called with more.")]
        return "\n".join(lines)

    def _method(self, method: Method, name: str, hidden: Set[str], several: bool, note: str) -> List[str]:
        python, fields = self._parameter_names(method), method.parameters.fields
        reply = self._reply_class(method)
        lines = [f"    def {name}("]
        lines.append("        self,")
        if fields:
            lines.append("        *,")
        for field in sorted(fields, key=lambda field: isinstance(field.type, Maybe)):
            annotation = self._annotation(method.name + "Parameters", field, field.type, hidden, is_parameter=True)
            default = " = None" if isinstance(field.type, Maybe) else ""
            lines.append(f"        {python[field.name]}: {annotation}{default},")
        lines.append(f"    ) -> {f'_v.Replies[{reply}]' if several else reply}:")
        comments = [method.comment or f"Calls {method.name}."]
        comments += [f"{python[field.name]}: {field.comment}" for field in fields if field.comment]
        if note:
            comments.append(note)
        lines.append(_docstring("\n".join(comments), "        "))
        values = [f'"{python[field.name]}": {python[field.name]}' for field in fields]
        function = f"self.{'_stream' if several else '_call'}(_{self.method_names[method.name].upper()}, "
        if len(values) < 4:
            return [*lines, f"        return {function}{{{', '.join(values)}}})"]
        return [*lines, f"        return {function}{{", *(f"            {value}," for value in values), "        })"]


def _builtin(name: str, hidden: Iterable[str]) -> str:
    return f"_b.{name}" if name in hidden else name


def _docstring(text: str, indent: str) -> str:
    """A text as a documentation string that says the same, whatever it holds."""
    text = re.sub(r'"(?="|\Z)', r'\\"', text.replace("\\", "\\\\"))
    # What nobody can see, or what turns the direction of writing, is written by its number.
    text = "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
    lines = [(indent + line).rstrip() for line in text.split("\n")]
    lines[0] = f'{indent}"""{text.split(chr(10))[0]}'
    if len(lines) == 1:
        return lines[0] + '"""'
    return "\n".join([*lines, f'{indent}"""'])
