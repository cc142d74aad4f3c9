"""How a run's model does on some data, in detail and in the target's own units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.data import Preparation
from regkit.nn.model import Model
from regkit.nn.score import Evaluation


@dataclass(frozen=True)
class ClassScores:
    """How well one class is recognized.

    Attributes:
        label: the class.
        precision: the fraction of rows predicted as this class that are; NaN if none is predicted.
        recall: the fraction of rows of this class that are predicted as such; NaN if there are
            none.
        f1: the harmonic mean of both, 2 · hits / (rows predicted + rows there are); NaN if that
            is 0 / 0.
        support: the number of rows of this class.
    """

    label: Any
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, eq=False)
class ClassificationReport:
    """The classes in detail.

    Attributes:
        labels: the classes, in order.
        confusion: (classes, classes): rows by true class, columns by predicted class.
        auc: the area under the ROC curve of the second class, for two classes that both occur;
            otherwise None. It is the probability that a row of the second class gets a higher
            probability for it than one of the first, ties counting half (Hanley & McNeil 1982).
    """

    labels: Sequence[Any]
    confusion: Array
    auc: float | None

    @property
    def per_class(self) -> list[ClassScores]:
        """Precision, recall, F1 and support of each class."""
        hits, predicted = np.diag(self.confusion), self.confusion.sum(axis=0)
        support = self.confusion.sum(axis=1)
        return [
            ClassScores(
                label,
                _ratio(hits[i], predicted[i]),
                _ratio(hits[i], support[i]),
                _ratio(2 * hits[i], predicted[i] + support[i]),
                int(support[i]),
            )
            for i, label in enumerate(self.labels)
        ]

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data; NaN becomes None."""
        per_class = [
            {name: _or_none(value) for name, value in vars(one).items()} for one in self.per_class
        ]
        return {
            "classes": list(self.labels),
            "confusion": self.confusion.tolist(),
            "per_class": per_class,
            "auc": self.auc,
        }


@dataclass(frozen=True)
class DetailedEvaluation(Evaluation):
    """Data loss and score, and what they are made of.

    Attributes:
        data_loss: in the units that training minimizes: of the standardized target, if it was.
        rmse: √(mean squared error) in the target's own units; None for classification.
        report: the classes in detail; None for regression.
    """

    rmse: float | None = None
    report: ClassificationReport | None = field(default=None, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The evaluation as plain data."""
        report = {} if self.report is None else self.report.as_dict()
        return {**self.measures(), **report}

    def measures(self) -> dict[str, float]:
        """Score and losses alone, as plain data."""
        rmse = {} if self.rmse is None else {"rmse": self.rmse}
        return {**self.score.as_dict(), "loss": self.data_loss, **rmse}

    def __str__(self) -> str:
        rmse = "" if self.rmse is None else f"rmse {self.rmse:.4g}, "
        return f"{self.score}, {rmse}loss {self.data_loss:.3f}"


def detailed_evaluation(
    model: Model, preparation: Preparation, X: Array, y: Array
) -> DetailedEvaluation:
    """Evaluate a model on prepared inputs and targets.

    Args:
        model: the model.
        preparation: that of its inputs and targets.
        X: what `preparation.transform` returned.
        y: what `preparation.targets` returned.

    Raises:
        InputError: there are no rows, or the arrays do not fit.
    """
    plain = model.evaluate(X, y)
    if preparation.task == "regression":
        squared = plain.score.name == "r2"
        rmse = math.sqrt(plain.data_loss) * preparation.target_scale if squared else None
        return DetailedEvaluation(plain.data_loss, plain.score, rmse=rmse)
    probabilities = model.predict_proba(X)
    count = len(preparation.classes)
    predicted = probabilities.argmax(axis=1)
    truth = y.astype(np.intp)
    pairs = np.bincount(truth * count + predicted, minlength=count * count)
    report = ClassificationReport(
        preparation.classes,
        pairs.reshape(count, count),
        _auc(probabilities[:, 1], truth == 1) if count == 2 else None,
    )
    return DetailedEvaluation(plain.data_loss, plain.score, report=report)


def _auc(scores: Array, positive: Array) -> float | None:
    """The Mann–Whitney statistic of the scores, divided by the number of pairs."""
    positives = int(np.count_nonzero(positive))
    negatives = len(positive) - positives
    if not positives or not negatives:
        return None
    _, tied, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = float(mean_ranks[tied][positive].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan


def _or_none(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
