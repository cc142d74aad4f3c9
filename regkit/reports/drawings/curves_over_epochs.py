"""The losses, the scores and the zeros of a run over its epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from regkit.array_types import Array
from regkit.reports.drawings.drawing import MOST_MARKS, Drawing, Mark, Numbers, new_figure
from regkit.reports.drawings.thinning import MOST_ROWS, kept, thinned
from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.over_epochs import Chart, Curve, draw_row, label_epochs
from regkit.reports.pictures.scores import cut
from regkit.reports.pictures.style import BLACK, DATA, VALIDATION, looks_of

SCORES = {"accuracy": "accuracy", "r2": "R²"}


def losses(history: Curves, best: int | None = None) -> Drawing:
    """Data loss on training and validation rows, and the loss that training minimizes.

    Args:
        history: the records.
        best: the epoch of the best weights, which is marked.
    """
    curves = {"data loss": (history.training.data_loss, DATA)}
    if history.validation is not None:
        curves["validation data loss"] = (history.validation.data_loss, VALIDATION)
    if history.penalties:
        curves["data loss plus penalty"] = (history.loss, {"color": BLACK, "linestyle": ":"})
    return _drawing("Losses", "loss", history, curves, logarithms=True, best=best)


def scores(history: Curves, best: int | None = None) -> Drawing:
    """Accuracy or R² on training and validation rows; arguments are those of `losses`."""
    curves = {"training": (history.training.score, DATA)}
    if history.validation is not None:
        curves["validation"] = (history.validation.score, VALIDATION)
    name = SCORES[history.score_name]
    title = f"{name[0].upper()}{name[1:]}"
    drawn = _drawing(title, name, history, curves, logarithms=False, best=best)
    cut(drawn.figure)
    return drawn


def zeros(history: Curves) -> Drawing | None:
    """The share of each layer's weights that are exactly 0; None where none ever is."""
    if not any(share.any() for share in history.zeros.values()):
        return None
    looks = looks_of(history.zeros)
    curves = {layer: (100 * share, looks[layer]) for layer, share in history.zeros.items()}
    what = "weights exactly 0 (%)"
    return _drawing("Exact zeros", what, history, curves, logarithms=False)


def _drawing(
    title: str,
    what: str,
    history: Curves,
    curves: Mapping[str, tuple[Array, Mapping[str, Any]]],
    *,
    logarithms: bool,
    best: int | None = None,
) -> Drawing:
    figure, panel = new_figure()
    lines = [
        thinned(Curve(name, history.epochs, one, look)) for name, (one, look) in curves.items()
    ]
    drawn = draw_row([panel], [Chart(what, lines)], logarithms=logarithms)
    label_epochs(panel)
    marked = ""
    if best is not None:
        panel.axvline(best, color=BLACK, linestyle=":", linewidth=1)
        marked = f" The upright line is where the best weights are, after {best} epochs."
    figure.legend(list(drawn.values()), list(drawn), loc="outside lower center", ncols=2)
    ends = [f"{name} {one[-1]:.4g}" for name, (one, _) in curves.items()]
    return Drawing(
        title,
        figure,
        f"Over the epochs, as recorded; at the last record, of epoch {history.epochs[-1]}: "
        f"{', '.join(ends)}.{marked}",
        Numbers(
            ("epoch", *curves),
            [
                [str(history.epochs[at]), *(f"{one[at]:.4g}" for one, _ in curves.values())]
                for at in kept([one for one, _ in curves.values()], MOST_ROWS)
            ],
        ),
        [
            Mark(panel, float(history.epochs[at]), float(one[at]), _told(history, name, one, at))
            for name, (one, _) in curves.items()
            for at in kept([one], MOST_MARKS)
            if np.isfinite(one[at])
        ],
    )


def _told(history: Curves, name: str, values: Array, at: int) -> str:
    return f"epoch {history.epochs[at]}, {name}: {values[at]:.4g}"
