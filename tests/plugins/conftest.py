"""A layer such as a run hands to hooks."""

from __future__ import annotations

import numpy as np
import pytest

from regkit import Dense, MeanSquaredError, Model
from regkit.nn.layers.seen_by_hooks import LayerSeenByHooks


@pytest.fixture
def layers() -> list[LayerSeenByHooks]:
    """Two trainable layers, their parameters read-only and their running sums writable."""
    dense = [Dense(3, 4), Dense(4, 1)]
    Model(dense, MeanSquaredError(), seed=1, dtype="float64")
    for one in dense:
        one.biases[...] = np.linspace(-1, 1, one.biases.size)
    return [LayerSeenByHooks(one) for one in dense]


@pytest.fixture
def layer(layers: list[LayerSeenByHooks]) -> LayerSeenByHooks:
    """The first of them."""
    return layers[0]
