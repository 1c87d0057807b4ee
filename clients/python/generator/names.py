# SPDX-License-Identifier: Apache-2.0
"""What things of a Varlink interface are called in Python.

A name that Python or the class around it has for itself gets an underscore behind it: `from` is `from_`, and a class `Warning` is `Warning_`.
"""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Dict, FrozenSet, Iterator, List, Set, Tuple

from .description import Array, Enumeration, Field, Interface, Map, Maybe, Named, Structure, Type

# What classes that are generated have from the classes above them; nothing generated may hide these.
EXCEPTION_ATTRIBUTES = frozenset(dir(Exception)) | {"varlink_name", "name", "parameters", "add_note"}
CLIENT_ATTRIBUTES = frozenset({"call", "stream", "close", "socket_path", "timeout", "with_timeout"})
# What a program that imports everything of the package should find as it was: for classes alone.
BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
ENUMERATION_ATTRIBUTES = frozenset(dir(str)) | {"name", "value", "mro"}


def snake_case(name: str) -> str:
    """`RotateModel` as `rotate_model`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return parted.lower()


def camel_case(name: str) -> str:
    """`landmark_layout` as `LandmarkLayout`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def free(name: str, *taken: "FrozenSet[str] | Set[str]") -> str:
    """The name, or one with underscores behind it that is no keyword and not taken."""
    while keyword.iskeyword(name) or any(name in names for names in taken):
        name += "_"
    return name


def parts(owner: str, of: Structure) -> Iterator[Tuple[str, Field, Type]]:
    """Every structure and enumeration without a name of its own in the fields of a structure: the name of what it
    is in, its field, and itself."""
    for field in of.fields:
        inner = field.type
        while isinstance(inner, (Maybe, Array, Map)):
            inner = inner.of
        if isinstance(inner, (Structure, Enumeration)):
            yield owner, field, inner
        if isinstance(inner, Structure):
            yield from parts(owner + camel_case(field.name), inner)


def structures(interface: Interface) -> Iterator[Tuple[str, Structure]]:
    """Every structure of an interface that stands by itself, and what the parts without a name in it are called after,
    in the order of the text."""
    for declaration in interface.types:
        if isinstance(declaration.type, Structure):
            yield declaration.name, declaration.type
    for method in interface.methods:
        yield method.name + "Parameters", method.parameters
        yield method.name, method.reply
    for error in interface.errors:
        yield error.name, error.parameters


def anonymous(interface: Interface) -> List[Tuple[str, Field, Type]]:
    return [part for owner, structure in structures(interface) for part in parts(owner, structure)]


def enumeration_names(interface: Interface, all_interfaces: List[Interface]) -> Dict[Tuple[str, str], str]:
    """The names of the enumerations without one, by what they are in and their field.

    Where an interface uses a field's name for one enumeration alone, and it occurs in more places than one, it is
    called after the field, as `Modality`; otherwise after the place as well, as `DamageKind`.
    """
    places = [(field.name, of) for each in all_interfaces for _, field, of in anonymous(each)]
    own = [part for part in anonymous(interface) if isinstance(part[2], Enumeration)]
    names: Dict[Tuple[str, str], str] = {}
    for owner, field, of in own:
        is_only_one = all(other == of for _, of_field, other in own if of_field.name == field.name)
        is_common = places.count((field.name, of)) > 1
        names[owner, field.name] = camel_case(field.name) if is_only_one and is_common else owner + camel_case(field.name)
    return names


def uses(of: Type) -> Iterator[str]:
    """The names of the declared types in a type."""
    if isinstance(of, Named):
        yield of.name
    elif isinstance(of, (Maybe, Array, Map)):
        yield from uses(of.of)
    elif isinstance(of, Structure):
        for field in of.fields:
            yield from uses(field.type)
