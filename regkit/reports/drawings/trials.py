"""The trials of a sweep: how the best one was found, and where in each range it lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator

from regkit.reports.drawings.along_strengths import use_logarithms
from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure
from regkit.reports.pictures.names import shortened
from regkit.reports.pictures.style import BLACK, BLUE, VERMILLION
from regkit.studies.measures import higher_is_better
from regkit.studies.search.sweep_result import SweepResult
from regkit.studies.search.trial import SweepTrial

MARGIN = 0.04
"""Of a range, left free beyond its ends."""


def history(found: SweepResult) -> Drawing:
    """The mean of each trial in the order of asking, and the best one so far."""
    figure, panel = new_figure()
    done = [one for one in found.trials if one.state == "finished"]
    pruned = [one for one in found.trials if one.state == "pruned"]
    panel.plot(*_points(pruned), "x", color=BLACK, markersize=4, label="pruned")
    panel.plot(*_points(done), "o", color=BLUE, markersize=4, label="finished")
    best = max if higher_is_better(found.metric) else min
    so_far = [best(one.mean for one in done[: at + 1]) for at in range(len(done))]
    numbers = [one.number for one in done]
    if done:  # It holds to the end, also where later trials were dropped.
        numbers, so_far = [*numbers, len(found.trials) - 1], [*so_far, so_far[-1]]
    panel.step(numbers, so_far, where="post", color=VERMILLION, label="best so far")
    _mark_integers(panel)
    panel.set_xlabel("trial")
    panel.set_ylabel(found.metric)
    figure.legend(loc="outside lower center", ncols=3)
    return Drawing(
        "Trials",
        figure,
        f"The {found.metric} of each trial on the rows that choose, in the order in which they "
        "were asked for. Crosses were dropped before their last repeat.",
        Numbers(
            ("trial", *found.axes, "state", "repeats", found.metric, "standard error", "test rows"),
            [_row(found, one) for one in found.trials],
        ),
        [_mark(found, panel, one, one.number) for one in (*done, *pruned)],
    )


def along(found: SweepResult, title: str) -> Drawing:
    """The trials along one of the ranges, with the best one marked."""
    figure, panel = new_figure()
    done = [one for one in found.trials if one.state == "finished"]
    panel.plot([one.values[title] for one in done], [one.mean for one in done], "o", color=BLUE)
    if found.best is not None:
        at = (found.best.values[title], found.best.mean)
        panel.plot(*at, "o", color=VERMILLION, markersize=9, fillstyle="none")
        panel.annotate("best", at, xytext=(6, 6), textcoords="offset points", color=VERMILLION)
    searched = found.axes[title]
    panel.set_xlim(*(replace(searched, integer=False).at(t) for t in (-MARGIN, 1 + MARGIN)))
    if searched.logarithmic:
        use_logarithms(panel)
    if searched.integer and not isinstance(panel.xaxis.get_major_locator(), LogLocator):
        _mark_integers(panel)
    panel.set_xlabel(shortened(title))
    panel.set_ylabel(found.metric)
    return Drawing(
        f"Along {title}",
        figure,
        f"The {found.metric} of the trials that finished, by {title}; the other numbers differ "
        f"from point to point. The axis is the range that was searched, {searched}.",
        Numbers(
            (title, found.metric),
            [
                [f"{one.values[title]:.4g}", f"{one.mean:.4g}"]
                for one in sorted(done, key=lambda one: one.values[title])
            ],
        ),
        [_mark(found, panel, one, one.values[title]) for one in done],
    )


def _mark_integers(panel: Axes) -> None:
    panel.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))


def _points(trials: Sequence[SweepTrial]) -> tuple[list[int], list[float]]:
    return [one.number for one in trials], [one.mean for one in trials]


def _row(found: SweepResult, one: SweepTrial) -> list[str]:
    return [
        str(one.number),
        *(f"{one.values[title]:.4g}" for title in found.axes),
        one.state if one.reason is None else f"failed: {one.reason}",
        str(len(one.scores)),
        *map(_shown, (one.mean, one.error, one.test_mean)),
    ]


def _mark(found: SweepResult, panel: Axes, one: SweepTrial, x: float) -> Mark:
    values = ", ".join(f"{title} {one.values[title]:.4g}" for title in found.axes)
    return Mark(panel, x, one.mean, f"trial {one.number}: {found.metric} {one.mean:.4g}, {values}")


def _shown(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"
