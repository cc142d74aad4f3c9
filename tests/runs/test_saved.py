"""`regkit.load`: a run's model, as it was trained, with everything it needs to predict."""

from pathlib import Path

import numpy as np
import pytest

import regkit
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.job import Job, job
from regkit.runs.start import started

CONFIG = Config(samples=30, hidden=(8, 5), reg=("l1=1e-4",), epochs=30, log_every=10)


@pytest.fixture
def trained(tmp_path: Path) -> Job:
    made = job(CONFIG)
    with started(tmp_path / "run", made, plugin_files=(), force=False) as session:
        list(session.records())
    return made


def test_the_last_weights_are_those_that_training_ended_with(trained: Job, tmp_path: Path) -> None:
    saved = regkit.load(tmp_path / "run", weights="last")
    assert np.array_equal(saved.model.parameters, trained.model.parameters)
    assert saved.epoch == 30
    X, y = trained.data.training
    assert np.array_equal(saved.predict(X), trained.model.predict(X))
    assert np.array_equal(saved.predict_proba(X), trained.model.predict_proba(X))
    assert saved.model.evaluate(X, y) == trained.model.evaluate(X, y)


def test_the_best_weights_have_the_lowest_data_loss_on_validation(
    trained: Job, tmp_path: Path
) -> None:
    from regkit.runs.metrics import Metrics

    saved = regkit.load(tmp_path / "run")
    assert saved.weights.name == "best.safetensors"
    assert trained.data.validation is not None
    records = Metrics(tmp_path / "run" / "metrics.jsonl").read()
    due = [record for record in records if record.epoch % CONFIG.log_every == 0]
    best = min(due, key=lambda record: record.validation.data_loss)
    assert saved.epoch == best.epoch
    assert saved.model.evaluate(*trained.data.validation) == best.validation


def test_weights_that_are_not_there_are_refused(trained: Job, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no zeroed weights yet"):
        regkit.load(tmp_path / "run", weights="zeroed")
    with pytest.raises(InputError, match="weights must be one of zeroed, best, last"):
        regkit.load(tmp_path / "run", weights="first")


def test_a_model_with_other_arrays_is_refused(trained: Job, tmp_path: Path) -> None:
    from regkit.nn.architecture import Architecture
    from regkit.runs.checkpoint import Checkpoint

    architecture = Architecture.of(trained.model)
    Checkpoint(architecture, {"conv1.weights": np.zeros(3)}, 0, {}).save(
        tmp_path / "run" / "best.safetensors"
    )
    with pytest.raises(InputError, match="belongs to a network with different layers"):
        regkit.load(tmp_path / "run")
