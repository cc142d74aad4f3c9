"""The model: layers in a row, a loss, and all parameters in one flat array."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from regkit.arguments import seed as checked_seed
from regkit.errors import InputError
from regkit.nn.layers import Dense, Layer
from regkit.nn.losses import Loss
from regkit.nn.passes import Passes
from regkit.nn.workspace import with_ones

Array = NDArray[Any]

BLOCK = 4096
"""Rows that a prediction or an evaluation takes through the network at a time."""


WEIGHTS_STREAM = 1


@dataclass(frozen=True)
class Evaluation:
    """How a model does on some data: the data loss and the accuracy, or for regression the R²."""

    data_loss: float
    accuracy: float | None = None
    r2: float | None = None


class Model:
    """Layers in a row and a loss.

    The layers are named by kind and number: `dense1`, `relu1`, `dense2`, … All parameters are
    views into the flat array `parameters`, all gradients into `gradients`, of the same order.

    Args:
        layers: at least one `Dense`; each layer takes what the one before gives.
        loss: the data loss, which works from the last layer's raw outputs.
        seed: where the weights start; ≥ 0.
        dtype: float32 or float64.

    Raises:
        InputError: the layers do not fit together, or an argument cannot be used.
    """

    def __init__(
        self, layers: Sequence[Layer], loss: Loss, seed: int = 0, dtype: DTypeLike = "float32"
    ) -> None:
        if not isinstance(loss, Loss):
            raise InputError(f"loss must be a loss such as SoftmaxCrossEntropy(), got {loss!r}")
        for layer in layers:
            if not isinstance(layer, Layer):
                raise InputError(f"layers must be layers such as Dense(2, 64), got {layer!r}")
            if layer.name or [other is layer for other in layers].count(True) > 1:
                raise InputError(f"a {layer.kind} layer is used twice: make a new one")
        self.layers = list(layers)
        self.loss = loss
        self.seed = checked_seed(seed)
        self.dtype = parameter_dtype(dtype)
        dense = [layer for layer in self.layers if isinstance(layer, Dense)]
        if not dense:
            raise InputError("a model needs at least one Dense layer")
        self.n_inputs = dense[0].n_inputs
        self.n_outputs = self._name_and_join()
        self.parameters = np.zeros(sum(layer.size for layer in dense), self.dtype)
        self.gradients = np.zeros_like(self.parameters)
        self._spans: dict[str, slice] = {}
        # A stream of its own: data sets and training draw from the bare seed.
        rng = np.random.default_rng([self.seed, WEIGHTS_STREAM])
        start = 0
        for layer in dense:
            span = slice(start, start + layer.size)
            layer.place(self.parameters[span], self.gradients[span])
            layer.initialize(rng)
            self._spans[layer.name] = span
            start = span.stop

    def __repr__(self) -> str:
        names = ", ".join(layer.name for layer in self.layers)
        return f"<Model {names}; {type(self.loss).__name__}; {self.parameters.size} parameters>"

    @property
    def parameter_layers(self) -> list[Dense]:
        """The layers that have parameters, in order."""
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    @property
    def trainable_spans(self) -> list[slice]:
        """The stretches of the flat arrays that belong to trainable layers, as long as they get."""
        spans: list[slice] = []
        for layer in self.parameter_layers:
            if not layer.trainable:
                continue
            start, stop = self._spans[layer.name].start, self._spans[layer.name].stop
            if spans and spans[-1].stop == start:
                start = spans.pop().start
            spans.append(slice(start, stop))
        return spans

    def span(self, layer: str, parameter: str) -> slice:
        """Where a layer's parameter lies in the flat arrays."""
        whole = self._spans[layer]
        (owner,) = (found for found in self.parameter_layers if found.name == layer)
        boundary = whole.start + owner.weights.size
        return {
            "weights": slice(whole.start, boundary),
            "biases": slice(boundary, whole.stop),
        }[parameter]

    def astype(self, dtype: DTypeLike) -> Model:
        """A copy of the model that computes in another dtype; its parameters are rounded to it."""
        layers = [copy.copy(layer) for layer in self.layers]
        for layer in layers:
            layer.name = ""
        other = Model(layers, self.loss, self.seed, dtype)
        other.parameters[...] = self.parameters
        return other

    def inputs(self, X: ArrayLike) -> Array:
        """X, (samples, n_inputs), as the first layer takes it: in the model's dtype, with ones.

        Raises:
            InputError: X is not such a table of finite numbers.
        """
        table = np.asarray(X)
        if table.ndim != 2 or table.shape[1] != self.n_inputs:
            raise InputError(
                f"X has shape {table.shape}, but the model takes (samples, {self.n_inputs})"
            )
        if table.dtype.kind not in "biuf":
            raise InputError(f"X must hold numbers, got {table.dtype}")
        with np.errstate(over="ignore"):  # What is too large for the dtype is refused below.
            inputs = with_ones(table, self.dtype)
        if not np.isfinite(inputs).all():
            raise InputError(f"X holds values that are not finite in {self.dtype}")
        return inputs

    def targets(self, y: ArrayLike, samples: int) -> Array:
        """Y as the loss takes it.

        Raises:
            InputError: y does not fit the loss, the outputs or the number of samples.
        """
        targets = self.loss.targets(y, self.n_outputs, self.dtype)
        if len(targets) != samples:
            raise InputError(f"X has {samples} rows, but y has {len(targets)}")
        return targets

    def predict(self, X: ArrayLike) -> Array:
        """Class numbers (n,), or numbers: (n,) for one output, else (n, n_outputs)."""
        return self.loss.predict(self._outputs(X))

    def predict_proba(self, X: ArrayLike) -> Array:
        """Probabilities, (n, classes).

        Raises:
            InputError: the loss is one of regression.
        """
        return self.loss.predict_proba(self._outputs(X))

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """The accuracy, or for regression the R² score."""
        evaluation = self.evaluate(X, y)
        return float(getattr(evaluation, self.loss.score_name))

    def evaluate(self, X: ArrayLike, y: ArrayLike) -> Evaluation:
        """The data loss (without penalties) and the score.

        Raises:
            InputError: there are no rows, or X and y do not fit.
        """
        inputs = self.inputs(X)
        targets = self.targets(y, len(inputs))
        return self.evaluate_prepared(inputs, targets)

    def evaluate_prepared(self, inputs: Array, targets: Array) -> Evaluation:
        """`evaluate` for what `inputs` and `targets` returned."""
        if not len(inputs):
            raise InputError("there are no rows to evaluate")
        passes = Passes(self)
        loss = tally = 0.0
        for rows in _blocks(len(inputs)):
            passes.measure(inputs[rows], targets[rows])
            loss += passes.data_loss(targets[rows]) * len(targets[rows])
            tally += passes.tally(targets[rows])
        score = self.loss.score(tally, targets)
        return Evaluation(loss / len(inputs), **{self.loss.score_name: score})

    def _outputs(self, X: ArrayLike) -> Array:
        inputs = self.inputs(X)
        passes = Passes(self)
        outputs = np.empty((len(inputs), self.n_outputs), self.dtype)
        for rows in _blocks(len(inputs)):
            outputs[rows] = passes.forward(inputs[rows])
        return outputs

    def _name_and_join(self) -> int:
        counts: dict[str, int] = {}
        features = self.n_inputs
        for layer in self.layers:
            counts[layer.kind] = counts.get(layer.kind, 0) + 1
            layer.name = f"{layer.kind}{counts[layer.kind]}"
            features = layer.n_outputs(features)
        return features


def parameter_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """float32 or float64, as NumPy's type.

    Raises:
        InputError: any other.
    """
    for known in (np.float32, np.float64):
        if dtype == np.dtype(known):
            return np.dtype(known)
    raise InputError(f"dtype must be float32 or float64, got {dtype!r}")


def _blocks(rows: int) -> Iterator[slice]:
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))
