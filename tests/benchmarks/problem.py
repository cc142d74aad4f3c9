"""What all contenders compute: data, a network, where it starts, a penalty, and Adam."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

import regkit as rk

ACTIVATIONS = {
    "relu": lambda values: np.maximum(values, 0),
    "tanh": np.tanh,
    "sigmoid": lambda values: 1 / (1 + np.exp(-values)),
}
Parameters = list[tuple[np.ndarray, np.ndarray]]
"""Weights (n_inputs, n_neurons) and biases (1, n_neurons) of each layer."""


@dataclass(frozen=True)
class Problem:
    """A training to run; `penalized` says of each layer whether (weights, biases) are penalized.

    The loss is the mean cross-entropy (or, for `squared_error`, the mean of (output − y)²) plus
    l1 · Σ|w| + l2 · Σw² over what is penalized. The activation stands between the layers. The
    learning rate of step t, from 0, is lr / (1 + decay · t). Without a `batch_size` a step takes
    all rows; otherwise rows are shuffled anew for every epoch.
    """

    X: np.ndarray
    y: np.ndarray
    sizes: tuple[int, ...]
    penalized: tuple[tuple[bool, bool], ...]
    l1: float = 0.0
    l2: float = 0.0
    lr: float = 0.001
    decay: float = 0.0
    epsilon: float = 1e-7
    batch_size: int | None = None
    scale: float | None = None
    activation: str = "relu"
    squared_error: bool = False

    def start(self) -> Parameters:
        """The parameters to start from, in float32: He's scale where none is given."""
        rng = np.random.default_rng(0)
        return [
            (
                (self.scale or np.sqrt(2 / n_inputs)) * rng.standard_normal((n_inputs, n_neurons)),
                np.zeros((1, n_neurons)),
            )
            for n_inputs, n_neurons in pairwise(self.sizes)
        ]

    def loss(self, parameters: Parameters) -> float:
        """The loss over all rows, in float64 and straight from the formulas."""
        values = self.X.astype(np.float64)
        penalty = 0.0
        last = len(parameters) - 1
        for index, (layer, flags) in enumerate(zip(parameters, self.penalized, strict=True)):
            weights, biases = (array.astype(np.float64) for array in layer)
            values = values @ weights + biases.reshape(1, -1)
            if index < last:
                values = ACTIVATIONS[self.activation](values)
            for array, counts in zip((weights, biases), flags, strict=True):
                penalty += counts * (self.l1 * np.abs(array).sum() + self.l2 * (array**2).sum())
        if self.squared_error:
            return float(np.mean((values - self.y) ** 2) + penalty)
        values -= values.max(axis=1, keepdims=True)
        logarithms = np.log(np.exp(values).sum(axis=1)) - values[np.arange(len(self.y)), self.y]
        return float(logarithms.mean() + penalty)

    def unpenalized(self) -> "Problem":
        """The same without a penalty."""
        return replace(self, l1=0.0, l2=0.0)

    def one_batch(self) -> "Problem":
        """The same on the rows of one batch, so that the order of rows makes no difference."""
        rows = slice(self.batch_size)
        return replace(self, X=self.X[rows], y=self.y[rows])


def chapter(samples: int = 1000) -> Problem:
    """The chapter's job: a spiral, 2-64-3, L2 on the first layer's weights and biases."""
    X, y = rk.datasets.spiral(samples=samples, classes=3, seed=0)
    return Problem(
        X.astype(np.float32),
        y.astype(np.int64),
        sizes=(2, 64, 3),
        penalized=((True, True), (False, False)),
        l2=5e-4,
        lr=0.05,
        decay=5e-7,
        scale=0.01,
    )


def chapter_variant(samples: int = 1000) -> Problem:
    """The chapter's job as scikit-learn and Keras can do it.

    scikit-learn penalizes all weights and no biases, and has no such decay. Both add Adam's ε to
    another quantity than the book does, so here it is too small to matter.
    """
    return replace(
        chapter(samples), penalized=((True, False), (True, False)), decay=0.0, epsilon=1e-12
    )


def narrow(
    n_inputs: int = 2,
    n_neurons: int = 64,
    n_outputs: int = 3,
    *,
    activation: str = "relu",
    squared_error: bool = False,
    batch_size: int | None = None,
) -> Problem:
    """The chapter's network with other ends, activation, loss or batches, on random rows."""
    rng = np.random.default_rng(2)
    rows = 3000 if batch_size is None else 10 * batch_size
    X = rng.standard_normal((rows, n_inputs), dtype=np.float32)
    y = rng.integers(0, n_outputs, rows)
    return Problem(
        X,
        rng.standard_normal((rows, n_outputs), dtype=np.float32) if squared_error else y,
        sizes=(n_inputs, n_neurons, n_outputs),
        penalized=((True, True), (False, False)),
        l2=5e-4,
        lr=0.01,
        batch_size=batch_size,
        activation=activation,
        squared_error=squared_error,
    )


def wide(l1: float = 5e-6, l2: float = 5e-6, rows: int = 2560) -> Problem:
    """784-512-512-10, batches of 128, an elastic net on all weights."""
    rng = np.random.default_rng(1)
    return Problem(
        rng.standard_normal((rows, 784), dtype=np.float32),
        rng.integers(0, 10, rows),
        sizes=(784, 512, 512, 10),
        penalized=((True, False),) * 3,
        l1=l1,
        l2=l2,
        batch_size=128,
    )
