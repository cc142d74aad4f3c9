"""The validation curve of a path: the metric at each strength, and the non-zeros above it."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes

from regkit.reports.drawings.along_strengths import set_axis
from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure, spread
from regkit.reports.pictures.style import BLUE
from regkit.studies.paths.path_points import PathPoints

MOST_COUNTS = 7
"""So many numbers of non-zeros stand above the curve."""


def validation_curve(path: PathPoints) -> Drawing:
    """Mean and standard error over the folds, both choices, and non-zeros on top."""
    figure, panel = new_figure()
    strengths, means, errors = map(np.array, (path.strengths, path.means, path.errors))
    panel.fill_between(
        strengths, means - errors, means + errors, color=BLUE, alpha=0.2, linewidth=0
    )
    panel.plot(strengths, means, "-o", color=BLUE, markersize=3)
    set_axis(panel, path)
    panel.set_ylabel(f"{path.metric}, mean ± standard error")
    _draw_counts(panel, path)
    rows = [
        [
            f"{strength:.4g}",
            _shown(mean),
            _shown(error),
            _count(path, number),
            _choice(path, strength),
        ]
        for number, (strength, mean, error) in enumerate(
            zip(path.strengths, path.means, path.errors, strict=True)
        )
    ]
    marks = [
        Mark(
            panel,
            path.strengths[at],
            path.means[at],
            f"strength {rows[at][0]}: {path.metric} {rows[at][1]} ± {rows[at][2]}, "
            f"{rows[at][3]} of {path.selected} not 0",
        )
        for at in spread(len(rows))
        if not math.isnan(path.means[at])
    ]
    return Drawing(
        "Validation curve",
        figure,
        f"{path.metric} over {path.folds} folds at each strength, with a band of one standard "
        f"error. min is the best mean, at strength {path.lambda_min:.4g}; 1se is the largest "
        f"strength within one standard error of it, {path.lambda_1se:.4g}. The numbers on top "
        "count the parameters that are not 0.",
        Numbers(("strength", path.metric, "standard error", "non-zeros", "choice"), rows),
        marks,
    )


def _draw_counts(panel: Axes, path: PathPoints) -> None:
    top = panel.secondary_xaxis("top")
    places = np.unique(np.linspace(0, len(path.strengths) - 1, MOST_COUNTS).round().astype(int))
    top.set_xticks([path.strengths[at] for at in places], [_count(path, int(at)) for at in places])
    top.minorticks_off()
    top.set_xlabel(f"non-zeros of {path.selected}")


def _count(path: PathPoints, number: int) -> str:
    count = path.nonzeros[number]
    return "failed" if count is None else str(count)


def _choice(path: PathPoints, strength: float) -> str:
    both = (("min", path.lambda_min), ("1se", path.lambda_1se))
    return ", ".join(name for name, at in both if at == strength)


def _shown(value: float) -> str:
    return "failed" if math.isnan(value) else f"{value:.4g}"
