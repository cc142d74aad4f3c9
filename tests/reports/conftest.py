"""Small runs and studies, each made once."""

from pathlib import Path

import pytest

import regkit as rk
from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.warn import collected_warnings

RUN = {"samples": 30, "hidden": (8,), "epochs": 40, "log_every": 5, "seed": 3}
REG = ("l2=1e-3@dense1", "l1=3e-3,mode=prox@dense2.weights")


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory) -> Path:
    """A run with two penalties, one of which has set weights to 0."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    with collected_warnings():
        execute(Config(**RUN, reg=REG, out=str(folder)))
    return folder


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory) -> list[Path]:
    """The same training without a penalty, and with a strong L2 on the first layer."""
    folders = [tmp_path_factory.mktemp("beside") / name for name in ("none", "l2")]
    with collected_warnings():
        for folder, reg in zip(folders, ("none", "l2=0.05@dense1"), strict=True):
            execute(Config(**{**RUN, "epochs": 120, "hidden": (16,)}, reg=(reg,), out=str(folder)))
    return folders


@pytest.fixture(scope="session")
def comparison(tmp_path_factory) -> Path:
    """A study of three arms and four seeds."""
    folder = tmp_path_factory.mktemp("studies") / "comparison"
    settings = {"data": "spiral", "samples": 20, "hidden": [6], "epochs": 30}
    arms = {"none": [], "l2": ["l2=1e-2@dense1"], "strong <b>": ["l2=0.5"]}
    rk.compare(settings, arms, seeds=4, workers=1, out=folder)
    return folder


@pytest.fixture(scope="session")
def sweep_study(tmp_path_factory) -> Path:
    """A sweep of two numbers, of which some trials are dropped."""
    folder = tmp_path_factory.mktemp("studies") / "sweep"
    settings = {
        **{"data": "sklearn:diabetes", "hidden": [], "epochs": 30, "dtype": "float64"},
        **{"optimizer": "sgd", "lr": "1e-5..0.1", "reg": ["l2=1e-4..1"]},
    }
    rk.sweep(settings, trials=8, batch=4, seeds=4, sampler="random", workers=1, out=folder)
    return folder


@pytest.fixture(scope="session")
def synthetic_sweep(tmp_path_factory) -> Path:
    """A sweep on a synthetic set, measured on a fresh draw."""
    folder = tmp_path_factory.mktemp("studies") / "synthetic"
    settings = {"data": "spiral", "samples": 20, "hidden": "4..8", "epochs": 10, "lr": "1e-3..0.1"}
    rk.sweep(settings, trials=3, seeds=2, workers=1, out=folder)
    return folder


@pytest.fixture(scope="session")
def path_study(tmp_path_factory) -> Path:
    """A path of a linear model."""
    folder = tmp_path_factory.mktemp("studies") / "path"
    settings = {"data": "sklearn:diabetes", "hidden": [], "epochs": 60}
    rk.path(settings, "l1=auto@*.weights", folds=3, strengths=6, workers=1, out=folder)
    return folder
