"""What a hook may return. Each function returns what is wrong with a result, or None."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real

import numpy as np

from regkit.array_types import Array


def fault_of_penalty(value: object, *, finite: bool = False) -> str | None:
    """What is wrong with a result of `penalty`; finiteness is checked only if `finite`."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return f"returned {_shown(value)} instead of a float"
    if finite and not math.isfinite(value):
        return f"returned {float(value)!r}"
    return None


def fault_of_arrays(
    result: object, params: Mapping[str, Array], *, finite: bool = False
) -> str | None:
    """What is wrong with a result of `penalty_grad` or `penalty_prox`."""
    if not isinstance(result, Mapping):
        return f"returned {_shown(result)} instead of a mapping from parameter name to array"
    for name, array in result.items():
        if name not in params:
            return f"returned an array for {name!r}, but the parameters are {', '.join(params)}"
        wanted = params[name]
        if not isinstance(array, np.ndarray):
            return f"returned {_shown(array)} for {name} instead of an array"
        if array.shape != wanted.shape:
            return f"returned an array of shape {array.shape} for {name} of shape {wanted.shape}"
        if array.dtype != wanted.dtype:
            return f"returned {array.dtype} for {name}, which is {wanted.dtype}"
        if finite and not np.isfinite(array).all():
            return f"returned values that are not finite for {name}"
    return None


def _shown(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"
