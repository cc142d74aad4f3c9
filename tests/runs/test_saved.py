"""`regkit.load`: a run's model, as it was trained, with everything it needs to predict.

Covers: regkit/data/by_position.py
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import regkit
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.job import Job, job
from regkit.runs.saved import SavedRun
from regkit.runs.start import reopened, started

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


def test_the_best_weights_have_the_lowest_data_loss_on_validation(tmp_path: Path) -> None:
    def run(folder: Path, log_every: int) -> SavedRun:
        made = job(replace(CONFIG, epochs=400, log_every=log_every))
        with started(folder, made, plugin_files=(), force=False) as session:
            list(session.records())
        return regkit.load(folder)

    saved = run(tmp_path / "each", 1)
    losses = [record.validation.data_loss for record in saved.records if record.validation]
    last = regkit.load(tmp_path / "each", weights="last")
    held_out = saved.data().validation
    assert held_out is not None
    losses.append(last.evaluate_prepared(*held_out).data_loss)
    assert saved.weights.name == "best.safetensors"
    assert saved.epoch == int(np.argmin(losses))
    assert saved.evaluate_prepared(*held_out).data_loss == min(losses)
    seldom = run(tmp_path / "seldom", 1000)
    assert np.array_equal(seldom.model.parameters, saved.model.parameters)


def test_weights_that_are_not_there_are_refused(trained: Job, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="has no zeroed weights: it was trained without --zero-small"
    ):
        regkit.load(tmp_path / "run", weights="zeroed")
    with pytest.raises(InputError, match="weights must be one of zeroed, best, last"):
        regkit.load(tmp_path / "run", weights="first")


FRAME = pd.DataFrame(
    {
        "size": np.tile([1.5, 2.5, 3.5, 4.5], 10),
        "colour": np.tile(["red", "blue"], 20),
        "kind": np.tile(["a", "a", "b", "b"], 10),
    }
)
ROWS = [[1.5, "red"], [4.5, "blue"]]


@pytest.fixture
def on_a_table(tmp_path: Path) -> SavedRun:
    FRAME.to_csv(tmp_path / "t.csv", index=False)
    config = Config(data=str(tmp_path / "t.csv"), target="kind", epochs=200, val=0.0)
    with started(tmp_path / "run", job(config), plugin_files=(), force=False) as session:
        list(session.records())
    return regkit.load(tmp_path / "run")


def test_arrays_are_taken_by_position_and_frames_by_name(on_a_table) -> None:
    wanted = on_a_table.predict(FRAME)
    assert wanted.tolist() == FRAME["kind"].tolist()
    turned = FRAME[["kind", "colour", "size"]].assign(more=1)
    assert on_a_table.predict(turned).tolist() == wanted.tolist()
    inputs = FRAME[["size", "colour"]].to_numpy(dtype=object)
    for given in (inputs, inputs.tolist(), tuple(map(tuple, inputs))):
        assert on_a_table.predict(given).tolist() == wanted.tolist()
    assert on_a_table.predict(ROWS).tolist() == ["a", "b"]
    assert on_a_table.predict_proba(ROWS).shape == (2, 2)


@pytest.mark.parametrize(
    "given", [[[1.5]], [[1.5, "red", 3]], FRAME.to_numpy(dtype=object), np.zeros((3, 3))]
)
def test_another_number_of_columns_is_refused(on_a_table, given) -> None:
    with pytest.raises(InputError, match="the model takes 2, in this order: 'size', 'colour'"):
        on_a_table.predict(given)


@pytest.mark.parametrize("given", [[[1.5, "red"], [2.5]], 3, None, [], [1.5, 2.5]])
def test_what_is_no_table_is_refused(on_a_table, given) -> None:
    with pytest.raises(InputError, match="table"):
        on_a_table.predict(given)


def test_it_is_evaluated_with_the_target_inside_or_beside(on_a_table) -> None:
    inside = on_a_table.evaluate(FRAME)
    beside = on_a_table.evaluate(FRAME[["size", "colour"]], FRAME["kind"])
    assert inside.accuracy == 1.0
    assert (beside.data_loss, beside.score) == (inside.data_loss, inside.score)
    assert beside.report.labels == ("a", "b")
    assert np.array_equal(beside.report.confusion, [[20, 0], [0, 20]])
    with pytest.raises(InputError, match="has 40 rows, but y has 2"):
        on_a_table.evaluate(FRAME, ["a", "b"])
    with pytest.raises(InputError, match="holds 'c', unknown from training"):
        on_a_table.evaluate(ROWS, ["a", "c"])


def test_a_file_without_a_header_is_taken_by_position(tmp_path: Path) -> None:
    # The target comes first, so that the inputs alone have other numbers than in training.
    FRAME[["kind", "size", "colour"]].to_csv(tmp_path / "t.csv", index=False, header=False)
    config = Config(
        data=str(tmp_path / "t.csv"), target="column_1", header=False, epochs=200, val=0.0
    )
    with started(tmp_path / "run", job(config), plugin_files=(), force=False) as session:
        list(session.records())
    saved = regkit.load(tmp_path / "run")
    wanted = FRAME["kind"].tolist()
    FRAME[["size", "colour"]].to_csv(tmp_path / "inputs.csv", index=False, header=False)
    assert saved.predict(tmp_path / "inputs.csv").tolist() == wanted
    assert saved.predict(tmp_path / "t.csv").tolist() == wanted
    assert saved.evaluate(tmp_path / "t.csv").accuracy == 1.0
    FRAME.assign(more=1, still=2).to_csv(tmp_path / "wide.csv", index=False, header=False)
    with pytest.raises(InputError, match="has 5 columns, but the model takes 2: "):
        saved.predict(tmp_path / "wide.csv")


def test_columns_that_were_dropped_may_stand_in_a_file_without_a_header(tmp_path: Path) -> None:
    wide = FRAME.assign(more=1)[["kind", "more", "size", "colour"]]
    wide.to_csv(tmp_path / "t.csv", index=False, header=False)
    config = Config(
        data=str(tmp_path / "t.csv"),
        target="column_1",
        drop=("column_2",),
        header=False,
        epochs=200,
        val=0.0,
    )
    with started(tmp_path / "run", job(config), plugin_files=(), force=False) as session:
        list(session.records())
    saved = regkit.load(tmp_path / "run")
    assert saved.evaluate(tmp_path / "t.csv").accuracy == 1.0
    FRAME[["size", "colour"]].to_csv(tmp_path / "inputs.csv", index=False, header=False)
    assert saved.predict(tmp_path / "inputs.csv").tolist() == FRAME["kind"].tolist()


def test_a_matrix_in_a_file_is_taken_by_position(trained: Job, tmp_path: Path) -> None:
    saved = regkit.load(tmp_path / "run")
    X, y = trained.data.training
    np.savez(tmp_path / "points.npz", X=X, y=y)
    assert np.array_equal(saved.predict(tmp_path / "points.npz"), saved.predict(X))
    assert saved.evaluate(tmp_path / "points.npz").score == saved.evaluate(X, y).score


def test_a_run_on_an_npz_takes_arrays(tmp_path: Path) -> None:
    X = np.random.default_rng(0).standard_normal((60, 2))
    y = X @ [3.0, -2.0] + 100
    np.savez(tmp_path / "t.npz", X=X, y=y[:, np.newaxis])
    config = Config(data=str(tmp_path / "t.npz"), epochs=500, val=0.0, hidden=())
    with started(tmp_path / "run", job(config), plugin_files=(), force=False) as session:
        list(session.records())
    saved = regkit.load(tmp_path / "run")
    np.testing.assert_allclose(saved.predict(X), y, atol=0.1)
    assert saved.evaluate(X, y).rmse < 0.1


def test_records_come_with_it(trained: Job, tmp_path: Path) -> None:
    records = regkit.load(tmp_path / "run").records
    assert [record.epoch for record in records] == [0, 10, 20, 29]


def test_weights_that_were_zeroed_before_more_epochs_are_not_taken(tmp_path: Path) -> None:
    folder, config = tmp_path / "run", replace(CONFIG, zero_small=True)
    with started(folder, job(config), plugin_files=(), force=False) as session:
        list(session.records())
        session.zero_small()
    assert regkit.load(folder).weights.name == "zeroed.safetensors"
    stale = (folder / "zeroed.safetensors").read_bytes()
    with reopened(folder, plugin_files=(), classes=(), epochs=40) as (session, _):
        list(session.records())
    (folder / "zeroed.safetensors").write_bytes(stale)
    assert regkit.load(folder).weights.name == "best.safetensors"
    with pytest.raises(InputError, match="holds no zeroed weights yet"):
        regkit.load(folder, weights="zeroed")


def test_data_that_have_changed_are_not_evaluated_on(on_a_table, tmp_path: Path) -> None:
    assert on_a_table.data().training[0].shape == (40, 3)
    FRAME.replace({"kind": {"a": "c"}}).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(InputError, match="has changed since the run was trained"):
        on_a_table.data()


def test_names_that_are_numbers_are_names_all_the_same(trained: Job, tmp_path: Path) -> None:
    saved = regkit.load(tmp_path / "run")
    X, _ = trained.data.training
    frame = pd.DataFrame(X, columns=["x1", "x2"])
    frame[["x2", "x1"]].to_csv(tmp_path / "turned.csv", index=False)
    for turned in (frame[["x2", "x1"]], tmp_path / "turned.csv"):
        assert np.array_equal(saved.predict(turned), saved.predict(X))


def test_the_last_weights_under_the_name_of_the_best_are_refused(
    trained: Job, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    (run / "best.safetensors").write_bytes((run / "last.safetensors").read_bytes())
    with pytest.raises(InputError, match=r"was written as last\.safetensors"):
        regkit.load(run)
