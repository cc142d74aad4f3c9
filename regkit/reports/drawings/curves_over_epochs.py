"""The losses, the scores and the zeros of a run over its epochs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from regkit.array_types import Array
from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure, spread
from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.over_epochs import WIDE
from regkit.reports.pictures.style import BLACK, DATA, VALIDATION, looks_of, use_logarithms

MOST_ROWS = 200
"""A table of more records holds so many of them, evenly spaced."""

SCORES = {"accuracy": "accuracy", "r2": "R²"}


def losses(history: Curves) -> Drawing:
    """Data loss on training and validation rows, and the loss that training minimizes."""
    curves = {"data loss": (history.training.data_loss, DATA)}
    if history.validation is not None:
        curves["validation data loss"] = (history.validation.data_loss, VALIDATION)
    if history.penalties:
        curves["data loss plus penalty"] = (history.loss, {"color": BLACK, "linestyle": ":"})
    return _drawing("Losses", "loss", history, curves, logarithms=True)


def scores(history: Curves) -> Drawing:
    """Accuracy or R² on training and validation rows."""
    curves = {"training": (history.training.score, DATA)}
    if history.validation is not None:
        curves["validation"] = (history.validation.score, VALIDATION)
    name = SCORES[history.score_name]
    return _drawing(f"{name[0].upper()}{name[1:]}", name, history, curves, logarithms=False)


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
) -> Drawing:
    figure, panel = new_figure()
    values = np.array([one for one, _ in curves.values()])
    seen = values[np.isfinite(values)]
    if logarithms and seen.size and seen.min() > 0 and seen.max() >= WIDE * seen.min():
        use_logarithms(panel, "mask")
    marker = "o" if len(history.epochs) == 1 else None
    for name, (one, look) in curves.items():
        panel.plot(history.epochs, one, label=name, marker=marker, **look)
    panel.set_xlabel("epoch")
    panel.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    panel.set_ylabel(what)
    figure.legend(loc="outside lower center", ncols=2)
    kept = np.unique(np.linspace(0, len(history.epochs) - 1, MOST_ROWS).round().astype(int))
    ends = [f"{name} {one[-1]:.4g}" for name, (one, _) in curves.items()]
    return Drawing(
        title,
        figure,
        f"Over the epochs, as recorded; at the last record, of epoch {history.epochs[-1]}: "
        f"{', '.join(ends)}.",
        Numbers(
            ("epoch", *curves),
            [
                [str(history.epochs[at]), *(f"{one[at]:.4g}" for one, _ in curves.values())]
                for at in kept
            ],
        ),
        [
            Mark(panel, float(history.epochs[at]), float(one[at]), _told(history, name, one, at))
            for name, (one, _) in curves.items()
            for at in spread(len(history.epochs))
            if np.isfinite(one[at])
        ],
    )


def _told(history: Curves, name: str, values: Array, at: int) -> str:
    return f"epoch {history.epochs[at]}, {name}: {values[at]:.4g}"
