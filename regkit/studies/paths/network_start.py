"""Where the strengths of a network's path begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from regkit.errors import DivergenceError, InputError
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.job import Job, job
from regkit.studies.paths.linear import constant_loss
from regkit.studies.paths.path_entries import at_strength, gives_zeros
from regkit.studies.paths.point import run_out, train_point, without_warnings_of_collapse
from regkit.studies.paths.selected import selected_arrays

FIRST = 1e-3
"""The first strength that is tried on a network."""

MOST_DOUBLINGS = 60

NO_FIT = 1e-2
"""Nothing of a fit is left where the data loss is this close to that of the best constant."""

LEAST_EPOCHS = 50
SHARE_OF_EPOCHS = 10
"""A short training has a tenth of the epochs, and at least 50 where there are so many."""

WAY_UP = 10
"""The way up begins this many doublings below the strength that short trainings found."""

TRAININGS = 1 + WAY_UP + 1
"""At least so many trainings with all epochs a start takes."""


def start_of_network(
    config: Config, place: int, classes: Sequence[type], make: Callable[..., Job] = job
) -> float:
    """The least of the strengths 1e-3·2ⁱ that leaves nothing.

    The gradient at 0 says nothing of a network, so the strengths are tried by short trainings, each
    from a network that was trained without the penalty. Near a minimum the steps of Adam are large,
    and weights that they take to 0 stay there: where the penalty gives zeros the strength that was
    found may be too weak, and the way of a path itself is gone, from a weak strength up, each from
    the weights of the one before, with all its epochs and its patience.

    Args:
        config: the settings of a training.
        place: which of its regularizers has the path's strength.
        classes: regularizer classes that are not installed.
        make: a job from settings, as `job` does.

    Raises:
        InputError: no strength leaves nothing.
    """
    search = _Search(config, place, classes, make)
    found = search.emptying_at_once()
    return search.emptying_on_the_way_up(found / 2**WAY_UP) if search.gives_zeros else found


class _Search:
    """Trainings of one network at strengths that double."""

    def __init__(
        self, config: Config, place: int, classes: Sequence[type], make: Callable[..., Job]
    ) -> None:
        self._patience = config.patience or 0
        self._min_delta = config.min_delta
        self._config = config = replace(config, patience=0, min_delta=0.0)
        self._place = place
        self._classes = classes
        self._make = make
        self._data = run_data(config)
        entries = [entry for number, entry in enumerate(config.reg) if number != place]
        free = replace(config, reg=tuple(entries) or (RESERVED,))
        made = make(free, classes, data=self._data)
        _train(made)
        self._model = made.model
        self._trained = made.model.parameters.copy()
        penalty = job(at_strength(config, place, FIRST, classes), classes).regularizers[place]
        self.gives_zeros = gives_zeros(penalty)
        self._constant = constant_loss(made)

    def emptying_at_once(self) -> float:
        """The least of the strengths 1e-3·2ⁱ at which a short training leaves nothing."""
        most = self._config.epochs
        epochs = min(most, max(most // SHARE_OF_EPOCHS, LEAST_EPOCHS))

        def leaves_nothing(strength: float) -> bool:
            self._model.parameters[...] = self._trained
            return self._leaves_nothing(strength, _train, epochs)

        if not leaves_nothing(FIRST):
            return self._doubled(2 * FIRST, leaves_nothing)
        strength = FIRST
        for _ in range(MOST_DOUBLINGS):
            if not leaves_nothing(strength / 2):
                break
            strength /= 2
        return strength

    def emptying_on_the_way_up(self, strength: float) -> float:
        """The first strength that leaves nothing, each from the weights of the one before."""
        self._model.parameters[...] = self._trained

        def as_a_point(made: Job) -> None:
            train_point(made, tolerance=0.0, patience=self._patience, min_delta=self._min_delta)

        return self._doubled(
            strength, lambda one: self._leaves_nothing(one, as_a_point, self._config.epochs)
        )

    def _doubled(self, strength: float, leaves_nothing: Callable[[float], bool]) -> float:
        for _ in range(MOST_DOUBLINGS):
            if leaves_nothing(strength):
                return strength
            strength *= 2
        raise InputError(
            f"no strength up to {strength / 2:.3g} leaves nothing of what "
            f"{self._config.reg[self._place]} selects: give a range, LOW..HIGH, in place of auto"
        )

    def _leaves_nothing(self, strength: float, train: Callable[[Job], None], epochs: int) -> bool:
        at = replace(at_strength(self._config, self._place, strength, self._classes), epochs=epochs)
        tried = self._make(at, self._classes, data=self._data, model=self._model)
        try:
            train(tried)
        except DivergenceError:
            return True
        penalty = tried.regularizers[self._place]
        params = {layer.name: layer.params for layer in tried.model.parameter_layers}
        selected = selected_arrays(tried.model, penalty)
        if selected and not any(np.any(params[layer][name]) for layer, name in selected):
            return True
        fit_is_gone = tried.objective(0).data_loss >= (1 - NO_FIT) * self._constant
        return fit_is_gone and not self.gives_zeros


def _train(made: Job) -> None:
    made = replace(made, config=replace(made.config, log_every=max(made.config.epochs, 1)))
    with without_warnings_of_collapse():
        training = made.set_up()
    run_out(training)
