"""The runs that are drawn."""

from pathlib import Path

import numpy as np
import pytest
from made_runs import made_run
from reports.pictures.drawing import TWO_PENALTIES


@pytest.fixture(scope="session")
def spiral(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spiral") / "run"
    made_run(path, reg=TWO_PENALTIES)
    return path


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run without regularizers, of another depth."""
    path = tmp_path_factory.mktemp("plain") / "other"
    made_run(path, reg=("none",), hidden=(6, 5), epochs=20)
    return path


@pytest.fixture(scope="session")
def sine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sine") / "sine"
    made_run(path, data="sine", reg=("l2=1e-4",))
    return path


def table_of_two(path: Path) -> None:
    chance = np.random.default_rng(0)
    ages, pays = chance.uniform(20, 60, 80), chance.uniform(1000, 9000, 80)
    rows = [
        f"{age!r};{pay!r};{'$yes$' if pay > 200 * age - 3000 else '_no'}"
        for age, pay in zip(ages.tolist(), pays.tolist(), strict=True)
    ]
    path.write_text("\n".join(["age;pay;answer", *rows]))


@pytest.fixture
def table_run(tmp_path: Path) -> Path:
    table_of_two(tmp_path / "table.csv")
    made_run(
        tmp_path / "run",
        data=str(tmp_path / "table.csv"),
        target="answer",
        standardize=True,
        samples=1000,
        epochs=60,
    )
    return tmp_path / "run"
