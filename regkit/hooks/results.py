"""What a hook may return. Each function returns what is wrong with a result, or None."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, Protocol

import numpy as np

from regkit.array_libraries import is_finite
from regkit.array_types import Array, Arrays

NONE: Mapping[str, Array] = {}


class _Named(Protocol):
    name: str
    params: Arrays


def fault_of_penalty(value: object, *, finite: bool = False) -> str | None:
    """What is wrong with a penalty; finiteness is checked only if `finite`."""
    if type(value) is float and not finite:
        return None
    if not isinstance(value, float) and _is_of_jax(value):
        shape = tuple(getattr(value, "shape", ()))
        return f"returned an array of shape {shape} instead of a number" if shape else None
    if not isinstance(value, float | Real) or isinstance(value, bool):
        return f"returned {_shown(value)} instead of a float"
    if finite and not math.isfinite(value):
        return f"returned {float(value)!r}"
    return None


def fault_of_arrays(
    result: object,
    params: Mapping[str, Array],
    *,
    finite: bool = False,
    by_kernels: Mapping[str, Array] = NONE,
) -> str | None:
    """What is wrong with a layer's gradient or proximal point.

    The arrays `by_kernels` were written by the run's kernels, which make nothing infinite.
    """
    if not isinstance(result, Mapping):
        return f"returned {_shown(result)} instead of a mapping from parameter name to array"
    for name, array in result.items():
        if name not in params:
            return f"returned an array for {name!r}, but the parameters are {', '.join(params)}"
        checked = finite and array is not by_kernels.get(name)
        fault = fault_of_array(array, params[name], name, finite=checked)
        if fault:
            return fault
    return None


def fault_of_model_arrays(
    result: object, layers: Sequence[_Named], *, finite: bool = False
) -> str | None:
    """What is wrong with a whole model's gradient or proximal point."""
    if not isinstance(result, Mapping):
        return (
            f"returned {_shown(result)} instead of a mapping from layer name to a mapping from "
            "parameter name to array"
        )
    by_name = {layer.name: layer for layer in layers}
    for name, arrays in result.items():
        if name not in by_name:
            return f"returned arrays for {name!r}, but the layers are {', '.join(by_name)}"
        fault = fault_of_arrays(arrays, by_name[name].params, finite=finite)
        if fault:
            return f"for layer {name} {fault}"
    return None


def fault_of_array(array: object, wanted: Array, name: str, *, finite: bool = False) -> str | None:
    """What is wrong with an array that must be like another one, which is called `name`."""
    if not isinstance(array, _type_like(wanted)):
        return f"returned {_shown(array)} for {name} instead of an array"
    if array.shape != wanted.shape:
        given, expected = tuple(array.shape), tuple(wanted.shape)
        return f"returned an array of shape {given} for {name} of shape {expected}"
    if array.dtype != wanted.dtype:
        return f"returned {array.dtype} for {name}, which is {wanted.dtype}"
    if finite and not is_finite(array):
        return f"returned values that are not finite for {name}"
    return None


def _type_like(wanted: Array) -> Any:
    """The type of the arrays of its library, of which JAX's are traced or not."""
    if isinstance(wanted, np.ndarray):
        return np.ndarray
    return sys.modules["jax"].Array if _is_of_jax(wanted) else type(wanted)


def _is_of_jax(value: object) -> bool:
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(value, jax.Array)


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"
