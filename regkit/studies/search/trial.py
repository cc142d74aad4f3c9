"""One trial of a sweep: numbers that were tried, and how they did in each repeat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from regkit.runs.prepared import TEST, VALIDATION
from regkit.studies.search.repeats import Repeat
from regkit.studies.task import FAILED, Row

State = Literal["running", "finished", "pruned", "failed"]


@dataclass(frozen=True)
class SweepTrial:
    """One trial.

    Attributes:
        number: from 0, in the order in which they were asked for.
        values: its numbers by title, such as `{"l2@dense1": 0.003, "lr": 0.02}`.
        scores: the metric on the rows that choose, by repeat.
        test_scores: on the rows by which nothing is chosen, likewise.
        state: `finished` with every repeat, `pruned` or `failed` before.
        reason: why it failed; None if it did not.
    """

    number: int
    values: Mapping[str, float]
    scores: Mapping[Repeat, float] = field(default_factory=dict)
    test_scores: Mapping[Repeat, float] = field(default_factory=dict)
    state: State = "running"
    reason: str | None = None

    @property
    def name(self) -> str:
        """Such as `trial 3`."""
        return f"trial {self.number}"

    @property
    def mean(self) -> float:
        """The mean over the repeats, by which trials are compared; NaN without any."""
        return _mean(list(self.scores.values()))

    @property
    def error(self) -> float:
        """Its standard error over splits, or over folds where there are some; NaN below two."""
        return _error(self.scores)

    @property
    def test_mean(self) -> float:
        """The mean on the rows by which nothing was chosen; NaN without any."""
        return _mean(list(self.test_scores.values()))

    @property
    def test_error(self) -> float:
        """Its standard error, likewise."""
        return _error(self.test_scores)

    def mean_over(self, repeats: Sequence[Repeat]) -> float:
        """The mean over some of its repeats."""
        return _mean([self.scores[one] for one in repeats])

    def with_row(self, repeat: Repeat, row: Row, metric: str) -> SweepTrial:
        """The trial after one more repeat; it has failed if that did."""
        if FAILED in row:
            return replace(self, state="failed", reason=self.reason or row[FAILED])
        score = row[VALIDATION][metric]
        if score is None or not math.isfinite(score):
            reason = self.reason or f"its {metric} is not finite"
            return replace(self, state="failed", reason=reason)
        test = row[TEST][metric]
        return replace(
            self,
            scores={**self.scores, repeat: score},
            test_scores={**self.test_scores, repeat: math.nan if test is None else test},
        )

    def as_dict(self) -> dict[str, Any]:
        """The trial as plain data."""
        return {
            "trial": self.number,
            "values": dict(self.values),
            "state": self.state,
            "repeats": len(self.scores),
            "mean": self.mean,
            "error": self.error,
            "test_mean": self.test_mean,
            "test_error": self.test_error,
            **({} if self.reason is None else {FAILED: self.reason}),
        }


def _mean(scores: Sequence[float]) -> float:
    return math.fsum(scores) / len(scores) if scores else math.nan


def _error(scores: Mapping[Repeat, float]) -> float:
    """sd/√n of n splits or folds; seeds on one fold say nothing of other rows, and are averaged."""
    together: dict[int, list[float]] = {}
    for repeat, score in scores.items():
        together.setdefault(repeat.seed if repeat.fold is None else repeat.fold, []).append(score)
    means = [_mean(one) for one in together.values()]
    if len(means) < 2:
        return math.nan
    middle = _mean(means)
    variance = math.fsum((one - middle) ** 2 for one in means) / (len(means) - 1)
    return math.sqrt(variance / len(means))
