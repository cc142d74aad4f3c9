"""What a comparison found, from its rows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regkit.data.frame_of_entries import frame_of_entries
from regkit.studies.comparisons.arm_scores import ArmScores, arm_scores
from regkit.studies.comparisons.comparison_text import comparison_lines
from regkit.studies.measures import higher_is_better
from regkit.studies.statistics.holm import holm
from regkit.studies.statistics.paired import PairedDifference, paired_difference
from regkit.studies.statistics.verdict import Verdict, verdict
from regkit.studies.task import Row


@dataclass(frozen=True)
class Comparison:
    """The result of `regkit.compare`.

    Attributes:
        metric: what is compared.
        baseline: the name of the arm that the others are compared with.
        seeds: in the order in which they were given.
        arms: the scores of each arm, by its name.
        differences: of each other arm minus the baseline, over the seeds that both finished; None
            where these are fewer than two.
        adjusted: their p values, corrected by Holm for the number of comparisons.
        verdicts: likewise, in words; each is text and has `told_apart` and `better`.
        test_to_train: rows tested by rows trained on, where each seed splits one table anew, so
            that Nadeau and Bengio's interval decides; None otherwise.
        same_test_rows: whether every seed is measured on the same rows.
        run: the folder of the winner's run, if the study was saved.
    """

    metric: str
    baseline: str
    seeds: Sequence[int]
    arms: Mapping[str, ArmScores]
    differences: Mapping[str, PairedDifference | None]
    adjusted: Mapping[str, float]
    verdicts: Mapping[str, Verdict]
    test_to_train: float | None
    same_test_rows: bool
    rows: Sequence[Row]
    run: Path | None = None

    @property
    def winner(self) -> str:
        """The arm with the best mean among those told better than the baseline; else that."""
        sign = 1.0 if higher_is_better(self.metric) else -1.0
        better = [name for name, found in self.verdicts.items() if found.better]
        return max(better, key=lambda name: sign * self.arms[name].mean, default=self.baseline)

    @property
    def run_seed(self) -> int | None:
        """The first seed that the winner finished, with which its run is trained; None if none."""
        return next(iter(self.arms[self.winner].scores), None)

    def __str__(self) -> str:
        return "\n".join(
            comparison_lines(
                self.metric,
                self.baseline,
                self.arms,
                self.differences,
                self.adjusted,
                self.verdicts,
            )
        )

    def to_frame(self) -> Any:
        """A data frame with a row for each cell, as `History.to_frame` gives them.

        Raises:
            DataError: neither pandas nor polars is installed.
        """
        return frame_of_entries(self.rows, "a data frame of cells")

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        return {
            "metric": self.metric,
            "baseline": self.baseline,
            "seeds": list(self.seeds),
            "arms": {
                name: {
                    "mean": arm.mean,
                    "sd": arm.sd,
                    "seeds": len(arm.scores),
                    "failed": {str(seed): reason for seed, reason in arm.failed.items()},
                    "zeros": arm.zeros,
                    **({"strengths": arm.tuned} if arm.strengths else {}),
                }
                for name, arm in self.arms.items()
            },
            "differences": {
                name: {
                    **({} if found is None else found.as_dict()),
                    "p_holm": self.adjusted.get(name),
                    "told_apart": self.verdicts[name].told_apart,
                    "verdict": str(self.verdicts[name]),
                }
                for name, found in self.differences.items()
            },
            "winner": self.winner,
            "test_to_train": self.test_to_train,
            "same_test_rows": self.same_test_rows,
        }


def comparison_of(
    rows: Sequence[Row],
    *,
    names: Sequence[str],
    baseline: str,
    seeds: Sequence[int],
    metric: str,
    test_to_train: float | None,
    same_test_rows: bool = False,
) -> Comparison:
    """Judge the rows of cells.

    Args:
        rows: in any order; arm and seed tell which cell each is of.
        names: of the arms, in order.
        baseline: one of them.
        seeds: of the study, in order.
        metric: what is compared.
        test_to_train: see `Comparison`.
        same_test_rows: likewise.
    """
    arms = {name: arm_scores(name, rows, seeds, metric) for name in names}
    reference = arms[baseline]
    differences: dict[str, PairedDifference | None] = {}
    lost: dict[str, int] = {}
    for name in names:
        if name == baseline:
            continue
        # By seed, never by position.
        both = [seed for seed in seeds if seed in arms[name].scores and seed in reference.scores]
        lost[name] = len(seeds) - len(both)
        differences[name] = (
            paired_difference(
                [arms[name].scores[seed] for seed in both],
                [reference.scores[seed] for seed in both],
                higher_is_better=higher_is_better(metric),
                test_to_train=test_to_train,
            )
            if len(both) > 1
            else None
        )
    told = {name: one.p_value for name, one in differences.items() if one is not None}
    adjusted = dict(zip(told, holm(list(told.values())), strict=True))
    verdicts = {
        name: verdict(
            baseline,
            one,
            adjusted.get(name),
            about=_about(test_to_train is not None, same_test_rows=same_test_rows),
            left_out=lost[name],
        )
        for name, one in differences.items()
    }
    return Comparison(
        metric,
        baseline,
        seeds,
        arms,
        differences,
        adjusted,
        verdicts,
        test_to_train,
        same_test_rows,
        rows,
    )


def _about(over_splits: bool, *, same_test_rows: bool) -> str:
    """What the seeds varied, where it is less than the data: the verdict goes no farther."""
    if over_splits:
        return "over splits of this table"
    return "on these test rows alone" if same_test_rows else ""
