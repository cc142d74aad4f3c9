"""Data loss against penalty: what is paid in one for the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from regkit.reports.drawings.drawing import MOST_MARKS, Drawing, Mark, Numbers, new_figure
from regkit.reports.drawings.thinning import MOST_POINTS, MOST_ROWS, kept
from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.plain_ticks import LEAST_SPAN, PlainTicks
from regkit.reports.pictures.style import BLACK, BLUE
from regkit.studies.paths.path_points import PathPoints

MOST_TICKS = 5
"""So many intervals between numbers fit below the picture, small ones with many digits too."""


def over_epochs(history: Curves) -> Drawing:
    """The way of a training, from its first record to its last."""
    losses = history.training.data_loss
    penalties = history.loss - losses
    return _drawing(
        [f"epoch {epoch}" for epoch in history.epochs],
        [float(one) for one in penalties],
        [float(one) for one in losses],
        "The way of the training",
        ("start", "end"),
    )


def over_strengths(path: PathPoints) -> Drawing:
    """The ends of a path's trainings on all rows, from the weakest strength to the strongest."""
    return _drawing(
        [f"strength {strength:.4g}" for strength in path.strengths],
        [loss - data_loss for data_loss, loss in path.train_losses],
        [data_loss for data_loss, _ in path.train_losses],
        "The ends of the trainings on all training rows",
        ("weakest", "strongest"),
    )


def _drawing(
    names: Sequence[str],
    penalties: Sequence[float],
    losses: Sequence[float],
    of: str,
    ends: tuple[str, str],
) -> Drawing:
    figure, panel = new_figure()
    table = list(zip(names, penalties, losses, strict=True))
    numbers = [np.array(penalties), np.array(losses)]
    points = [one for one in table if math.isfinite(one[1] + one[2])]
    columns = [np.array([one[at] for one in points]) for at in (1, 2)]
    drawn = kept(columns, MOST_POINTS)
    panel.plot(
        columns[0][drawn],
        columns[1][drawn],
        "-o",
        color=BLUE,
        markersize=2.5,
        linewidth=0.8,
    )
    for text, (_, penalty, loss) in _named_ends(ends, points):
        panel.plot(penalty, loss, "o", color=BLACK, markersize=5)
        at = (penalty, loss)
        panel.annotate(text, at, xytext=(5, 5), textcoords="offset points")
    panel.xaxis.set_major_locator(PlainTicks(MOST_TICKS))
    panel.set_xlabel("penalty")
    panel.set_ylabel("data loss")
    return Drawing(
        "Data loss against penalty",
        figure,
        f"{of}: the penalty to the right, the data loss upwards; training minimizes their sum.",
        Numbers(
            ("", "penalty", "data loss"),
            [
                [name, *("failed" if math.isnan(one) else f"{one:.4g}" for one in pair)]
                for name, *pair in (table[at] for at in kept(numbers, MOST_ROWS))
            ],
        ),
        [
            Mark(panel, penalty, loss, f"{name}: data loss {loss:.4g}, penalty {penalty:.4g}")
            for name, penalty, loss in (points[at] for at in kept(columns, MOST_MARKS))
        ],
    )


_Point = tuple[str, float, float]


def _named_ends(names: tuple[str, str], points: Sequence[_Point]) -> Iterator[tuple[str, _Point]]:
    """The first and the last point with their names; one with both where they look the same."""
    if not points:
        return
    first, last = points[0], points[-1]
    if all(
        math.isclose(a, b, rel_tol=LEAST_SPAN / 10)
        for a, b in zip(first[1:], last[1:], strict=True)
    ):
        yield ", ".join(names), last
    else:
        yield from zip(names, (first, last), strict=True)
