"""The estimate of a study's duration."""

from dataclasses import replace

import pytest

from regkit.runs.config import Config
from regkit.runs.unseen import Share
from regkit.studies import duration
from regkit.studies.duration import Estimate, Work, estimate


def test_cells_are_shared_by_the_workers():
    assert Estimate(12, 12, 60.0, 4).elapsed == 15.0
    assert Estimate(2, 2, 60.0, 4).elapsed == 30.0
    assert Estimate(3, 6, 60.0, 1).as_dict() == {
        "cells": 3,
        "trainings": 6,
        "workers": 1,
        "seconds_of_work": 60.0,
        "seconds": 60.0,
    }


def test_a_short_trial_is_reckoned_up_to_all_epochs(monkeypatch):
    # A clock that moves by a second each time somebody looks.
    ticks = iter(range(10**6))
    monkeypatch.setattr(duration.time, "perf_counter", lambda: float(next(ticks)))
    config = Config(samples=10, hidden=(2,), reg=("none",), epochs=1000)
    found = estimate([Work(config, 3)], cells=3, workers=1, unseen=Share(), classes=())
    # Set-up takes a tick, and so does each epoch.
    assert found.seconds == pytest.approx(3 * (1 + 1000))
    assert found.trainings == 3


@pytest.mark.parametrize("epochs", [1, 50])
def test_a_trial_that_diverges_is_reckoned_from_what_it_took(epochs):
    config = Config(data="sine", samples=10, hidden=(2,), optimizer="sgd", lr=1e30, reg=("none",))
    work = [Work(replace(config, epochs=epochs), 2)]
    found = estimate(work, cells=2, workers=1, unseen=Share(), classes=())
    assert found.seconds > 0
    assert found.trainings == 2
