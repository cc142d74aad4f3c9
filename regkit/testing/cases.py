"""The arrays on which the laws are tested: patterns × shapes × scales, from fixed seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from regkit.array_types import Array, read_only


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Normal draws with few digits, so that counterexamples are readable."""
    return np.round(rng.standard_normal(shape), 3)


PATTERNS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Array]] = {
    "normal": _normal,
    "equal": lambda _, shape: np.full(shape, 0.75),
    "ties": lambda rng, shape: rng.choice([-1.0, -0.5, 0.5, 1.0], size=shape),
    "some zeros": lambda rng, shape: _normal(rng, shape) * (rng.random(shape) < 0.6),
    "negative zeros": lambda rng, shape: np.where(
        rng.random(shape) < 0.4, -0.0, _normal(rng, shape)
    ),
    "zero rows": lambda rng, shape: _normal(rng, shape) * (np.arange(shape[0]) % 2)[:, None],
    "zero columns": lambda rng, shape: _normal(rng, shape) * (np.arange(shape[1]) % 2)[None, :],
    "identity": lambda _, shape: np.eye(shape[0], shape[1]),
    "zeros": lambda _, shape: np.zeros(shape),
    "unrounded": lambda rng, shape: rng.standard_normal(shape),
}
"""Patterns of entries of size about 1, by the name that a report shows."""

SCALED = tuple(name for name in PATTERNS if name not in ("identity", "zeros", "unrounded"))
SMALL = ((1, 1), (1, 3), (3, 1), (2, 3), (3, 2), (3, 3))
LARGER = ((2, 17), (17, 2), (12, 9), (7, 7))
EMPTY = ((0, 3), (3, 0))
WIDE = ((40, 40), (33, 65), (70, 34), (6, 150))
"""Where a number of rows or columns may be cut off; not too large for penalties of pairs."""
LARGE = (700, 24)
"""More entries than one chunk of the built-in penalties."""

HUGE = (301, 257)
"""More than 65536 entries, and no multiple of a power of two."""

KEPT = 256
"""Arrays of up to so many entries are drawn once; others are too large to keep."""

SCALES = tuple(10.0**exponent for exponent in range(-8, 9))


@dataclass(frozen=True)
class Case:
    """One test array: a pattern of a shape, multiplied by a scale."""

    pattern: str
    shape: tuple[int, ...]
    scale: float = 1.0
    seed: int = 0

    def array(self) -> Array:
        """The array, in float64: the same for the same case, and read-only if it is small."""
        made = _case_once if math.prod(self.shape) <= KEPT else case
        return made(self.pattern, self.shape, self.scale, self.seed)

    def fitted(self, shape: tuple[int, ...], more_seed: int = 0) -> Case:
        """The case in another shape, and drawn with another seed."""
        return Case(self.pattern, shape, self.scale, self.seed + more_seed)

    def expression(self) -> str:
        """The array as Python source, for arrays that are too large to print."""
        return f"regkit.testing.case({self.pattern!r}, {self.shape}, {self.scale!r}, {self.seed})"


def case(pattern: str, shape: tuple[int, ...], scale: float = 1.0, seed: int = 0) -> Array:
    """The array of a pattern, in float64: counterexamples name large arrays by this call.

    Args:
        pattern: a key of `PATTERNS`.
        shape: (rows, columns).
        scale: what the entries, of size about 1, are multiplied by.
        seed: the random seed of the entries.
    """
    unscaled = _drawn_once if math.prod(shape) <= KEPT else _drawn
    array: Array = unscaled(pattern, shape, seed) * scale
    return array


@lru_cache(maxsize=8192)
def _case_once(pattern: str, shape: tuple[int, ...], scale: float, seed: int) -> Array:
    """The same, kept: many laws try the same arrays."""
    return read_only(case(pattern, shape, scale, seed))


def _drawn(pattern: str, shape: tuple[int, ...], seed: int) -> Array:
    # After `nnfs.init()`, NumPy's zeros and identity matrices are float32.
    return PATTERNS[pattern](np.random.default_rng(seed), shape).astype(np.float64)


@lru_cache(maxsize=1024)
def _drawn_once(pattern: str, shape: tuple[int, ...], seed: int) -> Array:
    """The same, kept: they serve all scales."""
    return read_only(_drawn(pattern, shape, seed))


def gradient_cases(seed: int) -> Iterator[Case]:
    """Small arrays at every scale, then larger ones at a few, then a large one."""
    yield from zero_cases(seed)
    for shape in SMALL:
        for pattern in SCALED:
            for scale in SCALES[::2] if shape in ((1, 1), (2, 3)) else SCALES[::4]:
                yield Case(pattern, shape, scale, seed)
    for shape in LARGER:
        for number, pattern in enumerate((*SCALED, "identity", "zeros")):
            for scale in (1.0, (1e-4, 1e4)[number % 2]):
                yield Case(pattern, shape, scale, seed + 1)
    yield Case("normal", LARGE, 1.0, seed + 2)


def value_cases(seed: int) -> Iterator[Case]:
    """Small and larger arrays at every other scale, for laws that need few calls a case."""
    yield from zero_cases(seed)
    for shape in (*SMALL, *LARGER):
        for pattern in SCALED:
            for scale in SCALES[::2]:
                yield Case(pattern, shape, scale, seed)
    yield Case("normal", LARGE, 1.0, seed + 2)


def zero_cases(seed: int) -> Iterator[Case]:
    """Arrays of zeros, and of orthonormal rows or columns, where penalties attain their minimum."""
    for pattern in ("zeros", "identity"):
        for shape in SMALL:
            yield Case(pattern, shape, 1.0, seed)


def whole_cases(seed: int) -> Iterator[Case]:
    """Arrays without zeros and ties, square and large ones too, for laws on whole arrays."""
    for shape in (*SMALL, *LARGER):
        for scale in (1.0, 1e-3, 1e3) if shape in ((2, 3), (3, 3)) else (1.0,):
            yield Case("unrounded", shape, scale, seed)
    for shape in WIDE:
        yield Case("unrounded", shape, 1.0, seed + 1)


def ordinary_cases(seed: int) -> Iterator[Case]:
    """Well-conditioned arrays of every shape at size about 1, where only rounding differs."""
    for shape in (*SMALL, *LARGER, LARGE):
        yield Case("normal", shape, 1.0, seed)
