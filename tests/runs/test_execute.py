"""A job runs to its end without a command: settings in, outcome out, events for who watches.

Covers: regkit/runs/events.py, regkit/runs/job.py, regkit/runs/session.py, regkit/runs/start.py
"""

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from outsiders_layer import Scale

import regkit as rk
from regkit.errors import InputError
from regkit.runs import events
from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.execute import execute, finish
from regkit.runs.start import reopened
from regkit.runs.verify import verify

CONFIG = Config(samples=20, hidden=(6,), epochs=30, log_every=10, reg=("l1=1e-3",), seed=2)


def network(seed=9):
    layers = [rk.Dense(2, 6), Scale(6), rk.ReLU(), rk.Dense(6, 3)]
    return rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=seed)


def told(config, **more):
    seen = []
    outcome = execute(config, watch=seen.append, **more)
    return outcome, seen


def test_the_outcome_is_what_was_told_and_what_the_library_gives():
    outcome, seen = told(CONFIG)
    kinds = [type(event).__name__ for event in seen]
    assert kinds == ["Began", *["RecordMade"] * 4, "Ended"]
    ended = seen[-1]
    assert (outcome.finished, outcome.epochs, ended.epochs) == (True, 30, 30)
    assert outcome.objective == ended.training
    assert outcome.held_out == ended.held_out
    layers = [rk.Dense(2, 6), rk.ReLU(), rk.Dense(6, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=2)
    data = rk.datasets.spiral(20, 3, seed=2)
    validation = rk.datasets.spiral(100, 3, seed=(2, 1))
    records = rk.train(
        model,
        *data,
        optimizer=rk.Adam(0.05, decay=5e-7),
        regularizers=["l1=1e-3"],
        epochs=30,
        log_every=10,
        validation=validation,
        seed=2,
    )
    assert [event.record for event in seen[1:-1]] == records
    assert np.array_equal(outcome.job.model.parameters, model.parameters)
    found, wanted = outcome.held_out["validation"], model.evaluate(*validation)
    assert (found.data_loss, found.score) == (wanted.data_loss, wanted.score)


def test_small_weights_are_zeroed_and_the_folder_is_named(tmp_path):
    config = replace(CONFIG, zero_small=True, out=str(tmp_path / "run"))
    outcome, seen = told(config)
    assert [type(event) for event in seen[-3:]] == [
        events.SmallWeightsZeroed,
        events.Ended,
        events.Saved,
    ]
    assert outcome.zeroed == seen[-3].zeroed
    assert seen[-3].after == outcome.held_out
    assert seen[-1].path == tmp_path / "run"
    assert rk.load(tmp_path / "run").weights.name == "zeroed.safetensors"


def test_patience_is_told_before_the_end():
    config = replace(CONFIG, patience=1, min_delta=10.0, log_every=1)
    _, seen = told(config)
    patience = seen[-2]
    assert isinstance(patience, events.PatienceCompared)
    assert (patience.stopped_at, patience.improved_at) == (1, 0)


def test_whoever_guards_the_training_may_end_it(tmp_path):
    seen = []

    @contextmanager
    def after_one_record(stop):
        seen.append("guarded")
        watching.append(stop)
        yield
        watching.clear()

    watching = []

    def watch(event):
        if isinstance(event, events.RecordMade):
            assert watching
            watching[0]()

    out = str(tmp_path / "run")
    outcome = execute(replace(CONFIG, out=out), watch=watch, while_training=after_one_record)
    assert seen == ["guarded"]
    assert (outcome.finished, outcome.epochs, outcome.objective) == (False, 1, None)
    with reopened(tmp_path / "run", plugin_files=(), classes=(), epochs=None) as (session, changes):
        assert changes == []
        ended = finish(session)
    whole, _ = told(CONFIG)
    assert ended.epochs == 30
    assert np.array_equal(ended.job.model.parameters, whole.job.model.parameters)


def test_data_that_are_there_are_not_read_again(monkeypatch):
    data = run_data(CONFIG)
    wanted, _ = told(CONFIG)
    monkeypatch.setattr("regkit.runs.job.run_data", None)
    found, _ = told(CONFIG, data=data)
    assert found.objective == wanted.objective


def test_a_path_goes_on_from_a_solution():
    first, _ = told(CONFIG)
    start = first.job.model.astype("float32")
    second, seen = told(replace(CONFIG, reg=("l1=1e-2",)), model=start)
    assert second.job.model is start
    assert seen[1].record.data_loss == pytest.approx(first.objective.data_loss)
    assert seen[1].record.penalty == pytest.approx(10 * first.objective.penalty)


def test_a_model_that_does_not_fit_the_data_is_refused():
    model = rk.Model([rk.Dense(3, 3)], rk.SoftmaxCrossEntropy())
    with pytest.raises(InputError, match="takes 3 inputs and gives 3 outputs, but the data have 2"):
        execute(CONFIG, model=model)


def test_a_network_with_an_outsiders_layer_is_saved_loaded_resumed_and_verified(tmp_path):
    config = replace(CONFIG, out=str(tmp_path / "run"), reg=("l2=1e-2@scale1",))
    outcome, seen = told(config, model=network())
    assert seen[1].record.layers == {"l2@scale1": {"scale1": pytest.approx(0.06)}}
    with pytest.raises(InputError, match=r"a layer Scale \(of .*\), which is not regkit's: load "):
        rk.load(tmp_path / "run")
    saved = rk.load(tmp_path / "run", weights="last", classes=[Scale])
    assert np.array_equal(saved.model.parameters, outcome.job.model.parameters)
    assert np.array_equal(saved.untrained.parameters, network().parameters)
    X, _ = run_data(CONFIG).training
    assert np.array_equal(saved.predict(X), outcome.job.model.predict(X))
    given = {"plugin_files": (), "classes": (), "layer_classes": [Scale]}
    assert verify(tmp_path / "run", **given).same
    with reopened(tmp_path / "run", epochs=60, **given) as (session, changes):
        assert changes == []
        resumed = finish(session)
    whole = execute(replace(CONFIG, epochs=60, reg=config.reg), model=network())
    assert np.array_equal(resumed.job.model.parameters, whole.job.model.parameters)


class CannotBeMadeAgain(Scale):
    def settings(self):
        return {"n_features": self.n_inputs, "colour": "red"}


class HasNoJsonSettings(Scale):
    def settings(self):
        return {"n_features": self.params}


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [(CannotBeMadeAgain, "cannot be rebuilt"), (HasNoJsonSettings, "cannot be saved as JSON")],
)
def test_a_layer_that_cannot_be_saved_is_refused_before_training(tmp_path, layer, complaint):
    layers = [rk.Dense(2, 6), layer(6), rk.Dense(6, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy())
    with pytest.raises(InputError, match=complaint):
        execute(replace(CONFIG, out=str(tmp_path / "run")), model=model)
    assert not (tmp_path / "run").exists()
    assert execute(CONFIG, model=model).finished


@pytest.mark.parametrize("asked", [False, True])
def test_gradient_norms_are_worked_out_only_when_asked_for(asked, tmp_path):
    calls = []

    class Counted(rk.L2):
        def grad(self, w):
            calls.append("grad")
            return 2 * w

        grad_into = prox = None

    config = replace(
        CONFIG, reg=("counted=1@dense1.weights",), gradient_norms=asked, out=str(tmp_path / "run")
    )
    _, seen = told(config, classes=[Counted])
    for_the_ledger = 2
    assert len(calls) == 30 + for_the_ledger + (4 if asked else 0)
    norms = seen[1].record.gradient_norms
    assert (norms is not None) == asked


def test_a_path_may_be_given_as_one(tmp_path):
    assert execute(replace(CONFIG, epochs=1, out=tmp_path / "run")).finished
    assert rk.load(tmp_path / "run", weights="last").epoch == 1


def test_the_dtype_of_a_run_is_that_of_the_model_it_was_given(tmp_path):
    model = network().astype("float64")
    config = replace(CONFIG, epochs=1, out=str(tmp_path / "run"))
    execute(config, model=model)
    saved = rk.load(tmp_path / "run", weights="last", classes=[Scale])
    assert saved.config.dtype == "float64" == saved.model.dtype


def test_what_is_no_list_of_specs_or_classes_is_refused(tmp_path):
    with pytest.raises(InputError, match="reg holds spec strings such as 'l2=1e-4', got"):
        execute(replace(CONFIG, reg=(rk.L1(0.1),)))
    with pytest.raises(InputError, match=r"classes must be a list, such as \[Scale\]"):
        rk.load(tmp_path, classes=Scale)


@pytest.mark.parametrize(
    ("flag", "settings"), [("data_seed", {}), ("split_seed", {"data": "sklearn:iris"})]
)
def test_a_seed_out_of_range_is_refused_by_its_name(flag, settings):
    with pytest.raises(InputError, match=f"{flag} must be an integer from 0"):
        run_data(Config(**settings, **{flag: -1}))
