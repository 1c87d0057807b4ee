# SPDX-License-Identifier: Apache-2.0
"""Names the parts of the Python module of an interface."""

from __future__ import annotations

import re
from typing import Dict, List, Sequence, Set, Tuple

from . import names
from .description import Enumeration, ErrorDeclaration, Interface, Structure


class Naming:
    """What everything of an interface is called in its module, beside the modules of earlier interfaces."""

    def __init__(self, interface: Interface, everything: List[Interface], earlier: Sequence["Naming"]) -> None:
        self.interface = interface
        short = interface.name.split(".")[-1].replace("-", "_")
        self.name = "_" + short.lower()
        self.methods_class = names.camel_case(short) + "Methods"
        self._prefix = names.camel_case(short)
        # The methods whose comments say that a field of theirs holds a file, as the parts in them are called, and the field.
        self._files = {
            (method.name + part, name)
            for method in interface.methods
            for name in re.findall(r"\b(\w+)\s+holds\b[^.]*\bin\s+base64\b", method.comment)
            for part in ("", "Parameters")
        }
        self._earlier = list(earlier)
        # By the name in Python, in the order in which they are written.
        self.enumerations: Dict[str, Enumeration] = {}
        self.structures: Dict[str, Tuple[Structure, str]] = {}
        self.errors: Dict[str, ErrorDeclaration] = {}
        # The class of a declared type, of a structure without a name and of an enumeration without one.
        self._declared: Dict[str, str] = {}
        self._inner: Dict[Tuple[str, str], str] = {}
        # The class of an enumeration by what it should be called, which something else may be.
        self._named: Dict[Tuple[str, Enumeration], str] = {}
        # The modules that classes are taken from.
        self._taken_from: Dict[str, "Naming"] = {}
        # The errors that are known by an earlier module's class as well.
        self._known_errors: Dict[str, "Naming"] = {}
        self._name_everything(names.enumeration_names(interface, everything))
        self.method_names = self._name_methods()

    def _name_everything(self, enumerations: Dict[Tuple[str, str], str]) -> None:
        shared = self._shared_types()
        taken: Set[str] = {self.methods_class}
        for module in self._earlier:
            taken |= {module.methods_class, *module.enumerations, *module.structures, *module.errors}

        def new(name: str) -> str:
            found = names.free(name if name not in taken else self._prefix + name, taken, names.BUILTINS)
            taken.add(found)
            return found

        for declaration in self.interface.types:
            if declaration.name in shared:
                module = shared[declaration.name]
                self._declared[declaration.name] = module._declared[declaration.name]
                self._taken_from[self._declared[declaration.name]] = module
                continue
            name = self._declared[declaration.name] = new(declaration.name)
            if isinstance(declaration.type, Structure):
                self.structures[name] = declaration.type, declaration.comment
            else:
                self.enumerations[name] = declaration.type
        for error in self.interface.errors:
            known = next((m for m in self._earlier if m._has_error(error)), None)
            if known:
                self._known_errors[error.name] = known
            self.errors[names.free(error.name, names.BUILTINS) if known else new(error.name)] = error
        for method in self.interface.methods:
            self.structures[new(method.name + "Reply")] = method.reply, f"What {method.name} answers."
        for owner, field, of in names.anonymous(self.interface):
            if isinstance(of, Structure):
                name = self._inner[owner, field.name] = new(owner + names.camel_case(field.name))
                self.structures[name] = of, field.comment
                continue
            assert isinstance(of, Enumeration)
            wanted = enumerations[owner, field.name]
            known = next((m for m in self._earlier if m._named.get((wanted, of))), None)
            if known:
                name = known._named[wanted, of]
                self._taken_from[name] = known
            elif (wanted, of) in self._named:
                name = self._named[wanted, of]
            else:
                name = self._named[wanted, of] = new(wanted)
                self.enumerations[name] = of
            self._inner[owner, field.name] = name

    def _shared_types(self) -> Dict[str, "Naming"]:
        """Declared types that an earlier interface declares alike, and what they use as well."""
        own = {declaration.name: declaration.type for declaration in self.interface.types}
        shared: Dict[str, Naming] = {}
        for name, of in own.items():
            for module in self._earlier:
                if any(d.name == name and d.type == of for d in module.interface.types):
                    shared.setdefault(name, module)
        while True:
            left = {
                name: module
                for name, module in shared.items()
                if all(shared.get(used) is module for used in names.uses(own[name]))
            }
            if len(left) == len(shared):
                return left
            shared = left

    def _has_error(self, error: ErrorDeclaration) -> bool:
        """Whether it has an error of this name with the same parameters, which are of no declared type."""
        return not list(names.uses(error.parameters)) and any(
            own.name == error.name and own.parameters == error.parameters for own in self.errors.values()
        )

    def error_class(self, name: str) -> str:
        return next(python for python, error in self.errors.items() if error.name == name)

    def _name_methods(self) -> Dict[str, str]:
        taken = {name for module in self._earlier for name in module.method_names.values()}
        taken |= {name + "_more" for name in taken}
        found: Dict[str, str] = {}
        for method in self.interface.methods:
            name = names.snake_case(method.name)
            if name in taken:
                name = f"{names.snake_case(self._prefix)}_{name}"
            found[method.name] = names.free(name, names.CLIENT_ATTRIBUTES, taken, set(found.values()))
        return found
