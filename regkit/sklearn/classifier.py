"""The classifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.layers.dense import Init
from regkit.nn.losses import Loss, SoftmaxCrossEntropy
from regkit.nn.optimizers import Optimizer
from regkit.sklearn.class_weights import BALANCED, with_class_weights
from regkit.sklearn.estimator import RegularizedMLP
from regkit.sklearn.rows import checked_weights, weighted_rows
from regkit.training.plan import LrSchedule


class RegularizedMLPClassifier(ClassifierMixin, RegularizedMLP):
    """A network with penalties, trained on softmax cross-entropy.

    It minimizes Σ w_i · (−log p_i[y_i]) / Σ w_i plus the penalties, with p = softmax(outputs) and w
    the sample weights times the class weights. Two classes have two outputs, too. The other
    parameters and attributes are documented by `regkit.sklearn.estimator.RegularizedMLP`.

    Args:
        class_weight: weights by label, 1 for a label that is absent; `"balanced"` for the same
            total weight of each class; None for equal rows.

    Attributes:
        classes_: the labels, sorted, in the order of the outputs.
    """

    _loss: ClassVar[type[Loss]] = SoftmaxCrossEntropy
    _stratifies: ClassVar[bool] = True

    classes_: Array

    def __init__(
        self,
        hidden: Iterable[int] = (64,),
        regularizers: Iterable[object] = (),
        *,
        activation: str = "relu",
        dropout: float = 0.0,
        init: Init = "glorot",
        optimizer: str | Optimizer = "adam",
        lr: float | None = None,
        lr_schedule: LrSchedule | None = None,
        epochs: int = 200,
        batch_size: int | None = None,
        class_weight: Mapping[Any, float] | str | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int | None = 10,
        min_delta: float = 0.0,
        warm_start: bool = False,
        random_state: Any = None,
        dtype: str = "float64",
    ) -> None:
        super().__init__(
            hidden,
            regularizers,
            activation=activation,
            dropout=dropout,
            init=init,
            optimizer=optimizer,
            lr=lr,
            lr_schedule=lr_schedule,
            epochs=epochs,
            batch_size=batch_size,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            patience=patience,
            min_delta=min_delta,
            warm_start=warm_start,
            random_state=random_state,
            dtype=dtype,
        )
        self.class_weight = class_weight

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> RegularizedMLPClassifier:
        """Train a new network.

        Args:
            X: (n_samples, n_features).
            y: the label of each row: text, numbers or bools.
            sample_weight: (n_samples,), at least 0; only their ratios matter.

        Raises:
            ValueError: an argument or a parameter cannot be used; regkit's own are `InputError`.
            PluginError: a regularizer cannot be used, or fails.
            DivergenceError: the data loss, a penalty or a parameter is no longer finite.
        """
        inputs, targets = self._checked(X, y)
        check_classification_targets(targets)
        classes, numbers = np.unique(targets, return_inverse=True)
        if self.warm_start and hasattr(self, "classes_"):
            _require_same(classes, self.classes_, "warm_start")
        weights = checked_weights(sample_weight, len(inputs))
        weights = with_class_weights(self.class_weight, numbers, classes, weights)
        self._fit(weighted_rows(inputs, numbers, weights), len(classes))
        self.classes_ = classes
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> RegularizedMLPClassifier:
        """Train for one epoch on these rows; parameters, moments and schedules go on.

        After a fit it continues the fit's network; the first call otherwise makes a new one. `fit`
        with n epochs is n calls on the same rows. Early stopping and `warm_start` concern `fit`,
        and changes of the network's or the optimizer's parameters take effect in the next `fit`.

        Args:
            X: (n_samples, n_features).
            y: the label of each row.
            classes: all labels; required in the first call.
            sample_weight: (n_samples,); its ratios matter within a call, as those of `class_weight`
                do.

        Raises:
            ValueError: an argument or a parameter cannot be used; regkit's own are `InputError`.
            PluginError: a regularizer cannot be used, or fails.
            DivergenceError: the data loss, a penalty or a parameter is no longer finite.
        """
        first = not self.__sklearn_is_fitted__()
        if self.class_weight == BALANCED:
            raise InputError(
                "class_weight 'balanced' is not for partial_fit, which does not know all rows: "
                "give a mapping from label to weight"
            )
        labels = self._all_labels(classes)
        inputs, targets = self._checked(X, y, reset=first)
        check_classification_targets(targets)
        numbers = _numbers(targets, labels)
        weights = checked_weights(sample_weight, len(inputs))
        weights = with_class_weights(self.class_weight, numbers, labels, weights)
        self._continue(weighted_rows(inputs, numbers, weights), len(labels))
        self.classes_ = labels
        return self

    def predict(self, X: ArrayLike) -> Array:
        """The label of the largest output, (n_samples,)."""
        inputs = self._inputs(X)
        labels: Array = self.classes_[self.model_.predict(inputs)]
        return labels

    def predict_proba(self, X: ArrayLike) -> Array:
        """softmax(outputs), (n_samples, n_classes), in the order of `classes_`."""
        inputs = self._inputs(X)
        return self.model_.predict_proba(inputs)

    def _all_labels(self, classes: ArrayLike | None) -> Array:
        known: Array | None = getattr(self, "classes_", None)
        if classes is None:
            if known is None:
                raise InputError("the first partial_fit needs classes, the list of all labels")
            return known
        labels: Array = np.unique(column_or_1d(classes))
        if known is not None:
            _require_same(labels, known, "partial_fit")
        return labels


def _require_same(labels: Array, known: Array, what: str) -> None:
    if not np.array_equal(labels, known):
        raise InputError(
            f"{what} continues with the classes {known.tolist()}, but the given ones are "
            f"{labels.tolist()}"
        )


def _numbers(y: Array, classes: Array) -> Array:
    """The class number of each label.

    Raises:
        InputError: a label is none of the classes.
    """
    unknown = ~np.isin(y, classes)
    if unknown.any():
        raise InputError(
            f"y holds {y[unknown][:1].tolist()[0]!r}, which is none of the classes: "
            f"{classes.tolist()}"
        )
    numbers: Array = np.searchsorted(classes, y)
    return numbers
