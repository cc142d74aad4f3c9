"""Ticks of a linear axis whose numbers stay short, also where its values are nearly the same."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

LEAST_SPAN = 1e-3
"""An axis spans at least this share of its values: what differs by less lies on one height.

The pictures tell their numbers with four digits, which are the same then.
"""

_STEPS = (1, 2, 2.5, 5, 10)


class PlainTicks(MaxNLocator):
    """matplotlib's own ticks, on an axis that spans at least `LEAST_SPAN` of its values.

    Args:
        most: the largest number of intervals between ticks; None for as many as fit.
    """

    def __init__(self, most: int | None = None) -> None:
        super().__init__(most or "auto", steps=_STEPS)

    def nonsingular(self, v0: float, v1: float) -> tuple[float, float]:
        """The ends of the axis, before margins: matplotlib asks for them where it chooses them."""
        lacking = LEAST_SPAN * max(abs(v0), abs(v1)) - abs(v1 - v0)
        if lacking > 0:
            return min(v0, v1) - lacking / 2, max(v0, v1) + lacking / 2
        low, high = super().nonsingular(v0, v1)
        return float(low), float(high)


def use_plain_ticks(panel: Axes) -> None:
    """Give both axes of a panel such ticks; a logarithmic scale replaces them."""
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_locator(PlainTicks())
