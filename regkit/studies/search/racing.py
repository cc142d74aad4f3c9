"""Which trials of a sweep are dropped before their last repeat: a race by paired t tests."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.studies.search.trial import SweepTrial
from regkit.studies.statistics.paired import paired_difference

LEVEL = 0.05
"""The level of the one-sided test by which a trial is dropped."""


def worse_trials(
    running: Sequence[SweepTrial],
    champion: SweepTrial | None,
    *,
    higher_is_better: bool,
    test_to_train: float | None = None,
) -> set[int]:
    """The numbers of the trials that are told worse than the best one.

    The best one has the best mean over the repeats that all have had. Each other is compared with
    it on the same repeats, by a one-sided paired t test at `LEVEL`; a repeat that is hard for all
    counts for nothing.

    Args:
        running: trials with the same repeats, at least two of these.
        champion: the best of those that have finished, with these repeats among its own, if there
            is one.
        higher_is_better: false for losses and errors.
        test_to_train: see `paired_difference`.

    Source: M. Birattari, T. Stützle, L. Paquete, K. Varrentrapp, "A racing algorithm for
    configuring metaheuristics", GECCO 2002, with the t test in place of Friedman's, as the t-race
    of irace has it.
    """
    if not running:
        return set()
    repeats = list(running[0].scores)
    sign = 1.0 if higher_is_better else -1.0
    contenders = [*([] if champion is None else [champion]), *running]
    best = max(contenders, key=lambda one: sign * one.mean_over(repeats))
    worse = set()
    for one in running:
        if one is best:
            continue
        found = paired_difference(
            [one.scores[repeat] for repeat in repeats],
            [best.scores[repeat] for repeat in repeats],
            higher_is_better=higher_is_better,
            test_to_train=test_to_train,
        )
        if sign * found.mean < 0 and found.p_value / 2 < LEVEL:
            worse.add(one.number)
    return worse
