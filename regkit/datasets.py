"""The synthetic data sets of Neural Networks from Scratch, drawn from a random seed.

The formulas are those of the book's package nnfs (chapter 3: spiral, 6: vertical, 17: sine), which
took the spiral from Andrej Karpathy's notes for CS231n,
https://cs231n.github.io/neural-networks-case-study/. The arrays equal those of nnfs bit for bit,
but every call draws from its own generator: NumPy's global generator is neither read nor
written, so calls from several threads do not disturb each other.

`nnfs.init()` is never called. It replaces `np.zeros`, `np.eye`, `np.dot` and `np.random.randn`
process-wide by functions that give float32, so none of them is used here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed
from regkit.array_types import Array
from regkit.errors import InputError
from regkit.memory import require_memory

MOST_CLASSES = 256
"""Labels are uint8, as in nnfs."""

DOUBLE = 8
"""Bytes of a float64."""

Seed = int | tuple[int, int]


def spiral(samples: int, classes: int, seed: Seed = 0) -> tuple[Array, Array]:
    """Interleaved spiral arms, one for each class.

    For class number c, with r and t evenly spaced over 0 … 1 and 4c … 4(c + 1), and ε ~ N(0, 1):

        X = (r sin 2.5(t + 0.2ε), r cos 2.5(t + 0.2ε))

    Args:
        samples: the number of rows of each class.
        classes: the number of classes, from 1 to 256.
        seed: an integer from 0 to 2³² − 1, for the arrays that nnfs gives after
            `np.random.seed(seed)`; or a tuple of two such integers, for arrays that no single
            integer gives: (seed, 1) draws new rows for a validation set.

    Returns:
        X, (samples · classes, 2) float64, and the class numbers y, (samples · classes,) uint8, in
        the order of the classes.

    Raises:
        InputError: an argument is not an integer in its range.
    """
    return _drawn(_spiral_arm, samples, classes, seed)


def vertical(samples: int, classes: int, seed: Seed = 0) -> tuple[Array, Array]:
    """Round clouds of points side by side, one for each class.

    For class number c, with ε and η ~ N(0, 1):

        X = (0.1ε + c/3, 0.1η + 0.5)

    Arguments, returned arrays and errors are those of `spiral`.
    """
    return _drawn(_cloud, samples, classes, seed)


def sine(samples: int, seed: Seed | None = None) -> tuple[Array, Array]:
    """One period of a sine, for regression: y = sin 2πX.

    Args:
        samples: the number of rows.
        seed: None for the book's X, evenly spaced in [0, 1); a seed, as for `spiral`, draws X
            uniformly from there, for a validation set.

    Returns:
        X and y, (samples, 1) float64 each.

    Raises:
        InputError: `samples` is not a positive integer, or `seed` is not a seed as for `spiral`.
    """
    from nnfs.datasets import sine_data

    samples = integer("samples", samples, least=1)
    require_memory(f"{samples} rows", samples * 2 * DOUBLE)
    X, y = sine_data(samples)
    if seed is None:
        return X, y
    drawn = _generator(seed).uniform(size=X.shape)
    return drawn, np.sin(2 * np.pi * drawn)


def _spiral_arm(rng: np.random.RandomState, label: int, samples: int) -> tuple[Array, Array]:
    radius = np.linspace(0, 1, samples)
    angle = 2.5 * (np.linspace(4 * label, 4 * (label + 1), samples) + 0.2 * rng.randn(samples))
    return radius * np.sin(angle), radius * np.cos(angle)


def _cloud(rng: np.random.RandomState, label: int, samples: int) -> tuple[Array, Array]:
    # nnfs draws all first coordinates of a class before its second ones.
    across = 0.1 * rng.randn(samples) + label / 3
    return across, 0.1 * rng.randn(samples) + 0.5


def _drawn(
    coordinates: Callable[[np.random.RandomState, int, int], tuple[Array, Array]],
    samples: int,
    classes: int,
    seed: Seed,
) -> tuple[Array, Array]:
    samples = integer("samples", samples, least=1)
    classes = integer("classes", classes, least=1, most=MOST_CLASSES)
    require_memory(f"{classes} classes of {samples} rows", classes * samples * 2 * DOUBLE)
    rng = _generator(seed)
    X = np.empty((classes, samples, 2))
    for label in range(classes):
        X[label, :, 0], X[label, :, 1] = coordinates(rng, label, samples)
    y = np.repeat(np.arange(classes, dtype=np.uint8), samples)
    return X.reshape(-1, 2), y


def _generator(seed: Seed) -> np.random.RandomState:
    if not isinstance(seed, tuple):
        return np.random.RandomState(checked_seed(seed))
    if len(seed) != 2:
        raise InputError(f"seed must be an integer or a tuple of two integers, got {seed!r}")
    return np.random.RandomState([checked_seed(one) for one in seed])
