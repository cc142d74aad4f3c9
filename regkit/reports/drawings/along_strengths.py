"""What the drawings of a path share: the axis of strengths, and its two choices."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from regkit.reports.pictures.plain_ticks import PlainTicks
from regkit.reports.pictures.style import BLACK, VERMILLION
from regkit.studies.paths.path_points import PathPoints

FAR = 100
"""From this ratio of its ends on, an axis is marked at powers of ten alone."""

NARROW = 4
"""Below this ratio it is marked as a linear one."""

MOST_TICKS = 5
"""So many intervals between the numbers of a narrow one."""


def use_logarithms(panel: Axes) -> None:
    """Make a panel's x axis logarithmic, with plain numbers as labels."""
    panel.set_xscale("log")
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.xaxis.set_minor_formatter(NullFormatter())
    low, high = panel.get_xlim()
    if high < NARROW * low:  # Multiples of powers of ten might all lie outside.
        panel.xaxis.set_major_locator(PlainTicks(MOST_TICKS))
        return
    # Within a power of ten its multiples are marked, too.
    steps = (1.0,) if high >= FAR * low else (1.0, 2.0, 5.0)
    panel.xaxis.set_major_locator(LogLocator(subs=steps, numticks=8))


def set_axis(panel: Axes, path: PathPoints) -> None:
    """A logarithmic axis of strengths, with both choices as upright lines."""
    use_logarithms(panel)
    panel.set_xlabel("strength")
    for name, at, dashes, colour in (
        ("min", path.lambda_min, ":", BLACK),
        ("1se", path.lambda_1se, "--", VERMILLION),
    ):
        if not math.isnan(at):
            panel.axvline(at, color=colour, linestyle=dashes, linewidth=1)
            place = 0.94 if name == "min" else 0.84
            panel.annotate(
                name,
                (at, place),
                xycoords=("data", "axes fraction"),
                xytext=(3, 0),
                textcoords="offset points",
                color=colour,
            )
