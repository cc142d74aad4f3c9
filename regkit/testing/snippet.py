"""A counterexample as Python that can be pasted into an interpreter."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np

from regkit.discovery import offer_of
from regkit.errors import FieldError
from regkit.regularizers import Regularizer
from regkit.testing.law import Violation
from regkit.testing.point import written
from regkit.testing.subject import LAYER, Subject

IMPORTS = "import numpy as np\nimport regkit\nfrom types import SimpleNamespace"
MAKE_LAYER = (
    "def layer(point):\n"
    f'    return SimpleNamespace(name="{LAYER}", params=dict(point), output_axis=-1)\n'
)


def pasteable(subject: Subject, violation: Violation) -> str:
    """Python that builds the regularizer and the point, and makes the call that shows it."""
    bindings = [f"{name} = {_source(value)}" for name, value in violation.bindings.items()]
    parts = [IMPORTS, regularizer_source(subject.regularizer), "\n".join(bindings)]
    if "layer(" in violation.call:
        parts.insert(1, MAKE_LAYER)
    return "\n".join([*filter(None, parts), violation.call])


def regularizer_source(regularizer: object) -> str:
    """Statements after which `regularizer` is this one again."""
    cls = type(regularizer)
    offer = offer_of(regularizer) or offer_of(cls)
    if not isinstance(regularizer, Regularizer):
        if isinstance(regularizer, ModuleType):
            return f"import {regularizer.__name__} as regularizer"
        if offer is not None:
            return f'regularizer = regkit.regularizer("{offer.spec_name}")'
        return f"regularizer = ...  # {regularizer!r}"
    if offer is not None and offer.entry_point.attr == cls.__qualname__:
        return f'regularizer = regkit.regularizer("{_spec(regularizer)}")'
    if _is_plugin_file(cls.__module__):
        path = getattr(sys.modules[cls.__module__], "__file__", "")
        return (
            "from pathlib import Path\nfrom regkit.plugins import classes_in\n"
            f"classes = classes_in(Path({path!r}))\n"
            f'regularizer = regkit.regularizer("{_spec(regularizer)}", classes=classes)'
        )
    return f"from {cls.__module__} import {cls.__name__}\nregularizer = {_constructor(regularizer)}"


def _is_plugin_file(module: str) -> bool:
    return module.startswith("regkit_plugin_file_")


def _spec(regularizer: Regularizer) -> str:
    try:
        return str(regularizer)
    except FieldError:  # its own law says what is wrong with the fields
        return f"… {type(regularizer).__name__} …"


def _constructor(regularizer: Any) -> str:
    fields = {
        name: getattr(regularizer, name)
        for name, field in type(regularizer).__dataclass_fields__.items()
        if name == "strength" or getattr(regularizer, name) != field.default
    }
    if fields.get("on") == ("weights",):
        del fields["on"]
    arguments = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return f"{type(regularizer).__name__}({arguments})"


def _source(value: object) -> str:
    return written(value) if isinstance(value, np.ndarray) else repr(value)
