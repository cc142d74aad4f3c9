"""Arrays as users give them: what NumPy makes of them, or why they cannot be used."""

from __future__ import annotations

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from regkit.array_types import Array
from regkit.errors import InputError

NUMBERS = "biuf"
"""NumPy's kinds of numbers that the network computes with."""


def as_array(name: str, given: ArrayLike) -> Array:
    """`given` as an array of at least one dimension; arrays, lists and data frames are accepted.

    Python objects that all are numbers become an array of numbers.

    Args:
        name: the argument's, for the message.
        given: what the user gave.

    Raises:
        InputError: it is ragged, sparse, masked, or no array at all.
    """
    if hasattr(given, "toarray"):
        raise InputError(f"{name} is a sparse matrix: give {name}.toarray()")
    if _is_masked(given):
        raise InputError(f"{name} has masked values: fill them, or leave their rows out")
    try:
        array = np.asarray(given)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise InputError(f"{name} cannot be read as an array: {_line(error)}") from error
        raise InputError(f"{name} is ragged: its rows must all have the same length") from None
    except (TypeError, RuntimeError) as error:
        raise InputError(f"{name} cannot be read as an array: {_line(error)}") from error
    if not array.ndim:
        raise InputError(f"{name} must be an array or a list, got {_shown(given)}")
    if array.dtype.kind == "U" and not isinstance(given, np.ndarray):
        # NumPy writes the other members of a list that holds any text as text, too: NaN as 'nan'.
        members = np.asarray(given, dtype=object)
        return array if all(isinstance(one, str) for one in members.flat) else members
    if array.dtype.kind == "S":
        return _of_text(name, array)
    return _of_numbers(array) if array.dtype.kind == "O" else array


def as_table(given: ArrayLike, n_inputs: int) -> Array:
    """`given` as X: an array of numbers, (samples, n_inputs).

    Raises:
        InputError: it is none.
    """
    table = as_array("X", given)
    if table.ndim != 2 or table.shape[1] != n_inputs:
        raise InputError(
            f"X has shape {table.shape}, but the model takes (samples, {n_inputs})"
            + (": a single row is [row]" if table.shape == (n_inputs,) else "")
        )
    if table.dtype.kind not in NUMBERS:
        raise InputError(f"X must hold numbers, got {_contents(table)}")
    return table


def _is_masked(given: ArrayLike) -> bool:
    """Whether it is an array with masked values; `numpy.ma` is not loaded for a plain array."""
    if type(given) is np.ndarray:
        return False
    return isinstance(given, np.ma.MaskedArray) and bool(np.ma.is_masked(given))


def _of_text(name: str, array: Array) -> Array:
    """Bytes as text, which a model's file can hold, too."""
    try:
        text: Array = np.char.decode(array, "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} holds bytes that are not UTF-8: {_line(error)}") from None
    return text


def _of_numbers(array: Array) -> Array:
    if all(isinstance(one, Real) for one in array.flat):
        return np.array(array.tolist(), ndmin=array.ndim).reshape(array.shape)
    return array


def _contents(table: Array) -> str:
    """What an array holds instead of numbers: its first such value, or its dtype."""
    if table.dtype.kind == "O":
        found = next(one for one in table.flat if not isinstance(one, Real))
        return "missing values (None)" if found is None else _shown(found)
    return f"text such as {str(table.flat[0])!r}" if table.dtype.kind in "US" else str(table.dtype)


def _shown(given: object) -> str:
    return _line(repr(given))


def _line(text: object) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= 60 else f"{line[:59]}…"
