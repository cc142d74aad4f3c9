"""What a path found, from its rows alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from regkit.data.frame_of_entries import frame_of_entries
from regkit.runs.prepared import TEST
from regkit.studies.choice import choose
from regkit.studies.measures import higher_is_better
from regkit.studies.paths.leaving import leaving
from regkit.studies.paths.path_points import PathPoints
from regkit.studies.paths.path_row import OF_ALL_ROWS
from regkit.studies.paths.path_text import path_lines
from regkit.studies.task import FAILED, Row

Rule = Literal["1se", "min"]
RULES: tuple[Rule, ...] = ("1se", "min")


@dataclass(frozen=True)
class PathResult(PathPoints):
    """The result of `regkit.path`; sequences go by strength, ascending.

    Attributes:
        metric: what the means are of.
        strengths: ascending.
        means: the metric over the folds that finished; NaN where these are fewer than two.
        errors: its standard error, sd/√folds.
        finished_folds: how many folds finished, each with all seeds.
        folds: their number. Strengths that some did not finish are not compared with others.
        nonzeros: how many of the selected parameters are not 0, trained on all training rows; None
            where that failed.
        selected: the number of these parameters.
        distances: from stationarity, likewise; NaN where the training failed.
        converged: whether that is within the tolerance.
        folds_converged: whether it is within that of each fold and seed.
        tolerance: of the distance, on all training rows; NaN where that training failed.
        asked_tolerance: the share of the gradient where the chain begins that was asked for.
        inputs: the least strength from which on each input is out; None if it stays.
        neurons: likewise by hidden layer, by the neuron's number.
        input_weights: the weight of each input at each strength, trained on all training rows; NaN
            where that failed.
        neuron_weights: of each hidden layer, by strength: the norms of its neurons' weights.
        norms: whether the former are the norms of several weights each.
        train_losses: data loss and loss on the rows trained on, by strength.
        failures: how many trainings failed, by the reason.
        choice: by glmnet's rule among the strengths that every fold finished; None without any.
        rule: which of its two strengths the run has.
        rows: of all trainings.
        run: the folder of the chosen model, if the study was saved.
        notes: what was chosen for the user, such as mode `prox`, in words.
    """

    rule: Rule
    rows: Sequence[Row]
    run: Path | None = None
    notes: Sequence[str] = ()

    @property
    def chosen(self) -> float:
        """The one of the two that the run has."""
        return self.lambda_1se if self.rule == "1se" else self.lambda_min

    def __str__(self) -> str:
        return "\n".join(path_lines(self))

    def to_frame(self) -> Any:
        """A data frame with a row for each training, as `History.to_frame` gives them.

        Raises:
            DataError: neither pandas nor polars is installed.
        """
        left_out = OF_ALL_ROWS
        rows = [{k: v for k, v in row.items() if k not in left_out} for row in self.rows]
        return frame_of_entries(rows, "a data frame of a path")

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        return {
            "metric": self.metric,
            "strengths": list(self.strengths),
            "means": list(self.means),
            "errors": list(self.errors),
            "finished_folds": list(self.finished_folds),
            "folds": self.folds,
            "nonzeros": list(self.nonzeros),
            "selected": self.selected,
            "distances": list(self.distances),
            "converged": list(self.converged),
            "folds_converged": list(self.folds_converged),
            "tolerance": self.tolerance,
            "asked_tolerance": self.asked_tolerance,
            "lambda_min": self.lambda_min,
            "lambda_1se": self.lambda_1se,
            "chosen": self.chosen,
            "failures": dict(self.failures),
            "inputs": dict(self.inputs),
            "neurons": {
                layer: {str(number): one for number, one in at.items()}
                for layer, at in self.neurons.items()
            },
            "input_weights": {name: list(one) for name, one in self.input_weights.items()},
            "norms": self.norms,
        }

    def with_run(self, run: Path) -> PathResult:
        """The same result, with the folder of the chosen model."""
        return replace(self, run=run)


def path_result(
    rows: Sequence[Row],
    *,
    metric: str,
    folds: int,
    rule: Rule,
    tolerance: float,
    notes: Sequence[str] = (),
) -> PathResult:
    """Judge the rows of a path's chains.

    Args:
        rows: of all chains; those with fold None are of the one on all training rows.
        metric: by which strengths are chosen.
        folds: their number.
        rule: which of the two choices the run has.
        tolerance: a share of the gradient where a chain begins.
        notes: see `PathResult`.
    """
    strengths = sorted({row["strength"] for row in rows})
    master = {row["strength"]: row for row in rows if row["fold"] is None}
    at = [master[strength] for strength in strengths]
    in_folds = {
        strength: [row for row in rows if row["strength"] == strength and row["fold"] is not None]
        for strength in strengths
    }
    summaries = [_over_folds(in_folds[strength], metric) for strength in strengths]
    means, errors = ([one[place] for one in summaries] for place in (0, 1))
    counts = [_finished(in_folds[strength]) for strength in strengths]
    comparable = [
        mean if count == folds else math.nan for mean, count in zip(means, counts, strict=True)
    ]
    # Where a training failed nobody knows what would have been in use.
    sound = [row for row in at if FAILED not in row]
    names = sound[0]["columns"] if sound else ()
    widths: Mapping[str, int] = sound[0]["widths"] if sound else {}
    finished = [row["strength"] for row in sound]
    known = any(not math.isnan(mean) for mean in comparable)
    return PathResult(
        metric,
        strengths,
        means,
        errors,
        counts,
        folds,
        [row.get("nonzeros") for row in at],
        next((row["selected"] for row in at if "selected" in row), 0),
        [_number(row.get("distance")) for row in at],
        [bool(row.get("converged")) for row in at],
        [
            all(row["converged"] for row in in_folds[strength] if FAILED not in row)
            for strength in strengths
        ],
        next((row["tolerance"] for row in at if "tolerance" in row), math.nan),
        tolerance,
        leaving(finished, [row["inputs"] for row in sound], names),
        {
            layer: leaving(finished, [row["neurons"][layer] for row in sound], range(width))
            for layer, width in widths.items()
        },
        {
            name: [math.nan if FAILED in row else row["input_weights"][number] for row in at]
            for number, name in enumerate(names)
        },
        {
            layer: [
                [math.nan] * width if FAILED in row else row["neuron_weights"][layer] for row in at
            ]
            for layer, width in widths.items()
        },
        any(row["norms"] for row in sound),
        [_train_losses(row) for row in at],
        Counter(row[FAILED] for row in rows if FAILED in row),
        choose(strengths, comparable, errors, higher_is_better(metric)) if known else None,
        rule,
        rows,
        notes=notes,
    )


def _over_folds(rows: Sequence[Row], metric: str) -> tuple[float, float]:
    """Mean and standard error over the folds, of each fold's mean over the seeds."""
    by_fold: dict[int, list[float]] = {}
    for row in rows:
        if FAILED not in row:
            by_fold.setdefault(row["fold"], []).append(_number(row[TEST][metric]))
    found = [math.fsum(one) / len(one) for _, one in sorted(by_fold.items())]
    if len(found) < 2 or not all(map(math.isfinite, found)):
        return math.nan, math.nan
    mean = math.fsum(found) / len(found)
    variance = math.fsum((one - mean) ** 2 for one in found) / (len(found) - 1)
    return mean, math.sqrt(variance / len(found))


def _train_losses(row: Row) -> tuple[float, float]:
    """Data loss and loss on the rows trained on; NaN if the training failed."""
    found = row.get("train", {})
    return _number(found.get("data_loss")), _number(found.get("loss"))


def _finished(rows: Sequence[Row]) -> int:
    """How many folds finished with every seed."""
    return len({row["fold"] for row in rows} - {row["fold"] for row in rows if FAILED in row})


def _number(value: float | None) -> float:
    return math.nan if value is None else value
