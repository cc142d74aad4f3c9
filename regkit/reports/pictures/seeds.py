"""Runs that differ in their seed alone, which count as one where lines are laid over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from regkit.array_types import Array
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.runs.config import ARRAYS, OUTPUT, Config
from regkit.runs.settings import settings

SEEDS = ("seed", "data_seed", "split_seed")


def groups_by_seed(runs: Sequence[DrawnRun]) -> list[list[int]]:
    """The positions of runs that differ in their seed alone, group by group.

    What is compared are the saved settings without those of the output. Histories, and runs that
    were trained on arrays, whose settings do not tell everything, belong together where they have
    the same name. A run with the seed of another one in its group begins a group of its own; so
    does one that recorded other quantities, or no epoch that the others did.
    """
    groups: list[list[int]] = []
    for number, run in enumerate(runs):
        for group in groups:
            if _belongs(run, [runs[i] for i in group]):
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


def common_epochs(epochs: Sequence[Array]) -> Array:
    """The epochs that all runs recorded, ascending."""
    return reduce(np.intersect1d, epochs)


def _belongs(run: DrawnRun, group: Sequence[DrawnRun]) -> bool:
    first = group[0]
    if _settings(run) != _settings(first) or _quantities(run) != _quantities(first):
        return False
    if _settings(run) is None:
        alike = run.name == first.name
    else:
        alike = _seeds(run) not in [_seeds(one) for one in group]
    return alike and bool(common_epochs([one.history.epochs for one in (*group, run)]).size)


def _settings(run: DrawnRun) -> Config | None:
    """The settings with neither seeds nor output; None where they do not tell runs apart."""
    if run.config is None or run.config.data == ARRAYS:
        return None
    unimportant = {
        one.name: one.default
        for one in settings()
        if one.name in SEEDS or one.about.group == OUTPUT
    }
    return replace(run.config, **unimportant)


def _seeds(run: DrawnRun) -> list[int | None]:
    return [getattr(run.config, name) for name in SEEDS]


def _quantities(run: DrawnRun) -> tuple[object, ...]:
    history = run.history
    validated = history.validation is not None
    return history.score_name, validated, list(history.penalties), list(history.zeros)
