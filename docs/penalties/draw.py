"""Draws the pictures of the penalty pages: `python docs/penalties/draw.py [FOLDER]`.

Each picture shows penalty, gradient and proximal operator as functions of one weight, which is the
first entry of the array that the penalty is given, unless a curve names another row. The files
depend on nothing but this script, the penalties and matplotlib's version.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from regkit_group_lasso import GroupLasso, GroupMCP
from regkit_nonconvex import MCP, SCAD, CappedL1, LHalf, LogSum
from regkit_structured import (
    HoyerSquare,
    NuclearNorm,
    Orthogonal,
    SortedL1,
    SparseGroupLasso,
    SpectralNorm,
    TotalVariation,
)

from regkit import L1, L2, ElasticNet, Regularizer

Array = NDArray[Any]
SETTINGS = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "regkit",
}
# The second is thin, so that the first is seen where they coincide.
STYLES = ({"color": "#1f5fa8", "linewidth": 2.4}, {"color": "#e07b39", "linewidth": 1.2})
WEIGHTS = np.linspace(-2, 2, 1601)


@dataclass(frozen=True)
class Curve:
    """One line in each panel: a penalty, and the array around the weight that varies."""

    penalty: Regularizer
    label: str = ""
    around: Callable[[float], list[list[float]]] = lambda w: [[w]]
    row: int = 0

    @property
    def has_prox(self) -> bool:
        return hasattr(self.penalty, "prox")

    def value(self, w: float) -> float:
        return self.penalty.value(self._array(w))

    def grad(self, w: float) -> float:
        return self.penalty.grad(self._array(w))[self.row, 0]

    def prox(self, w: float, step: float) -> float:
        return self.penalty.prox(self._array(w), step)[self.row, 0]

    def _array(self, w: float) -> Array:
        return np.array(self.around(w))


@dataclass(frozen=True)
class Picture:
    """The curves of one page, and the step of its third panel."""

    curves: tuple[Curve, ...]
    step: float = 0.5
    steepest: float | None = None


PICTURES = {
    "l1": Picture((Curve(L1()),)),
    "l2": Picture((Curve(L2()),)),
    "elastic_net": Picture(
        (
            Curve(ElasticNet(l1_ratio=0.25), "l1_ratio ¼"),
            Curve(ElasticNet(l1_ratio=0.75), "l1_ratio ¾"),
        )
    ),
    "group_lasso": Picture(
        (
            Curve(GroupLasso(), "neuron (w, 0)", lambda w: [[w], [0]]),
            Curve(GroupLasso(), "neuron (w, ½)", lambda w: [[w], [0.5]]),
        )
    ),
    "group_mcp": Picture(
        (
            Curve(GroupMCP(gamma=0.6), "neuron (w, 0)", lambda w: [[w], [0]]),
            Curve(GroupMCP(gamma=0.6), "neuron (w, ½)", lambda w: [[w], [0.5]]),
        ),
        step=0.3,
    ),
    "sparse_group_lasso": Picture(
        (
            Curve(SparseGroupLasso(), "neuron (w, 0)", lambda w: [[w], [0]]),
            Curve(SparseGroupLasso(), "neuron (w, 1)", lambda w: [[w], [1]]),
        )
    ),
    "sorted_l1": Picture(
        (
            Curve(SortedL1(q=0.5), "row (w, 0)", lambda w: [[w, 0]]),
            Curve(SortedL1(q=0.5), "row (w, 1)", lambda w: [[w, 1]]),
        )
    ),
    "total_variation": Picture(
        (
            Curve(TotalVariation(), "(1, w, 1)", lambda w: [[1], [w], [1]], 1),
            Curve(TotalVariation(), "(−1, w, 1)", lambda w: [[-1], [w], [1]], 1),
        ),
        step=0.2,
    ),
    "spectral_norm": Picture(
        (
            Curve(SpectralNorm(), "[[w, 0], [0, 1]]", lambda w: [[w, 0], [0, 1]]),
            Curve(SpectralNorm(), "[[w, 1], [1, 1]]", lambda w: [[w, 1], [1, 1]]),
        )
    ),
    "nuclear_norm": Picture(
        (
            Curve(NuclearNorm(), "[[w, 0], [0, 1]]", lambda w: [[w, 0], [0, 1]]),
            Curve(NuclearNorm(), "[[w, 1], [1, 1]]", lambda w: [[w, 1], [1, 1]]),
        )
    ),
    "orthogonal": Picture(
        (
            Curve(Orthogonal(), "column (w, 0)", lambda w: [[w], [0]]),
            Curve(Orthogonal(), "column (w, 1)", lambda w: [[w], [1]]),
        ),
        steepest=8,
    ),
    "hoyer_square": Picture(
        (
            Curve(HoyerSquare(), "row (w, 1)", lambda w: [[w, 1]]),
            Curve(HoyerSquare(), "row (w, 1, 1)", lambda w: [[w, 1, 1]]),
        )
    ),
    "mcp": Picture((Curve(MCP(gamma=0.6), "gamma 0.6"), Curve(MCP(gamma=1.8), "gamma 1.8"))),
    "scad": Picture(
        (
            Curve(SCAD(knee=0.25), "knee 0.25, a 3.7"),
            Curve(SCAD(knee=0.5, a=3.0), "knee 0.5, a 3"),
        )
    ),
    "log_sum": Picture(
        (
            Curve(LogSum(epsilon=0.1), "epsilon 0.1"),
            Curve(LogSum(epsilon=0.5), "epsilon 0.5"),
        ),
        step=0.2,
    ),
    "capped_l1": Picture(
        (Curve(CappedL1(cap=0.5), "cap 0.5"), Curve(CappedL1(cap=1.5), "cap 1.5"))
    ),
    "l_half": Picture((Curve(LHalf()),), steepest=4),
}


def main(folder: Path) -> None:
    """Write one SVG a picture into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        with plt.rc_context(SETTINGS):
            drawn(picture).savefig(folder / f"{name}.svg", metadata={"Date": None})
        plt.close("all")


def drawn(picture: Picture) -> Figure:
    """Three panels side by side: penalty, gradient, proximal operator."""
    figure, (values, gradients, points) = plt.subplots(1, 3, figsize=(7.6, 2.6))
    titles = ("penalty", "gradient", f"prox, step {picture.step:g}")
    for panel, title in zip(figure.axes, titles, strict=True):
        panel.set_title(title, fontsize=9)
        panel.set_xlabel("w")
        panel.axhline(0, color="0.85", linewidth=0.8, zorder=0)
        panel.axvline(0, color="0.85", linewidth=0.8, zorder=0)
    points.plot(WEIGHTS, WEIGHTS, color="0.5", linewidth=0.8, linestyle=":")
    for curve, style in zip(picture.curves, STYLES, strict=False):
        values.plot(*joined(curve.value), **style, label=curve.label)
        gradients.plot(*joined(curve.grad), **style)
        if curve.has_prox:
            points.plot(*joined(lambda w, curve=curve: curve.prox(w, picture.step)), **style)
        else:
            points.clear()
            points.set_axis_off()
            points.text(0.5, 0.5, "no proximal operator", ha="center", color="0.4")
    if picture.steepest is not None:
        gradients.set_ylim(-picture.steepest, picture.steepest)
    if len(picture.curves) > 1:
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def joined(height: Callable[[float], float]) -> tuple[Array, Array]:
    """The weights and the heights above them, with NaN in between where the height jumps."""
    heights = np.array([height(w) for w in WEIGHTS])
    steep = np.abs(np.diff(heights)) > 0.01 * np.ptp(heights)
    jumps = [i for i in np.flatnonzero(steep) if is_jump(height, WEIGHTS[i], WEIGHTS[i + 1])]
    behind = np.array(jumps, dtype=int) + 1
    return np.insert(WEIGHTS, behind, np.nan), np.insert(heights, behind, np.nan)


def is_jump(height: Callable[[float], float], left: float, right: float) -> bool:
    """Whether most of the difference is still there when the interval is halved 30 times."""
    difference = abs(height(right) - height(left))
    for _ in range(30):
        middle = (left + right) / 2
        if abs(height(middle) - height(left)) > abs(height(right) - height(middle)):
            right = middle
        else:
            left = middle
    return abs(height(right) - height(left)) > difference / 2


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent / "img")
