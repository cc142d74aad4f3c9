"""The paths of weights: what each input and each neuron weighs at each strength."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from regkit.reports.drawings.along_strengths import set_axis
from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure, spread
from regkit.reports.pictures.names import distinct
from regkit.reports.pictures.style import looks_of
from regkit.reports.words import count
from regkit.studies.paths.path_points import PathPoints

MOST_LABELS = 12
"""So many lines are named, the largest ones."""

LABEL_SIZE = 7
LONGEST_LABEL = 18
"""In points, and in letters."""

LABEL_LETTER = 0.019
LABEL_GAP = 0.03
"""The room of a letter, and that between a label and its line, as shares of the panel's width."""

LABEL_HEIGHT = 0.065
"""The room of a label, as a share of the panel's height."""


def input_weights(path: PathPoints) -> Drawing:
    """A line for each input: its weight, or the norm of its weights in the first layer."""
    what = "norm of the input's weights" if path.norms else "weight of the input"
    return _drawing(path, "Weights of the inputs", what, path.input_weights)


def neuron_weights(path: PathPoints, layer: str) -> Drawing:
    """A line for each neuron of a hidden layer: the norm of its incoming weights."""
    columns = zip(*path.neuron_weights[layer], strict=True)
    named = {f"neuron {number}": one for number, one in enumerate(columns)}
    return _drawing(path, f"Neurons of {layer}", "norm of the neuron's weights", named)


def _drawing(
    path: PathPoints, title: str, what: str, lines: Mapping[str, Sequence[float]]
) -> Drawing:
    figure, panel = new_figure()
    ends = path.strengths[0], path.strengths[-1]
    panel.plot(ends, (0, 0), color="0.5", linewidth=0.8)  # Where no labels stand.
    panel.set_ylabel(what)
    largest = sorted(lines, key=lambda name: -_size(lines[name]))
    looks = looks_of(largest[:MOST_LABELS])
    marks = []
    for name in reversed(largest):
        values = lines[name]
        look = {**looks[name], "linewidth": 1.2} if name in looks else {"color": "0.7"}
        panel.plot(path.strengths, values, **{"linewidth": 0.8, **look})
    set_axis(panel, path)
    labels = dict(zip(looks, distinct(list(looks), LONGEST_LABEL), strict=True))
    room = LABEL_LETTER * max(map(len, labels.values())) + LABEL_GAP
    panel.set_xlim(
        path.strengths[0] * (path.strengths[0] / path.strengths[-1]) ** (room / (1 - room)), None
    )
    for name, height in _label_heights(panel, {name: lines[name][0] for name in looks}).items():
        panel.annotate(
            labels[name],
            (path.strengths[0], height),
            xytext=(-3, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=LABEL_SIZE,
            color=looks[name]["color"],
        )
    for name in largest[:MOST_LABELS]:
        marks += [
            Mark(panel, path.strengths[at], lines[name][at], _told(path, name, lines[name], at))
            for at in spread(len(path.strengths))
            if not math.isnan(lines[name][at])
        ]
    rest = len(lines) - MOST_LABELS
    grey = count(rest, "smaller one is", "smaller ones are")
    more = f" {grey} grey." if rest > 0 else ""
    return Drawing(
        title,
        figure,
        f"The {what}, trained on all training rows, at each strength. What has left the model is "
        f"exactly 0.{more}",
        Numbers(
            ("strength", *lines),
            [
                [f"{strength:.4g}", *(f"{one[at]:.4g}" for one in lines.values())]
                for at, strength in enumerate(path.strengths)
            ],
        ),
        marks,
    )


def _label_heights(panel: Axes, values: Mapping[str, float]) -> dict[str, float]:
    """Where the labels stand: at their lines, moved apart where two would overlap."""
    low, high = panel.get_ylim()
    gap = LABEL_HEIGHT * (high - low)
    found: dict[str, float] = {}
    lowest = -math.inf
    ascending = sorted((value, name) for name, value in values.items() if not math.isnan(value))
    for value, name in ascending:
        found[name] = lowest = max(value, lowest + gap)
    highest = high + gap
    for name in reversed(found):  # Those that were moved over the top come down again.
        found[name] = highest = min(found[name], highest - gap)
    return found


def _size(values: Sequence[float]) -> float:
    """By which lines are named: the largest in size anywhere."""
    found = np.abs(np.array(values, dtype=float))
    return float(np.nanmax(found)) if np.isfinite(found).any() else 0.0


def _told(path: PathPoints, name: str, values: Sequence[float], at: int) -> str:
    return f"{name} at strength {path.strengths[at]:.4g}: {values[at]:.4g}"
