"""A sweep in columns and words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from regkit.studies.columns import columns
from regkit.studies.ranges import Range
from regkit.studies.sweep_trial import SweepTrial

MOST_TRIALS = 10
"""So many trials are shown, the best ones."""

MOST_REASONS = 3
"""So many reasons of failed trials are shown."""


def sweep_lines(
    metric: str,
    axes: Mapping[str, Range],
    ranked: Sequence[SweepTrial],
    trials: Sequence[SweepTrial],
    counts: Mapping[str, int],
    at_ends: Mapping[str, str],
    *,
    over: str,
) -> list[str]:
    """A table of the best trials, how the others ended, and the best one.

    Args:
        metric: by which trials are compared.
        axes: the range of each number by its title.
        ranked: the trials that have finished, the best first.
        trials: all of them.
        counts: by their state.
        at_ends: the numbers of the best trial at an end of their range.
        over: what their means are over, such as `3 seeds`.
    """
    return [
        *_table(metric, axes, ranked),
        "",
        f"{len(trials)} trials: "
        + ", ".join(f"{count} {state}" for state, count in counts.items()),
        *_failures(trials),
        *(_best(metric, ranked[0], over) if ranked else ["no trial has finished"]),
        *_ends(axes, ranked, at_ends),
    ]


def _table(metric: str, axes: Mapping[str, Range], ranked: Sequence[SweepTrial]) -> Iterator[str]:
    rows = [
        [
            str(one.number),
            *(f"{one.values[title]:.4g}" for title in axes),
            _figure(one.mean, one.error),
            _figure(one.test_mean, one.test_error),
        ]
        for one in ranked[:MOST_TRIALS]
    ]
    yield from columns([["trial", *axes, f"{metric}, mean ± SE", "test rows"], *rows])
    if len(ranked) > MOST_TRIALS:
        yield f"and {len(ranked) - MOST_TRIALS} more that have finished"


def _figure(mean: float, error: float) -> str:
    return f"{mean:.4g}" if math.isnan(error) else f"{mean:.4g} ± {error:.2g}"


def _failures(trials: Sequence[SweepTrial]) -> Iterator[str]:
    reasons = Counter(one.reason for one in trials if one.reason is not None)
    for reason, count in list(reasons.items())[:MOST_REASONS]:
        yield f"{count} failed: {reason}"
    if len(reasons) > MOST_REASONS:
        yield f"and {sum(list(reasons.values())[MOST_REASONS:])} for other reasons"


def _best(metric: str, best: SweepTrial, over: str) -> Iterator[str]:
    chosen = ", ".join(f"{title} {value:.4g}" for title, value in best.values.items())
    yield f"best: {best.name}, {chosen}"
    yield (
        f"its {metric} over {over} is {_figure(best.mean, best.error)} on the rows that chose it, "
        f"and {_figure(best.test_mean, best.test_error)} on test rows, by which nothing was chosen"
    )


def _ends(
    axes: Mapping[str, Range], ranked: Sequence[SweepTrial], at_ends: Mapping[str, str]
) -> Iterator[str]:
    for title, end in at_ends.items():
        yield (
            f"{title} {ranked[0].values[title]:.4g} lies at the {end} end of {axes[title]}: "
            "a wider range may hold better"
        )
