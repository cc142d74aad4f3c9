"""The pictures that there are."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from regkit.errors import InputError
from regkit.reports.pictures.drawn_run import DrawnRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure


MOST_RUNS = 12
"""More would not fit side by side."""


class Picture(Protocol):
    """The interface of each picture's module."""

    def why_not(self, run: DrawnRun) -> str | None:
        """Why a run has no such picture; None if it has one."""

    def draw(self, runs: Sequence[DrawnRun]) -> Figure:
        """The picture of runs that have it, with panels for each."""


class OverlaidPicture(Picture, Protocol):
    """A picture that can also be drawn with all runs in the same panels."""

    def overlay(self, runs: Sequence[DrawnRun]) -> Figure:
        """The picture of runs that have it, with all of them in the same panels."""


def pictures() -> dict[str, Picture]:
    """The pictures by name.

    Raises:
        InputError: matplotlib is not installed, or cannot be loaded.
    """
    if find_spec("matplotlib") is None:
        raise InputError(
            "pictures need matplotlib, which is not installed: pip install 'regkit-nn[plot]'"
        )
    try:
        import matplotlib as matplotlib
    except (ImportError, ValueError, OSError) as error:
        raise InputError(
            f"pictures need matplotlib, which cannot be loaded: {error}; see MPLBACKEND and your "
            "matplotlibrc"
        ) from error
    from regkit.reports.pictures import boundary, fit, weights

    lines = overlaid_pictures()
    return {
        "losses": lines["losses"],
        "scores": lines["scores"],
        "boundary": boundary,
        "fit": fit,
        "weights": weights,
        "zeros": lines["zeros"],
        "gradient-norms": lines["gradient-norms"],
    }


def suiting(name: str, runs: Sequence[DrawnRun]) -> list[DrawnRun]:
    """The runs whose kind has such a picture; that others lack it, nobody misses."""
    from regkit.reports.pictures import boundary, fit, zeros

    if name == "zeros":
        return list(runs) if any(map(zeros.suits, runs)) else []
    suits = {"boundary": boundary.suits, "fit": fit.suits}.get(name, lambda _: True)
    return [run for run in runs if suits(run)]


def overlaid_pictures() -> dict[str, OverlaidPicture]:
    """The pictures that runs can be overlaid in, by name."""
    from regkit.reports.pictures import gradient_norms, losses, scores, zeros

    return {
        "losses": losses,
        "scores": scores,
        "zeros": zeros,
        "gradient-norms": gradient_norms,
    }
