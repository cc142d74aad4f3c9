"""The book's synthetic data sets, seeded per call.

They come from `nnfs.datasets`, which draws from NumPy's global generator: it is seeded for the
call and put back as it was. `nnfs.init()` is never called.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regkit.arguments import integer
from regkit.arguments import seed as checked_seed

Array = NDArray[Any]

MOST_CLASSES = 256
"""nnfs gives labels as uint8."""


def spiral(samples: int, classes: int, seed: int = 0) -> tuple[Array, Array]:
    """Interleaved spiral arms: X (samples · classes, 2), y (samples · classes,) of class numbers.

    Args:
        samples: rows for each class.
        classes: from 1 to 256.
        seed: gives the same arrays as seeding NumPy's global generator with it would.

    Raises:
        InputError: an argument is not an integer in its range.
    """
    from nnfs.datasets import spiral_data

    return _drawn(spiral_data, samples, classes, seed)


def vertical(samples: int, classes: int, seed: int = 0) -> tuple[Array, Array]:
    """Clouds of points beside each other: X (samples · classes, 2), y (samples · classes,).

    Args and errors as for `spiral`.
    """
    from nnfs.datasets import vertical_data

    return _drawn(vertical_data, samples, classes, seed)


def sine(samples: int) -> tuple[Array, Array]:
    """One period of a sine, for regression: X (samples, 1) in [0, 1), y (samples, 1) = sin(2πX).

    Raises:
        InputError: `samples` is not a positive integer.
    """
    from nnfs.datasets import sine_data

    X, y = sine_data(integer("samples", samples, least=1))
    return X, y


def _drawn(generate: Any, samples: int, classes: int, seed: int) -> tuple[Array, Array]:
    samples = integer("samples", samples, least=1)
    classes = integer("classes", classes, least=1, most=MOST_CLASSES)
    with _seeded(checked_seed(seed)):
        X, y = generate(samples, classes)
    return X, y


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)
