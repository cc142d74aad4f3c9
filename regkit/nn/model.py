"""The model: a sequence of layers, a loss, and all parameters in one flat array."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from regkit.arguments import path as as_path
from regkit.arguments import seed as checked_seed
from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.architecture import Architecture
from regkit.nn.class_labels import Labels, learned, numbers_of
from regkit.nn.given_arrays import NUMBERS, as_array, as_table
from regkit.nn.layer_stack import LayerStack
from regkit.nn.layers import Layer
from regkit.nn.layers.trial import require_shapes
from regkit.nn.losses import Loss
from regkit.nn.named_arrays import named_arrays
from regkit.nn.passes import Passes, blocks
from regkit.nn.score import Evaluation
from regkit.nn.workspace import with_ones
from regkit.sealed_arrays import write_sealed

MODEL_FORMAT = 1
"""The format of a model's file."""

WEIGHTS_STREAM = 1


class Model(LayerStack):
    """A sequence of layers and a loss.

    The layers are named by kind and number: `dense1`, `relu1`, `dense2`, … All parameters are
    views into the flat array `parameters`, all gradients into `gradients`, in the same order. A
    copy (by `copy`, pickle or `astype`) has its own layers and arrays, and trains as the original
    would.

    Args:
        layers: at least one with parameters, such as `Dense`; each takes the outputs of the one
            before.
        loss: the data loss, computed from the last layer's raw outputs.
        seed: the random seed of the initial weights; ≥ 0.
        dtype: float32 or float64.

    Raises:
        InputError: the layers do not fit together, or an argument cannot be used.

    Attributes:
        loss: the data loss.
        seed: the random seed.
        classes: the labels that class numbers stand for, if it was trained with labels; or None.
    """

    def __init__(
        self, layers: Iterable[Layer], loss: Loss, seed: int = 0, dtype: DTypeLike = "float32"
    ) -> None:
        if not isinstance(loss, Loss):
            raise InputError(f"loss must be a loss such as SoftmaxCrossEntropy(), got {loss!r}")
        super().__init__(layers, dtype)
        self.loss = loss
        self.classes: Labels | None = None
        self.seed = checked_seed(seed)
        self._training: Passes | None = None
        # A separate stream: data sets and training draw from the bare seed.
        rng = np.random.default_rng([self.seed, WEIGHTS_STREAM])
        for layer in self.parameter_layers:
            layer.initialize(rng)
        require_shapes(self.layers, self.n_inputs, self.dtype)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_training": None}

    @classmethod
    def of_architecture(cls, architecture: Architecture, classes: Sequence[type] = ()) -> Model:
        """A new model of an architecture, with initial parameters.

        Args:
            architecture: layers, loss and dtype.
            classes: layer and loss classes that are not regkit's.

        Raises:
            InputError: a class is missing, or rejects its settings.
        """
        layers, loss = architecture.parts(classes)
        return cls(layers, loss, dtype=architecture.dtype)

    def __repr__(self) -> str:
        names = ", ".join(layer.name for layer in self.layers)
        return f"<Model {names}; {type(self.loss).__name__}; {self.parameters.size} parameters>"

    def as_inputs(self, X: ArrayLike) -> Array:
        """`X`, (samples, n_inputs), in the model's dtype, with the last column of ones.

        Raises:
            InputError: X is not an array of finite numbers of this shape.
        """
        table = as_table(X, self.n_inputs)
        with np.errstate(over="ignore"):  # Values too large for the dtype are rejected below.
            inputs = with_ones(table, self.dtype)
        if not np.isfinite(inputs).all():
            raise InputError(f"X holds values that are not finite in {self.dtype}")
        return inputs

    def as_targets(self, y: ArrayLike, samples: int) -> Array:
        """`y` in the form that the loss computes with.

        Raises:
            InputError: y does not fit the loss, the outputs or the number of samples, or holds
                labels that are none of `classes`.
        """
        given = as_array("y", y)
        is_one_hot = given.ndim == 2 and given.shape[1] == self.n_outputs > 1
        if self.classes is not None and not is_one_hot:
            given = numbers_of(given, self.classes)
        elif given.dtype.kind not in NUMBERS:
            # A plain InputError where the loss takes no labels at all.
            learned(given, self.loss, self.n_outputs)
            raise InputError(
                "y holds labels, but the model knows none yet: train it with them, or call "
                "model.learn_classes(y)"
            )
        targets = self.loss.targets(given, self.n_outputs, self.dtype)
        if len(targets) != samples:
            raise InputError(f"X has {samples} rows, but y has {len(targets)}")
        return targets

    def learn_classes(self, y: ArrayLike) -> None:
        """Set `classes` to the distinct labels of y, sorted, if y holds text or bools.

        Training does so by itself. It does nothing if y holds numbers, and nothing if the model
        has learned its classes before.

        Raises:
            InputError: the loss takes no labels, or their number is not that of the classes.
        """
        if self.classes is None:
            self.classes = learned(as_array("y", y), self.loss, self.n_outputs)

    def forward(self, X: ArrayLike, *, rng: np.random.Generator | None = None) -> Array:
        """A forward pass for training: the last layer's raw outputs, (samples, n_outputs).

        `backward` continues it. For a loop of one's own; `regkit.train` is one that is checked.

        Args:
            X: (samples, n_inputs).
            rng: the generator of dropout; None for none.

        Raises:
            InputError: X is not an array of finite numbers of this shape.
        """
        if not (rng is None or isinstance(rng, np.random.Generator)):
            raise InputError(f"rng must be numpy.random.default_rng(seed) or None, got {rng!r}")
        inputs = self.as_inputs(X)
        if self._training is None or self._training.rng is not rng:
            self._training = Passes(self.layers, self.loss, self.dtype, rng=rng)
        return self._training.forward(inputs).copy()

    def backward(self, y: ArrayLike) -> float:
        """The backward pass of the last `forward`: writes `gradients`, and returns the data loss.

        Each layer's gradients of the data loss are then in `layer.gradients`, where those of
        penalties can be added.

        Args:
            y: the targets, one for each row of X.

        Raises:
            InputError: y does not fit, or `forward` was not called before.
        """
        passes = self._training
        if passes is None or passes.outputs is None:
            raise InputError("backward continues a forward pass: call model.forward(X) first")
        targets = self.as_targets(y, len(passes.outputs))
        passes.compare(targets)
        data_loss = passes.data_loss(targets)
        passes.backward(targets)
        return data_loss

    def save(self, path: str | Path) -> None:
        """Save the model to a file, which is replaced if it exists; `regkit.load` reads it.

        The file is a safetensors file with architecture, parameters and class labels, sealed by a
        checksum. No pickle is used.

        Raises:
            InputError: a layer or the loss cannot be rebuilt from its settings, or `path` is
                something else than a regular file.
            StorageError: it cannot be written; an earlier file is intact.
        """
        file = as_path("path", path)
        head = {
            "format": MODEL_FORMAT,
            "architecture": asdict(Architecture.of(self)),
            "classes": None if self.classes is None else list(self.classes),
            "seed": self.seed,
        }
        write_sealed(file, head, named_arrays(self.parameter_layers))

    def predict(self, X: ArrayLike) -> Array:
        """Labels or class numbers (n,), or numbers: (n,) for one output, else (n, n_outputs)."""
        predicted = self.loss.predict(self._outputs(X))
        return predicted if self.classes is None else np.array(self.classes)[predicted]

    def predict_proba(self, X: ArrayLike) -> Array:
        """Probabilities, (n, classes), in the order of `classes`.

        Raises:
            InputError: it has a regression loss.
        """
        return self.loss.predict_proba(self._outputs(X))

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """The accuracy, or for regression the R² score."""
        return self.evaluate(X, y).score.value

    def evaluate(self, X: ArrayLike, y: ArrayLike) -> Evaluation:
        """The data loss (without penalties) and the score.

        Raises:
            InputError: there are no rows, or X and y do not fit.
        """
        inputs = self.as_inputs(X)
        targets = self.as_targets(y, len(inputs))
        return self.evaluate_prepared(inputs, targets)

    def evaluate_prepared(
        self, inputs: Array, targets: Array, weights: Array | None = None
    ) -> Evaluation:
        """`evaluate` for the results of `as_inputs` and `as_targets`.

        `weights`, (samples,), of mean 1, weigh the samples in the data loss; None for equal ones.
        """
        return Passes(self.layers, self.loss, self.dtype).evaluation(inputs, targets, weights)

    def _outputs(self, X: ArrayLike) -> Array:
        inputs = self.as_inputs(X)
        passes = Passes(self.layers, self.loss, self.dtype)
        outputs = np.empty((len(inputs), self.n_outputs), self.dtype)
        for rows in blocks(len(inputs)):
            outputs[rows] = passes.forward(inputs[rows])
        return outputs
