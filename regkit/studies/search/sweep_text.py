"""A sweep in columns and words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from regkit.studies.columns import columns
from regkit.studies.counts import counted
from regkit.studies.ranges import Range
from regkit.studies.search.trial import SweepTrial

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
        at_ends: the numbers of the best trial at or near an end of their range.
        over: what their means are over, such as `3 seeds`.
    """
    return [
        *_table(metric, axes, ranked),
        "",
        counts_line(trials, counts),
        *failure_lines(trials),
        *best_lines(metric, ranked, over),
        *end_lines(axes, ranked, at_ends),
    ]


def counts_line(trials: Sequence[SweepTrial], counts: Mapping[str, int]) -> str:
    """How many trials there were, and how they ended."""
    return f"{counted(len(trials), 'trial')}: " + ", ".join(
        f"{n} {state}" for state, n in counts.items()
    )


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


def failure_lines(trials: Sequence[SweepTrial]) -> Iterator[str]:
    """Why trials failed."""
    reasons = Counter(one.reason for one in trials if one.reason is not None)
    for reason, count in list(reasons.items())[:MOST_REASONS]:
        yield f"{count} failed: {reason}"
    if len(reasons) > MOST_REASONS:
        yield f"and {sum(list(reasons.values())[MOST_REASONS:])} for other reasons"


def best_lines(metric: str, ranked: Sequence[SweepTrial], over: str) -> Iterator[str]:
    """The best trial, its figure on the rows that chose it, and its honest one."""
    if not ranked:
        yield "no trial has finished"
        return
    first = ranked[0]
    chosen = ", ".join(f"{title} = {value:.4g}" for title, value in first.values.items())
    yield f"best: {first.name}, {chosen}"
    chose, honest = _figure(first.mean, first.error), _figure(first.test_mean, first.test_error)
    yield (
        f"its {metric} over {over} is {chose} on the rows that chose it, and {honest} on test "
        "rows, by which nothing was chosen"
    )


def end_lines(
    axes: Mapping[str, Range], ranked: Sequence[SweepTrial], at_ends: Mapping[str, str]
) -> Iterator[str]:
    """The numbers of the best trial at or near an end of their range."""
    for title, end in at_ends.items():
        number, axis = ranked[0].values[title], axes[title]
        where = "at" if number in (axis.low, axis.high) else "near"
        yield (
            f"{title} = {number:.4g} lies {where} the {end} end of {axis}: a wider range may hold "
            "better"
        )
