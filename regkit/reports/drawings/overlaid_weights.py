"""Histograms of the weights of several runs, in the same bins."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from regkit.array_types import Array
from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure
from regkit.reports.drawings.overlaid_curves import MOST_TOLD, legend_below
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.overlaid import Line, lines_of
from regkit.reports.pictures.style import share
from regkit.reports.pictures.weights import BELOW_ONE, BINS, bin_edges

FEWEST_BINS = 21
MOST_FILLED = 3
"""Of so many histograms the areas are filled; more would hide each other."""


def overlaid_weights(runs: Sequence[DrawnRun]) -> list[Drawing]:
    """A drawing for each array of weights, with the share of the weights in each bin.

    Runs that differ in their seed alone count as one, with all their weights together.
    """
    lines = lines_of(runs)
    found: dict[str, list[tuple[Line, Array]]] = {}
    for line in lines:
        arrays: dict[str, list[Array]] = {}
        for run in (runs[at] for at in line.runs):
            for name, w in _weights(run).items():
                arrays.setdefault(name, []).append(w.ravel())
        for name, parts in arrays.items():
            found.setdefault(name, []).append((line, np.concatenate(parts)))
    return [_drawing(name, weights) for name, weights in found.items()]


def _weights(run: DrawnRun) -> dict[str, Array]:
    """By `name of layer`; empty where there is no usable model."""
    if run.saved is None or run.why_no_model is not None:
        return {}
    return {
        f"{name} of {layer.name}": w
        for layer in run.saved.model.parameter_layers
        for name, w in layer.weight_arrays().items()
    }


def _drawing(title: str, weights: Sequence[tuple[Line, Array]]) -> Drawing:
    figure, panel = new_figure()
    arrays = [w for _, w in weights]
    edges = bin_edges(arrays, _bins(min(w.size for w in arrays)))
    percents = [100 * np.histogram(w, edges)[0] / w.size for w in arrays]
    for (line, _), percent in zip(weights, percents, strict=True):
        panel.stairs(percent, edges, **{"linewidth": 1.2, **line.look})
        if len(weights) <= MOST_FILLED:
            panel.stairs(percent, edges, fill=True, alpha=0.2, color=line.look["color"])
    panel.set_xlabel("value of the weight")
    panel.set_ylabel("share of the weights (%)")
    # A penalty shows in the tails, which hold few weights.
    share([panel], logarithms="clip")
    lowest = 100 / max(w.size for w in arrays)
    panel.set_ylim(BELOW_ONE * lowest, 100)
    legend_below(figure, [line for line, _ in weights], bands=False)
    middles = (edges[:-1] + edges[1:]) / 2
    return Drawing(
        f"{title[0].upper()}{title[1:]}",
        figure,
        f"The share of the weights in each of {len(middles)} equal bins, the same for all runs"
        f"{_sizes(weights)}.",
        Numbers(
            ("from", "to", *(line.name for line, _ in weights)),
            [
                [f"{low:.4g}", f"{high:.4g}", *(f"{percent[at]:.4g}%" for percent in percents)]
                for at, (low, high) in enumerate(itertools.pairwise(edges))
            ],
        ),
        [
            Mark(
                panel,
                float(middles[at]),
                float(percent[at]),
                f"{line.name}: {percent[at]:.3g}% from {edges[at]:.3g} to {edges[at + 1]:.3g}",
            )
            for (line, _), percent in zip(weights, percents, strict=True)
            for at in np.flatnonzero(percent).tolist()
        ],
    )


def _bins(size: int) -> int:
    """About √size, odd, so that zero lies in the middle of a bin."""
    return min(BINS, max(FEWEST_BINS, int(np.sqrt(size)) | 1))


def _sizes(weights: Sequence[tuple[Line, Array]]) -> str:
    if len(weights) > MOST_TOLD:
        return ""
    told = [f"{line.name} {_root_mean_square(w):.3g}" for line, w in weights]
    return f"; root mean square of the weights: {', '.join(told)}"


def _root_mean_square(w: Array) -> float:
    return float(np.sqrt(np.mean(np.square(w, dtype=np.float64))))
