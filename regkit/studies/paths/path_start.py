"""Where the strengths of a path begin: where nothing of what is selected is left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from regkit.catalogue.plugin_files import classes_in
from regkit.errors import InputError
from regkit.hooks import LayerView
from regkit.regularizers.regularizer import Regularizer
from regkit.runs.config_file import config_from_text
from regkit.runs.job import Job, job
from regkit.runs.stationarity import TOLERANCE, Stationarity
from regkit.studies.paths.linear import is_linear, set_to_zero
from regkit.studies.paths.network_start import start_of_network
from regkit.studies.paths.path_entries import at_strength, gives_zeros
from regkit.studies.paths.selected import selected_arrays
from regkit.studies.paths.suitable_optimizer import job_by_curvature
from regkit.studies.task import FAILED, Row, Task

RATIO = 1e-3
"""The weakest strength of a path, relative to the strongest, at which nothing is left."""

RATIO_WITHOUT_ZEROS = 1e-6
"""The same where only nothing of the fit is left, which takes much larger strengths."""


def grid(low: float, high: float, count: int) -> tuple[float, ...]:
    """`count` strengths from low to high, each the same multiple of the one before.

    They have twelve digits, so that another machine finds the same ones again.

    Raises:
        InputError: there are not so many numbers between the two.
    """
    logs = np.linspace(math.log(low), math.log(high), count)[1:-1]
    found = (low, *(float(f"{math.exp(one):.12g}") for one in logs), high)
    if not all(one < following for one, following in pairwise(found)):
        raise InputError(
            f"there are no {count} strengths between {low} and {high}: give a wider range"
        )
    return found


@dataclass(frozen=True)
class PathStart(Task):
    """Finds the start of a path on all training rows.

    Attributes:
        settings: the configuration file of a training, as text.
        place: which of its regularizers has the path's strength.
        by_curvature: whether learning rate and momentum go by the curvature of data and penalties.
        plugin_files: the paths of files that define regularizers.
    """

    settings: str
    place: int
    by_curvature: bool
    plugin_files: tuple[str, ...]

    def perform(self) -> list[Row]:
        """One row with the start, and the weakest strength relative to it.

        Raises:
            InputError: no strength leaves nothing.
        """
        classes = [cls for path in self.plugin_files for cls in classes_in(Path(path))]
        config = config_from_text(self.settings, "the path")
        make = job_by_curvature if self.by_curvature else job
        made = make(at_strength(config, self.place, 1.0, classes), classes)
        start = _of_linear(made, self.place) if is_linear(config) else None
        leaves_nothing = start is not None or gives_zeros(made.regularizers[self.place])
        if start is None:
            start = start_of_network(config, self.place, classes, make)
        return [{"start": start, "ratio": RATIO if leaves_nothing else RATIO_WITHOUT_ZEROS}]

    def failed(self, reason: str) -> list[Row]:
        """One row with the reason."""
        return [{FAILED: reason}]

    def owns(self, rows: Sequence[Row]) -> bool:
        """Whether there is one row, with a start or a reason."""
        return len(rows) == 1 and (
            FAILED in rows[0]
            or all(isinstance(rows[0].get(name), float) for name in ("start", "ratio"))
        )


def _of_linear(made: Job, place: int) -> float | None:
    """The least strength for which 0 is stationary; None if the penalty does not tell.

    It is enlarged by ten times the tolerance of convergence: at the strength itself the last weight
    would go to 0 forever.
    """
    penalty = made.regularizers[place]
    dual_norm = getattr(penalty, "dual_norm", None)
    if not isinstance(penalty, Regularizer) or not callable(dual_norm):
        return None
    selected = selected_arrays(made.model, penalty)
    set_to_zero(made, selected)
    others = [one for number, one in enumerate(made.regularizers) if number != place]
    gradient = Stationarity(replace(made, regularizers=others)).gradient()
    found = 0.0
    for layer in made.model.parameter_layers:
        view = LayerView(layer.name, layer.params)
        for name in [name for one, name in selected if one == layer.name]:
            span = made.model.span(layer.name, name)
            g = gradient[span].reshape(layer.params[name].shape)
            found = max(found, float(dual_norm(g)) / penalty.strength_for(view, name))
    if not 0 < found < math.inf:
        return None
    enlarged: float = found * (1 + 10 * TOLERANCE[made.config.dtype])
    return enlarged
