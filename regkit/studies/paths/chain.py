"""A chain along a path: one training a strength, each from the last one's weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from regkit.array_types import Array
from regkit.catalogue.plugin_files import classes_in
from regkit.errors import DivergenceError, RegkitError
from regkit.nn.model import Model
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_text
from regkit.runs.data import run_data
from regkit.runs.job import Job, job
from regkit.runs.prepared import RunData
from regkit.runs.stationarity import Stationarity
from regkit.runs.unseen import Fold
from regkit.studies.paths.fixed_support import FixedSupport
from regkit.studies.paths.linear import is_linear, set_to_zero
from regkit.studies.paths.path_entries import OpenSettings
from regkit.studies.paths.path_row import held_out_row, is_path_row, path_row
from regkit.studies.paths.point import Trained, train_point
from regkit.studies.paths.selected import selected_arrays
from regkit.studies.paths.suitable_optimizer import job_by_curvature
from regkit.studies.task import FAILED, Row, Task, reason_of

Direction = Literal["dense", "sparse"]
DIRECTIONS: tuple[Direction, ...] = ("dense", "sparse")


@dataclass(frozen=True)
class Chain(Task):
    """The trainings along a path on one part of the rows, with one seed.

    Attributes:
        settings: the configuration file of a training, as text.
        place: which of its regularizers has the path's strength.
        strengths: ascending.
        direction: "dense" goes from the weakest strength to the strongest, "sparse" back.
        seed: of weights and order; data and split go by `split_seed`.
        split_seed: the seed of data, split and folds.
        fold: the number of the fold that is held out; None to train on all training rows.
        folds: their number.
        refit: whether each point is trained once more, without the path's penalty and with what is
            0 kept at 0, and measured then.
        tolerance: of a point's distance from stationarity, as a share of the gradient's largest
            entry where the chain begins.
        by_curvature: whether learning rate and momentum go by the curvature of data and penalties.
        plugin_files: the paths of files that define regularizers.
    """

    settings: str
    place: int
    strengths: tuple[float, ...]
    direction: Direction
    seed: int
    split_seed: int
    fold: int | None
    folds: int
    refit: bool
    tolerance: float
    by_curvature: bool
    plugin_files: tuple[str, ...]

    def perform(self) -> list[Row]:
        """A row for each strength, in ascending order."""
        rows = {strength: row for strength, row, _ in self.follow()}
        return [rows[strength] for strength in self.strengths]

    def failed(self, reason: str) -> list[Row]:
        """A row with the reason for each strength."""
        return [{**self._who(), "strength": one, FAILED: reason} for one in self.strengths]

    def owns(self, rows: Sequence[Row]) -> bool:
        """Whether there is a row for each strength, in order, with its measures or a reason."""
        return [row.get("strength") for row in rows] == list(self.strengths) and all(
            all(row.get(name) == value for name, value in self._who().items())
            and (FAILED in row or is_path_row(row, of_fold=self.fold is not None))
            for row in rows
        )

    def follow(self) -> Iterator[tuple[float, Row, Model]]:
        """Each strength in the chain's order, its row, and the model as it was measured.

        A point that diverges, or whose strength cannot be used, has a reason in its row, and the
        next one starts from the last sound weights.

        Raises:
            RegkitError: a setting cannot be used.
        """
        classes = self._classes()
        settings = self._open_settings(classes)
        data = self._data()
        made = self._made(settings.at(self.strengths[0]), classes, data, None)
        model = made.model
        selected = selected_arrays(made.model, made.regularizers[self.place])
        initial = self._start(made, selected)
        tolerance = self.tolerance * self._scale(made)
        if self.direction == "dense" and not is_linear(made.config):
            self._train_freely(made, settings.config, tolerance)
        order = self.strengths if self.direction == "dense" else self.strengths[::-1]
        for strength in order:
            before = model.parameters.copy()
            if self._is_stuck(model, selected, made.config):
                model.parameters[...] = initial
            who = {**self._who(), "strength": strength}
            try:
                at = settings.at(strength)
                made = self._made(at, classes, data, model)
                trained = _trained(made, at, tolerance)
                after = model.parameters.copy()
                found = path_row(made, trained, selected, of_fold=self.fold is not None)
                if self.refit:
                    refitted = self._refitted(at, classes, made, selected)
                    _trained(refitted, at, tolerance)
                    if self.fold is not None:
                        found |= held_out_row(refitted)
            except RegkitError as error:
                model.parameters[...] = before
                yield strength, {**who, FAILED: reason_of(error)}, model
                continue
            yield strength, {**who, **found, "tolerance": tolerance}, model
            model.parameters[...] = after

    def settings_at(self, strength: float) -> Config:
        """The settings of the training at a strength."""
        return self._open_settings(self._classes()).at(strength)

    def _classes(self) -> list[type]:
        return [cls for path in self.plugin_files for cls in classes_in(Path(path))]

    def _open_settings(self, classes: Sequence[type]) -> OpenSettings:
        config = replace(config_from_text(self.settings, "the path"), seed=self.seed)
        return OpenSettings.of(config, self.place, classes)

    def _data(self) -> RunData:
        config = replace(config_from_text(self.settings, "the path"), seed=self.split_seed)
        unseen = None if self.fold is None else Fold(self.fold, self.folds, self.split_seed)
        return run_data(config, unseen)

    def _made(
        self, config: Config, classes: Sequence[type], data: RunData, model: Model | None
    ) -> Job:
        make = job_by_curvature if self.by_curvature else job
        return make(replace(config, patience=0, min_delta=0.0), classes, data=data, model=model)

    def _start(self, made: Job, selected: Sequence[tuple[str, str]]) -> Array:
        if is_linear(made.config):
            set_to_zero(made, selected)
        found: Array = made.model.parameters.copy()
        return found

    def _scale(self, made: Job) -> float:
        """The size of the gradient where the chain begins, by which distances are judged.

        It is 0 where that is not finite, since nothing may pass as converged then.
        """
        found = float(np.abs(Stationarity(made).gradient()).max(initial=0.0))
        return found if math.isfinite(found) else 0.0

    def _is_stuck(self, model: Model, selected: Sequence[tuple[str, str]], config: Config) -> bool:
        """Whether a network is where no gradient leads out: a layer's weights are all 0."""
        if self.direction == "dense" or is_linear(config):
            return False
        chosen = {layer for layer, _ in selected}
        return any(
            not array.any()
            for layer in model.parameter_layers
            if layer.name in chosen
            for array in layer.weight_arrays().values()
        )

    def _train_freely(self, made: Job, config: Config, tolerance: float) -> None:
        """Train without the path's penalty, which would keep at 0 what has not learned yet."""
        before = made.model.parameters.copy()
        try:
            free = replace(made, regularizers=self._others(made))
            _trained(free, config, tolerance, from_start=True)
        except DivergenceError:
            made.model.parameters[...] = before

    def _others(self, made: Job) -> list[object]:
        return [one for place, one in enumerate(made.regularizers) if place != self.place]

    def _refitted(
        self,
        config: Config,
        classes: Sequence[type],
        made: Job,
        selected: Sequence[tuple[str, str]],
    ) -> Job:
        """The same training without the path's penalty, where what is 0 stays 0."""
        params = {layer.name: layer.params for layer in made.model.parameter_layers}
        support: dict[str, dict[str, Array]] = {}
        for layer, name in selected:
            support.setdefault(layer, {})[name] = np.asarray(params[layer][name]) != 0
        fresh = self._made(config, classes, made.data, made.model)
        return replace(fresh, regularizers=[*self._others(made), FixedSupport(support)])

    def _who(self) -> dict[str, Any]:
        return {"seed": self.seed, "fold": self.fold}


def _trained(made: Job, config: Config, tolerance: float, *, from_start: bool = False) -> Trained:
    """Train a job at a point, with the patience of the path's settings, which its own lack."""
    return train_point(
        made,
        tolerance=tolerance,
        patience=config.patience or 0,
        min_delta=config.min_delta,
        from_start=from_start,
    )
