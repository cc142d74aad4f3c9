"""What is read of a run before it is drawn.

Covers: regkit/reports/pictures/curves.py
"""

from pathlib import Path
from typing import Any

import pytest
from reports.pictures.drawing import NAMES, copied, lines, rewrite

import regkit as rk
from regkit.errors import InputError
from regkit.reports.pictures import (
    drawn_runs,
    save_pictures,
)
from regkit.runs.config import Config
from regkit.runs.execute import execute


def test_a_run_that_has_saved_no_weights_shows_what_it_recorded(
    tmp_path: Path, spiral: Path
) -> None:
    run = copied(
        spiral,
        tmp_path / "run",
        "config.toml",
        "manifest.json",
        "metrics.jsonl",
        "preparation.json",
    )
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"epoch": 35, "accur')
    saved = save_pictures(drawn_runs([run], weights=None), run / "plots")
    assert {file.stem for file in saved.files} == NAMES - {"boundary", "weights"}
    assert saved.notes == [
        f"{name} is left out for {run}: it has saved no weights yet"
        for name in ("boundary", "weights")
    ]
    with pytest.raises(InputError, match="holds no best weights yet"):
        drawn_runs([run], weights="best")


def test_a_model_without_a_training_of_its_own_is_not_plotted(tmp_path: Path) -> None:
    execute(Config(samples=10, hidden=(2,), epochs=0, out=str(tmp_path / "run")))
    with pytest.raises(InputError, match="holds a model without a training of its own"):
        drawn_runs([tmp_path / "run"], weights=None)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda path: path.unlink(), "the records of .*run are missing: put .*metrics.jsonl back"),
        (lambda path: path.write_text(""), "make them again with `regkit train .*config.toml"),
        (lambda path: path.write_text("what?\n"), "line 1 is not a record of a run"),
        (
            lambda path: path.write_text('{"epoch": 0}\n'),
            "line 1 is not a record of a run: .*data_loss",
        ),
    ],
)
def test_damaged_metrics_are_refused(
    tmp_path: Path, spiral: Path, damage: Any, complaint: str
) -> None:
    run = copied(spiral, tmp_path / "run")
    damage(run / "metrics.jsonl")
    with pytest.raises(InputError, match=complaint):
        drawn_runs([run], weights=None)


def test_a_run_that_has_not_saved_anything_is_to_be_resumed(tmp_path: Path, spiral: Path) -> None:
    files = ("config.toml", "manifest.json", "preparation.json")
    run = copied(spiral, tmp_path / "run", *files)
    with pytest.raises(InputError, match="holds no records yet: go on with `regkit resume"):
        drawn_runs([run], weights=None)


def test_records_of_arrays_are_made_again_in_python(tmp_path: Path) -> None:
    model = rk.Model([rk.Dense(2, 3)], rk.SoftmaxCrossEntropy())
    X, y = rk.datasets.spiral(samples=10, classes=3)
    rk.train(model, X, y, optimizer=rk.Adam(0.05), epochs=3, out=tmp_path / "run")
    (tmp_path / "run" / "metrics.jsonl").unlink()
    with pytest.raises(InputError, match=r"or train again with rk\.train"):
        rk.plot(rk.load(tmp_path / "run"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"loss": "much"}, "line 2 is not a record of a run: Expected `float`, got `str`"),
        ({"accuracy": None}, "line 2 is not a record of a run: .*either an accuracy or an R²"),
        ({"r2": 0.5}, "line 2 is not a record of a run: .*either an accuracy or an R²"),
        ({"validation": {}}, "line 2 is not a record of a run: .*data_loss"),
        ({"lr": "much"}, "line 2 is not a record of a run: Expected `float`, got `str`"),
        ({"penalties": {"l2": 0.1}}, "line 2 is not a record of a run: its penalties and"),
        ({"validation": None}, "line 2 has other entries than line 1"),
        ({"gradient_norms": None}, "line 2 has other entries than line 1"),
    ],
)
def test_a_strange_record_is_refused(
    tmp_path: Path, spiral: Path, change: dict[str, Any], complaint: str
) -> None:
    run = copied(spiral, tmp_path / "run")
    first, second, *others = lines(run)
    rewrite(run, [first, second | change, *others])
    with pytest.raises(InputError, match=complaint):
        drawn_runs([run], weights=None)


def test_a_damaged_checkpoint_is_refused(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    (run / "best.safetensors").write_bytes(b"\x00" * 40)
    with pytest.raises(InputError, match="not a complete safetensors file"):
        drawn_runs([run], weights=None)
