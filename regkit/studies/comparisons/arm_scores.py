"""The scores of one arm of a comparison, by seed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regkit.runs.prepared import TEST
from regkit.studies.task import FAILED, Row


@dataclass(frozen=True)
class ArmScores:
    """One arm's scores.

    Attributes:
        name: the arm's.
        scores: the metric on the unseen rows, by seed.
        failed: the reason of each seed that failed.
        zeros: the mean share of weights that are exactly 0; NaN if no seed was finished.
        strengths: what tuning chose, by seed; empty if nothing was tuned.
    """

    name: str
    scores: Mapping[int, float]
    failed: Mapping[int, str]
    zeros: float
    strengths: Mapping[int, Mapping[str, float]]

    @property
    def mean(self) -> float:
        """The mean over the seeds; NaN if none was finished."""
        return math.fsum(self.scores.values()) / len(self.scores) if self.scores else math.nan

    @property
    def sd(self) -> float:
        """The standard deviation over the seeds, Σ(x − mean)²/(n − 1); NaN below two seeds."""
        if len(self.scores) < 2:
            return math.nan
        squares = math.fsum((score - self.mean) ** 2 for score in self.scores.values())
        return math.sqrt(squares / (len(self.scores) - 1))

    @property
    def tuned(self) -> dict[str, dict[str, float]]:
        """The least, the median and the largest of what tuning chose, by label."""
        found: dict[str, dict[str, float]] = {}
        for label in next(iter(self.strengths.values()), {}):
            chosen = sorted(one[label] for one in self.strengths.values())
            # The lower of two middle ones: a strength that was tried.
            middle = chosen[(len(chosen) - 1) // 2]
            found[label] = {"low": chosen[0], "median": middle, "high": chosen[-1]}
        return found


def arm_scores(name: str, rows: Sequence[Row], seeds: Sequence[int], metric: str) -> ArmScores:
    """The scores of this arm among the rows, which may be in any order."""
    by_seed = {row["seed"]: row for row in rows if row["arm"] == name}
    scores: dict[int, float] = {}
    failed: dict[int, str] = {}
    for seed in seeds:
        row = by_seed[seed]
        if FAILED in row:
            failed[seed] = row[FAILED]
        elif row[TEST][metric] is None or not math.isfinite(row[TEST][metric]):
            failed[seed] = f"its {metric} is not finite"
        else:
            scores[seed] = row[TEST][metric]
    done = [by_seed[seed] for seed in scores]
    shares = [row["zeros"] / row["weights"] for row in done]
    return ArmScores(
        name,
        scores,
        failed,
        math.fsum(shares) / len(shares) if shares else math.nan,
        {seed: by_seed[seed]["strengths"] for seed in scores if "strengths" in by_seed[seed]},
    )
