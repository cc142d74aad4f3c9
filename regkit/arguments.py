"""Validation of numeric arguments."""

from __future__ import annotations

import math
import os
from numbers import Integral, Real
from pathlib import Path

from regkit.errors import InputError

RANGE = ".."
"""It stands between the ends of a range of numbers, `LOW..HIGH`, which a study decides."""

LARGEST_SEED = 2**32 - 1
"""The largest seed of NumPy's legacy generator, which the data sets need."""


def integer(name: str, value: object, *, least: int, most: int | None = None) -> int:
    """`value` as an int.

    Raises:
        InputError: it is not an integer from `least` to `most`.
    """
    if isinstance(value, Integral) and not isinstance(value, bool):
        number = int(value)
        if least <= number and (most is None or number <= most):
            return number
    bounds = f"at least {least}" if most is None else f"from {least} to {most}"
    raise InputError(f"{name} must be an integer {bounds}, got {value!r}")


def seed(value: object, name: str = "seed") -> int:
    """A random seed as an int.

    Raises:
        InputError: it is not an integer from 0 to 2³² − 1.
    """
    return integer(name, value, least=0, most=LARGEST_SEED)


def number(
    name: str,
    value: object,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """`value` as a finite float.

    Raises:
        InputError: it is not a finite number in the range.
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        real = float(value)
        if math.isfinite(real) and real >= least and above < real < below:
            return real
    bounds = [
        *([f"at least {least:g}"] if least > -math.inf else []),
        *([f"above {above:g}"] if above > -math.inf else []),
        *([f"below {below:g}"] if below < math.inf else []),
    ]
    raise InputError(f"{name} must be {' and '.join(['finite', *bounds])}, got {value!r}")


def boolean(name: str, value: object) -> bool:
    """`value` as a bool.

    Raises:
        InputError: it is none: "no" would count as true.
    """
    if isinstance(value, bool):
        return value
    raise InputError(f"{name} must be True or False, got {value!r}")


def path(name: str, value: object) -> Path:
    """`value` as a path.

    Raises:
        InputError: it is neither text nor a path.
    """
    if isinstance(value, str | os.PathLike):
        given = os.fspath(value)
        if isinstance(given, str) and given:
            return Path(given)
    raise InputError(f"{name} must be a path, got {value!r}")
