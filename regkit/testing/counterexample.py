"""A counterexample as Python source that can be pasted into an interpreter."""

from __future__ import annotations

import dataclasses
import sys
from types import ModuleType
from typing import Any

import numpy as np

from regkit.catalogue.origin import named_by
from regkit.catalogue.plugin_files import is_of_plugin_file
from regkit.errors import FieldError
from regkit.regularizers import Configured
from regkit.regularizers.naming import snake_case
from regkit.testing.params import written
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.violation import Violation

IMPORTS = "import numpy as np\nimport regkit"
SET_UP = ("layer", "LayerView", "nested(", "by_name(")
"""Names in a call that the subject's set-up defines."""


def pasteable(penalty: PenaltyUnderTest, violation: Violation) -> str:
    """Source that builds the regularizer and the parameters, and makes the failing call."""
    bindings = [f"{name} = {_source(value)}" for name, value in violation.bindings.items()]
    parts = [IMPORTS, regularizer_source(penalty.regularizer), "\n".join(bindings)]
    if any(word in violation.call for word in SET_UP):
        parts.insert(1, penalty.subject.setup)
    margin = f"  # {violation.margin}" if violation.margin else ""
    return "\n".join([*filter(None, parts), violation.call + margin])


def regularizer_source(regularizer: object) -> str:
    """Statements that rebuild the regularizer as `regularizer`."""
    cls = type(regularizer)
    offer = named_by(regularizer)
    if not isinstance(regularizer, Configured):
        if is_of_plugin_file(cls):
            return _from_plugin_file(cls, snake_case(cls.__name__))
        if isinstance(regularizer, ModuleType):
            return f"import {regularizer.__name__} as regularizer"
        if offer is not None:
            return f'regularizer = regkit.regularizer("{offer.spec_name}")'
        if cls.__init__ is object.__init__ and not getattr(regularizer, "__dict__", True):
            return f"from {cls.__module__} import {cls.__name__}\nregularizer = {cls.__name__}()"
        return f"regularizer = ...  # {regularizer!r}"
    if offer is not None and (offer.target or ())[1:] == (cls.__qualname__,):
        return f'regularizer = regkit.regularizer("{_spec(regularizer)}")'
    if is_of_plugin_file(cls):
        return _from_plugin_file(cls, _spec(regularizer))
    return f"from {cls.__module__} import {cls.__name__}\nregularizer = {_constructor(regularizer)}"


def _from_plugin_file(cls: type, spec: str) -> str:
    path = getattr(sys.modules[cls.__module__], "__file__", "")
    return (
        "from pathlib import Path\nfrom regkit.catalogue.plugin_files import classes_in\n"
        f"classes = classes_in(Path({path!r}))\n"
        f'regularizer = regkit.regularizer("{spec}", classes=classes)'
    )


def _spec(regularizer: Configured) -> str:
    try:
        return str(regularizer)
    except FieldError:  # the law on fields reports what is wrong
        return f"… {type(regularizer).__name__} …"


def _constructor(regularizer: Any) -> str:
    fields = {
        field.name: getattr(regularizer, field.name)
        for field in dataclasses.fields(regularizer)
        if field.name == "strength" or getattr(regularizer, field.name) != field.default
    }
    if fields.get("on") == ("weights",):
        del fields["on"]
    if regularizer.constraint:
        del fields["strength"], fields["mode"]
    arguments = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return f"{type(regularizer).__name__}({arguments})"


def _source(value: object) -> str:
    return written(value) if isinstance(value, np.ndarray) else repr(value)
