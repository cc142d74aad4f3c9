"""How long a study will take, by a short trial of its trainings."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from regkit.errors import DivergenceError
from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.job import job
from regkit.runs.unseen import Unseen
from regkit.training.blas_threads import one_thread

TRIAL_SECONDS = 0.3
"""How long the trial of one training lasts."""


@dataclass(frozen=True)
class Work:
    """Trainings of one kind.

    Attributes:
        config: the settings of one of them.
        trainings: their number.
    """

    config: Config
    trainings: int


@dataclass(frozen=True)
class Estimate:
    """The size of a study.

    Attributes:
        cells: their number.
        trainings: likewise; several a cell where strengths are tried.
        seconds: of all trainings one after another, if none stops early.
        workers: that share them.
    """

    cells: int
    trainings: int
    seconds: float
    workers: int

    @property
    def elapsed(self) -> float:
        """Seconds until the study is finished, at best."""
        return self.seconds / max(min(self.workers, self.cells), 1)

    def as_dict(self) -> dict[str, float]:
        """The estimate as plain data."""
        return {
            "cells": self.cells,
            "trainings": self.trainings,
            "workers": self.workers,
            "seconds_of_work": self.seconds,
            "seconds": self.elapsed,
        }


def estimate(
    work: Iterable[Work],
    *,
    cells: int,
    workers: int,
    unseen: Unseen | None,
    classes: Sequence[type],
) -> Estimate:
    """Train a little of each kind, and reckon from there to the whole.

    Args:
        work: the trainings of the study, by kind.
        cells: the number of its cells.
        workers: that share them.
        unseen: what is held out from each training.
        classes: regularizer classes that are not installed.

    Raises:
        RegkitError: a setting cannot be used.
    """
    given = list(work)
    seconds = sum(one.trainings * _seconds(one.config, unseen, classes) for one in given)
    return Estimate(cells, sum(one.trainings for one in given), seconds, workers)


def _seconds(config: Config, unseen: Unseen | None, classes: Sequence[type]) -> float:
    """Of one training with its set-up."""
    with one_thread():
        began = time.perf_counter()
        training = job(config, classes, data=run_data(config, unseen)).set_up()
        set_up = time.perf_counter() - began
        times: list[float] = []

        def after_epoch() -> None:
            times.append(time.perf_counter())
            if times[-1] - times[0] > TRIAL_SECONDS:
                training.stop()

        training.after_epoch = after_epoch
        with suppress(DivergenceError):  # A cell that diverges is a row of the study.
            for _ in training.records():
                pass
    if len(times) < 2:
        return time.perf_counter() - began
    # The first epoch may compile kernels.
    an_epoch = (times[-1] - times[0]) / (len(times) - 1)
    return set_up + an_epoch * config.epochs
