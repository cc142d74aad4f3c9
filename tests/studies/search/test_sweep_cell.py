"""One trial with one seed, on one split or fold."""

from dataclasses import replace

import numpy as np
import pytest

import regkit as rk
from regkit.runs.config import Config
from regkit.runs.config_file import toml_of
from regkit.studies.search.repeats import Repeat
from regkit.studies.search.sweep_cell import SweepCell

SETTINGS = Config(samples=20, val_samples=10, epochs=5, hidden=(4,), reg=("l2=0.01",))
CELL = SweepCell(
    "trial 3, seed 2", 3, '{"l2": 0.01}', toml_of(SETTINGS), Repeat(2, 2), (), 0.2, "data_loss"
)


def test_it_is_the_training_of_its_settings_on_the_split_of_its_seed():
    (row,) = CELL.perform()
    X, y = rk.datasets.spiral(20, 3, 2)
    layers = [rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=2)
    optimizer = rk.Adam(0.05, decay=5e-7)
    rk.train(model, X, y, optimizer=optimizer, regularizers=[rk.L2(0.01)], epochs=5, seed=2)
    assert row["train"]["data_loss"] == pytest.approx(
        rk.training.objective(model, X, y, regularizers=[]).data_loss
    )
    assert row["validation"]["accuracy"] == model.score(*rk.datasets.spiral(10, 3, (2, 1)))
    assert row["test"]["accuracy"] == model.score(*rk.datasets.spiral(1000, 3, (2, 2)))
    assert (row["trial"], row["values"], row["seed"]) == (3, {"l2": 0.01}, 2)


def test_seeds_on_one_fold_share_its_rows_and_differ_in_their_weights():
    rows = [
        replace(CELL, settings=toml_of(replace(SETTINGS, epochs=0)), repeat=repeat).perform()[0]
        for repeat in (Repeat(0, 0, 1, 3), Repeat(1, 0, 1, 3), Repeat(0, 0, 2, 3))
    ]
    losses = [row["train"]["data_loss"] for row in rows]
    assert len(set(losses)) == 3
    assert [row["fold"] for row in rows] == [1, 1, 2]
    assert np.isfinite(losses).all()


def test_rows_are_owned_only_by_the_trial_with_their_numbers():
    rows = CELL.perform()
    assert CELL.owns(rows)
    assert CELL.owns(CELL.failed("DivergenceError: the loss"))
    assert not replace(CELL, values='{"l2": 0.02}').owns(rows)
    assert not replace(CELL, trial=4).owns(rows)
    assert not replace(CELL, repeat=Repeat(2, 2, 0, 2)).owns(rows)
    assert not CELL.owns([{**rows[0], "validation": {}}])
    assert not CELL.owns([*rows, *rows])


def test_of_a_whole_row_with_other_numbers_nothing_is_called_damaged():
    rows = CELL.perform()
    said = replace(CELL, values='{"l2": 0.02}').refusal(rows)
    assert "trial 3, seed 2 with l2 = 0.01, and the sweep asks for it with l2 = 0.02: " in said
    assert "damaged" not in said
    spoilt = [{"validation": {}}, {"values": {"l2": "much"}}, {"values": {"lr": 1}}, {"values": 3}]
    for one in spoilt:
        assert "rows of trial 3, seed 2 are damaged" in CELL.refusal([{**rows[0], **one}])
