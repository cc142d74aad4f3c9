"""How layers, optimizers and losses show themselves: as the call that makes them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any


def described(instance: object, values: Mapping[str, Any]) -> str:
    """The call that makes an instance: `Dense(2, 64, init='he')`.

    Args:
        instance: what was made.
        values: the arguments of its constructor by name; those that are absent are not shown, and
            neither are defaults.
    """
    shown = []
    is_gapless = True
    for name, parameter in inspect.signature(type(instance)).parameters.items():
        if name not in values or values[name] == parameter.default:
            is_gapless = False
            continue
        by_position = is_gapless and parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        shown.append(f"{values[name]!r}" if by_position else f"{name}={values[name]!r}")
    return f"{type(instance).__name__}({', '.join(shown)})"
