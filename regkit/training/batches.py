"""The batches of an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from regkit.array_types import Array


class Batch(NamedTuple):
    """Rows that pass through the network together, and their sample weights, if there are any."""

    inputs: Array
    targets: Array
    weights: Array | None
    last: bool


class Batches:
    """All rows at once, or mini-batches that are reshuffled each epoch.

    Args:
        inputs: what `Model.inputs` returned.
        targets: what `Model.targets` returned.
        weights: what `mean_one` returned; None for equal weights.
        size: rows in a batch; None for all. The last batch may be smaller.
        rng: shuffles; unused without a size.
    """

    def __init__(
        self,
        inputs: Array,
        targets: Array,
        weights: Array | None,
        size: int | None,
        rng: np.random.Generator,
    ) -> None:
        # All rows at once: samples contiguous, as in the layers, which makes the first layer's
        # products up to twice as fast. Mini-batches are gathered row by row.
        self.inputs = np.asfortranarray(inputs) if size is None else inputs
        self.targets = targets
        self.weights = weights
        self.size = size
        self.rng = rng
        self._gathered = None if size is None else np.empty((size, inputs.shape[1]), inputs.dtype)

    def epoch(self) -> Iterator[Batch]:
        """The next epoch's batches; each is valid until the next is requested."""
        if self._gathered is None or self.size is None:
            yield Batch(self.inputs, self.targets, self.weights, last=True)
            return
        order = self.rng.permutation(len(self.inputs))
        for start in range(0, len(order), self.size):
            rows = order[start : start + self.size]
            inputs = self._gathered[: len(rows)]
            # mode="clip" lets NumPy write straight into `out`; the rows are in range anyway.
            self.inputs.take(rows, axis=0, out=inputs, mode="clip")
            weights = None if self.weights is None else self.weights.take(rows)
            targets = self.targets.take(rows, axis=0)
            yield Batch(inputs, targets, weights, last=start + self.size >= len(order))
