"""Where the strengths of a path begin: where nothing of what is selected is left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from regkit.catalogue.plugin_files import classes_in
from regkit.errors import DivergenceError, InputError
from regkit.hooks import LayerView
from regkit.regularizers.regularizer import Regularizer
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_text
from regkit.runs.data import run_data
from regkit.runs.job import Job, job
from regkit.studies.cell import FAILED
from regkit.studies.linear import constant_loss, is_linear, set_to_zero
from regkit.studies.point import run_out
from regkit.studies.ranges import opened
from regkit.studies.selected import selected_arrays
from regkit.studies.stationarity import TOLERANCE, Stationarity
from regkit.studies.task import Row, Task

FIRST = 1e-3
"""The first strength that is tried on a network."""

MOST_DOUBLINGS = 60

NO_FIT = 1e-2
"""Nothing of a fit is left where the data loss is this close to that of the best constant."""

LEAST_EPOCHS = 50
SHARE_OF_EPOCHS = 10
"""A short training has a tenth of the epochs, and at least 50 where there are so many."""

RATIO = 1e-3
"""The weakest strength of a path, relative to the strongest."""


def grid(start: float, count: int, ratio: float = RATIO) -> tuple[float, ...]:
    """`count` strengths from start·ratio to start, each the same multiple of the one before."""
    inner = (start * ratio ** (1 - number / (count - 1)) for number in range(1, count - 1))
    return (start * ratio, *inner, start)


@dataclass(frozen=True)
class PathStart(Task):
    """Finds the start of a path on all training rows.

    Attributes:
        settings: the configuration file of a training, as text.
        place: which of its regularizers has the path's strength.
        plugin_files: the paths of files that define regularizers.
    """

    settings: str
    place: int
    plugin_files: tuple[str, ...]

    def perform(self) -> list[Row]:
        """One row with the start.

        Raises:
            InputError: no strength leaves nothing.
        """
        classes = [cls for path in self.plugin_files for cls in classes_in(Path(path))]
        settings = config_from_text(self.settings, "the path")
        config = replace(settings, patience=0, min_delta=0.0)
        start = None
        if is_linear(config):
            start = _of_linear(config, self.place, classes)
        return [{"start": _of_network(config, self.place, classes) if start is None else start}]

    def failed(self, reason: str) -> list[Row]:
        """One row with the reason."""
        return [{FAILED: reason}]


def _of_linear(config: Config, place: int, classes: Sequence[type]) -> float | None:
    """The least strength for which 0 is stationary; None if the penalty does not tell.

    It is enlarged by ten times the tolerance of convergence: at the strength itself the last weight
    would go to 0 forever.
    """
    made = job(_at(config, place, 1.0, classes), classes)
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
    enlarged: float = found * (1 + 10 * TOLERANCE[config.dtype])
    return enlarged


def _of_network(config: Config, place: int, classes: Sequence[type]) -> float:
    """The least of the strengths 1e-3·2ⁱ at which a short training leaves nothing.

    Each starts from a network that was trained without the penalty: the gradient at 0 says nothing
    of a network, and small initial weights would go to 0 at once.
    """
    data = run_data(config)
    entries = [entry for number, entry in enumerate(config.reg) if number != place]
    free = replace(config, reg=tuple(entries) or (RESERVED,))
    made = job(free, classes, data=data)
    _train(made)
    trained = made.model.parameters.copy()
    constant = constant_loss(made)
    epochs = min(config.epochs, max(config.epochs // SHARE_OF_EPOCHS, LEAST_EPOCHS))

    def leaves_nothing(strength: float) -> bool:
        short = replace(_at(config, place, strength, classes), epochs=epochs)
        made.model.parameters[...] = trained
        tried = job(short, classes, data=data, model=made.model)
        try:
            _train(tried)
        except DivergenceError:
            return True
        return _is_empty(tried, place, constant)

    strength = FIRST
    if leaves_nothing(strength):
        for _ in range(MOST_DOUBLINGS):
            if not leaves_nothing(strength / 2):
                break
            strength /= 2
        return strength
    for _ in range(MOST_DOUBLINGS):
        strength *= 2
        if leaves_nothing(strength):
            return strength
    raise InputError(
        f"no strength up to {strength:.3g} leaves nothing of what {config.reg[place]} selects: "
        "give a range, LOW..HIGH, in place of auto"
    )


def _train(made: Job) -> None:
    run_out(
        replace(made, config=replace(made.config, log_every=max(made.config.epochs, 1))).set_up()
    )


def _is_empty(made: Job, place: int, constant: float) -> bool:
    """Whether everything selected is 0; without exact zeros, whether the fit is gone."""
    penalty = made.regularizers[place]
    params = {layer.name: layer.params for layer in made.model.parameter_layers}
    selected = selected_arrays(made.model, penalty)
    if selected and not any(np.any(params[layer][name]) for layer, name in selected):
        return True
    if getattr(penalty, "mode", "loss") == "prox" and getattr(penalty, "sparsifying", False):
        return False
    return made.objective(0).data_loss >= (1 - NO_FIT) * constant


def _at(config: Config, place: int, strength: float, classes: Sequence[type]) -> Config:
    reg = list(config.reg)
    reg[place] = opened(reg[place], classes).with_strength(strength)
    return replace(config, reg=tuple(reg))
