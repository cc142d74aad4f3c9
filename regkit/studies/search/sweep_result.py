"""What a sweep found, from its trials alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from regkit.data.frame_of_entries import frame_of_entries
from regkit.studies.counts import counted
from regkit.studies.measures import higher_is_better
from regkit.studies.ranges import Range
from regkit.studies.search.repeats import Repeat
from regkit.studies.search.sweep_text import (
    best_lines,
    counts_line,
    end_lines,
    failure_lines,
    sweep_lines,
)
from regkit.studies.search.trial import SweepTrial
from regkit.studies.task import Row

END = 0.05
"""A number lies near an end of its range if it is within this share of the range's length."""


@dataclass(frozen=True)
class SweepResult:
    """The result of `regkit.sweep`.

    Attributes:
        metric: by which trials are compared.
        sampler: that asked for them.
        axes: the range of each number by its title.
        trials: in the order in which they were asked for.
        repeats: of each trial that finished.
        rows: of all trainings.
        run: the folder of the best trial's run, if the study was saved.
    """

    metric: str
    sampler: str
    axes: Mapping[str, Range]
    trials: Sequence[SweepTrial]
    repeats: Sequence[Repeat]
    rows: Sequence[Mapping[str, Any]] = ()
    run: Path | None = None

    @property
    def best(self) -> SweepTrial | None:
        """The trial with the best mean on the rows that choose; None if none has finished."""
        return best_of(self.trials, self.metric)

    @property
    def counts(self) -> dict[str, int]:
        """How many trials have finished, were pruned, and failed."""
        found = Counter(one.state for one in self.trials)
        return {"finished": found["finished"], "pruned": found["pruned"], "failed": found["failed"]}

    @property
    def at_ends(self) -> dict[str, str]:
        """The numbers of the best trial at or near an end of their range, by title.

        The end is `lower` or `upper`.
        """
        if self.best is None:
            return {}
        found = {}
        for title, one in self.axes.items():
            t = one.position(self.best.values[title])
            if t <= END or t >= 1 - END:
                found[title] = "lower" if t <= END else "upper"
        return found

    def __str__(self) -> str:
        return "\n".join(
            sweep_lines(
                self.metric,
                self.axes,
                self.ranked(),
                self.trials,
                self.counts,
                self.at_ends,
                over=self._over(),
            )
        )

    def conclusions(self) -> list[str]:
        """The best trial and its figures, how the trials ended, and what to doubt."""
        ranked = self.ranked()
        return [
            *best_lines(self.metric, ranked, self._over()),
            *end_lines(self.axes, ranked, self.at_ends),
            counts_line(self.trials, self.counts),
            *failure_lines(self.trials),
        ]

    def ranked(self) -> list[SweepTrial]:
        """The trials that have finished, the best first."""
        sign = -1.0 if higher_is_better(self.metric) else 1.0
        done = [one for one in self.trials if one.state == "finished"]
        return sorted(done, key=lambda one: sign * one.mean)

    def to_frame(self) -> Any:
        """A data frame with a row for each trial, as `History.to_frame` gives them.

        Raises:
            DataError: neither pandas nor polars is installed.
        """
        entries = [one.as_dict() for one in self.trials]
        return frame_of_entries(entries, "a data frame of trials")

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        best = self.best
        return {
            "metric": self.metric,
            "sampler": self.sampler,
            "ranges": {title: asdict(one) for title, one in self.axes.items()},
            "repeats": [one.as_dict() for one in self.repeats],
            "counts": self.counts,
            "best": None if best is None else best.as_dict(),
            "at_ends": self.at_ends,
            "trials": [one.as_dict() for one in self.trials],
        }

    def with_run(self, run: Path) -> SweepResult:
        """The same result, with the folder of the best trial's run."""
        return replace(self, run=run)

    def _over(self) -> str:
        seeds = len({one.seed for one in self.repeats})
        folds = self.repeats[0].folds
        of_seeds = counted(seeds, "seed")
        if not folds:
            return of_seeds
        return f"{folds} folds" + (f" and {of_seeds}" if seeds > 1 else "")


def sweep_result(
    rows: Sequence[Row],
    *,
    metric: str,
    sampler: str,
    axes: Mapping[str, Range],
    repeats: Sequence[Repeat],
) -> SweepResult:
    """Judge the rows of a finished sweep: a trial that lacks repeats has failed or was pruned.

    Args:
        rows: in any order.
        metric: by which trials are compared.
        sampler: that asked for them.
        axes: the range of each number by its title.
        repeats: of each trial that finished.
    """
    named = {json.dumps(one.as_dict()): one for one in repeats}
    trials: dict[int, SweepTrial] = {}
    for row in rows:
        who = {key: row[key] for key in ("seed", "fold") if key in row}
        trial = trials.get(row["trial"]) or SweepTrial(row["trial"], row["values"])
        trials[trial.number] = trial.with_row(named[json.dumps(who)], row, metric)
    ended = [
        one
        if one.state == "failed"
        else replace(one, state="finished" if len(one.scores) == len(repeats) else "pruned")
        for _, one in sorted(trials.items())
    ]
    return SweepResult(metric, sampler, axes, ended, repeats, rows)


def best_of(trials: Sequence[SweepTrial], metric: str) -> SweepTrial | None:
    """The trial with the best mean among those that have finished, the first one of equals."""
    done = [one for one in trials if one.state == "finished"]
    sign = 1.0 if higher_is_better(metric) else -1.0
    return max(done, key=lambda one: sign * one.mean, default=None)
