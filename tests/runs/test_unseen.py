"""Rows that only a study's measurement sees.

Covers: regkit/runs/table_parts.py
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from regkit.errors import DataError, InputError
from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.unseen import Fold, Share


@pytest.fixture
def table(tmp_path):
    """Each row's input tells its number, so that rows are known again."""
    frame = pd.DataFrame({"n": np.arange(100) / 2, "g": np.arange(100) % 10, "y": ["a", "b"] * 50})
    frame.to_csv(tmp_path / "t.csv", index=False)
    return Config(data=str(tmp_path / "t.csv"), target="y", standardize=False)


def numbers(pair):
    return sorted((2 * pair[0][:, 0]).astype(int).tolist())


def parts(data):
    return numbers(data.training), *(numbers(data.held_out[name]) for name in data.held_out)


def test_a_share_is_held_out_before_the_validation_rows(table):
    data = run_data(table, Share(0.2))
    training, validation, test = parts(data)
    assert list(data.held_out) == ["validation", "test"]
    assert sorted(training + validation + test) == list(range(100))
    assert (len(training), len(validation), len(test)) == (64, 16, 20)
    other = parts(run_data(replace(table, seed=1), Share(0.2)))
    assert other[2] != test
    assert parts(run_data(table, Share(0.2))) == (training, validation, test)


def test_it_is_held_out_by_group_or_from_the_end_like_validation_rows(table):
    data = run_data(replace(table, group="g"), Share(0.2))
    groups = [{row % 10 for row in part} for part in parts(data)]
    assert not groups[0] & groups[1] | groups[0] & groups[2] | groups[1] & groups[2]
    assert [column.name for column in data.preparation.columns] == ["n"]
    training, validation, test = parts(run_data(replace(table, val_last=True), Share(0.2)))
    assert (training, validation, test) == (
        list(range(64)),
        list(range(64, 80)),
        list(range(80, 100)),
    )


def test_a_test_file_stands_in_its_place(table, tmp_path):
    pd.DataFrame({"n": [3.5, 4], "g": 0, "y": ["a", "b"]}).to_csv(tmp_path / "u.csv", index=False)
    training, validation, test = parts(
        run_data(replace(table, test=str(tmp_path / "u.csv")), Share(0.2))
    )
    assert sorted(training + validation) == list(range(100))
    assert test == [7, 8]


def test_folds_divide_the_training_rows_and_leave_validation_alone(table):
    whole = run_data(table)
    folds = [parts(run_data(table, Fold(number, 4, seed=0))) for number in range(4)]
    assert all(validation == numbers(whole.validation) for _, validation, _ in folds)
    assert sorted(row for *_, test in folds for row in test) == numbers(whole.training)
    for training, _, test in folds:
        assert sorted(training + test) == numbers(whole.training)


def test_preparation_is_learned_without_the_unseen_rows(table):
    data = run_data(replace(table, standardize=True), Fold(0, 4, seed=0))
    assert data.training[0][:, 0].mean() == pytest.approx(0, abs=1e-6)
    assert data.held_out["test"][0][:, 0].mean() != pytest.approx(0, abs=1e-6)


def test_synthetic_sets_are_drawn_afresh():
    spiral = Config(samples=20)
    data = run_data(spiral, Share())
    assert len(data.held_out["test"][0]) == 3000
    # Each arm of the spiral begins at the origin.
    seen = {row.tobytes() for row in data.training[0] if row.any()}
    assert not seen & {row.tobytes() for row in data.held_out["test"][0]}
    assert len(run_data(Config(data="sine"), Share()).held_out["test"][0]) == 3000
    fold = run_data(spiral, Fold(0, 5, seed=0))
    assert (len(fold.training[0]), len(fold.held_out["test"][0])) == (48, 12)


def test_what_leaves_no_rows_is_refused(table):
    with pytest.raises(InputError, match="--test-share must be"):
        run_data(table, Share(1.5))
    with pytest.raises(DataError, match=r"none to test on: choose another .* with --test-share$"):
        run_data(table, Share(0.001))


def test_a_changed_file_is_read_again(table, tmp_path):
    before = run_data(table, Share())
    frame = pd.DataFrame({"n": np.arange(60) / 2, "g": np.arange(60) % 7, "y": ["a", "b"] * 30})
    frame.to_csv(tmp_path / "t.csv", index=False)
    after = run_data(table, Share())
    assert len(before.training[0]) == 64
    assert len(after.training[0]) < 60


def test_a_fold_of_what_a_share_leaves_takes_the_place_of_the_validation_rows(table):
    folds = [parts(run_data(table, Share(0.2, Fold(number, 4, 7)))) for number in range(4)]
    tests = [test for _, _, test in folds]
    assert all(test == tests[0] for test in tests)
    assert tests[0] == parts(run_data(table, Share(0.2)))[2]
    validated = [one for _, validation, _ in folds for one in validation]
    assert sorted(validated + tests[0]) == list(range(100))
    for training, validation, test in folds:
        assert sorted(training + validation + test) == list(range(100))


def test_a_synthetic_set_is_folded_and_measured_on_a_fresh_draw():
    config = Config(samples=20)
    whole = run_data(config, Share())
    found = [run_data(config, Share(0.2, Fold(number, 3, 0))) for number in range(3)]
    for one in found:
        np.testing.assert_array_equal(one.held_out["test"][0], whole.held_out["test"][0])
        assert len(one.training[0]) + len(one.validation[0]) == 60
    validated = np.concatenate([one.validation[0] for one in found])
    np.testing.assert_array_equal(np.sort(validated, 0), np.sort(whole.training[0], 0))
