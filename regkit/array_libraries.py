"""The library of an array, under the names of the array API standard, and sums in float64."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from regkit.array_types import Array

COMPLETE = "2024.12"
"""The version of the standard from which NumPy is used as it is."""


def array_namespace(w: Any) -> Any:
    """The functions of w's library under the names of the array API standard.

    They are those of array-api-compat, for NumPy, PyTorch, JAX (under tracing too), CuPy and every
    library that follows the standard. NumPy itself serves its own arrays from 2.3 on, which has all
    of them: array-api-compat's copy takes a tenth of a second to import.

    Raises:
        TypeError: `w` is no array of such a library.

    Source: the Python array API standard, https://data-apis.org/array-api.
    """
    if isinstance(w, np.ndarray) and np.__array_api_version__ >= COMPLETE:
        return np
    import array_api_compat

    return array_api_compat.array_namespace(w)


def float64_sum(a: Any) -> Array:
    """Σa, accumulated in float64 where a's library has it on a's device, else as `in_float64`.

    Returns:
        a 0-d array of a's library (of NumPy a float64), so that it also works under tracing.
    """
    xp = array_namespace(a)
    total: Array = xp.sum(a, dtype=_wide_dtype(xp, a))
    return total


def in_float64(a: Any) -> Array:
    """`a` in float64 where its library has it on its device, else in float32."""
    xp = array_namespace(a)
    wide: Array = xp.astype(a, _wide_dtype(xp, a), copy=False)
    return wide


def largest(sizes: Any) -> float:
    """The largest entry of an array of sizes, 0.0 if it has none."""
    return float(array_namespace(sizes).max(sizes)) if math.prod(sizes.shape) else 0.0


def beside(w: Any, array: Any, dtype: Any = None) -> Array:
    """A NumPy array as one of w's library, on w's device.

    Args:
        w: whose library and device are meant.
        array: of NumPy.
        dtype: of w's library; by default the one like the array's own.
    """
    if isinstance(w, np.ndarray):
        own: Array = array if dtype is None else array.astype(dtype, copy=False)
        return own
    from array_api_compat import device

    # A copy, since a read-only array makes PyTorch warn.
    moved: Array = array_namespace(w).asarray(np.array(array), dtype=dtype, device=device(w))
    return moved


def is_finite(w: Any) -> bool:
    """Whether all entries are finite."""
    xp = array_namespace(w)
    # One number shows it without another array, unless it overflows.
    if isinstance(w, np.ndarray) and w.flags.forc:
        flat = w.reshape(-1, order="A")
        with np.errstate(over="ignore", invalid="ignore"):
            if math.isfinite(flat.dot(flat)):
                return True
    elif entries_are_at_hand(w) and math.isfinite(float(xp.sum(w))):
        return True
    return bool(xp.all(xp.isfinite(w)))


def is_traced(value: Any) -> bool:
    """Whether it stands for numbers that are not known yet, as in what JAX transforms."""
    jax = None if type(value) in (float, np.ndarray) else sys.modules.get("jax")
    return jax is not None and isinstance(value, jax.core.Tracer)


def number(value: Any) -> Any:
    """A number, or an array of no dimension, as a float; one that is traced as it is."""
    return value if type(value) is float or is_traced(value) else float(value)


def number_sum(values: Iterable[Any]) -> Any:
    """The sum of what `number` returns, of floats without a rounding between them."""
    values = list(values)
    return sum(values) if any(map(is_traced, values)) else math.fsum(values)


def entries_are_at_hand(w: Any) -> bool:
    """Whether control flow may depend on w's entries: those of NumPy, and PyTorch's on the CPU.

    On another device PyTorch would wait until they are there. In JAX they may be traced, and so
    they may in a library that is not known.
    """
    if isinstance(w, np.ndarray):
        return True
    from array_api_compat import is_torch_array

    return bool(is_torch_array(w) and w.device.type == "cpu")


def zeros_like(w: Any) -> Array:
    """Zeros of w's shape, dtype and library, on its device."""
    zeros: Array = array_namespace(w).zeros_like(w)
    return zeros


def in_numpy(w: Any) -> NDArray[Any]:
    """An array of any library as NumPy's, over the CPU; of float32 where NumPy lacks w's dtype."""
    if isinstance(w, np.ndarray):
        return w
    from array_api_compat import is_cupy_array, is_torch_array, to_device

    xp = array_namespace(w)
    if not any(w.dtype == getattr(xp, name, None) for name in ("float32", "float64")):
        w = xp.astype(w, xp.float32)
    # Other libraries copy from their devices by themselves.
    moves = is_torch_array(w) or is_cupy_array(w)
    return np.asarray(to_device(w, "cpu") if moves else w)


def _wide_dtype(xp: Any, a: Any) -> Any:
    # In 16 bits a sum of ones ends at 256.
    return xp.float64 if _has_float64(xp, a) else xp.float32


def _has_float64(xp: Any, a: Any) -> bool:
    if isinstance(a, np.ndarray):
        return True
    from array_api_compat import device

    # JAX has it only where `jax_enable_x64` is set, Apple's GPUs never.
    kinds = xp.__array_namespace_info__().dtypes(device=device(a), kind="real floating")
    return "float64" in kinds
