"""Groups of runs that differ in their seed alone: their spread, and which are told apart."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from regkit.reports.drawings.drawing import Numbers
from regkit.reports.page.section import Listing
from regkit.studies.statistics.holm import holm
from regkit.studies.statistics.paired import PairedDifference, paired_difference
from regkit.studies.statistics.verdict import verdict


@dataclass(frozen=True)
class SeedGroup:
    """The scores of runs that differ in their seed alone.

    Attributes:
        name: what stands for them.
        scores: by seed and rows, which make pairs.
        test_to_train: held-out rows by training rows, if each seed splits one table anew.
    """

    name: str
    scores: Mapping[Hashable, float]
    test_to_train: float | None

    @property
    def mean(self) -> float:
        """Over the seeds."""
        return math.fsum(self.scores.values()) / len(self.scores)


def group_listing(groups: Sequence[SeedGroup], measured: str) -> Listing:
    """A row for each group.

    Args:
        groups: one or more.
        measured: the name of the score, with its rows.
    """
    return Listing(
        "Over the seeds",
        f"The {measured} of the runs that differ in their seed alone.",
        Numbers(
            ("runs", "seeds", "mean", "least", "largest"),
            [
                [
                    one.name,
                    str(len(one.scores)),
                    *(
                        f"{value:.4g}"
                        for value in (one.mean, min(one.scores.values()), max(one.scores.values()))
                    ),
                ]
                for one in groups
            ],
        ),
    )


def paired_verdicts(groups: Sequence[SeedGroup], measured: str) -> Iterator[str]:
    """A sentence for each group after the first, which it is compared with seed by seed.

    Nothing where two groups have not two seeds on the same rows in common.
    """
    base, *others = groups
    differences: dict[str, PairedDifference] = {}
    for one in others:
        both = [seed for seed in base.scores if seed in one.scores]
        if len(both) > 1:
            differences[one.name] = paired_difference(
                [one.scores[seed] for seed in both],
                [base.scores[seed] for seed in both],
                test_to_train=base.test_to_train,
            )
    adjusted = holm([found.p_value for found in differences.values()])
    for (name, found), p in zip(differences.items(), adjusted, strict=True):
        yield f"{name}: {verdict(base.name, found, p, about=f'by {measured}')}."
