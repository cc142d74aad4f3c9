"""`rk.train`: what the command can do, from Python.

Covers: regkit/runs/array_job.py
"""

import io
import sys

import numpy as np
import pandas as pd
import pytest

import regkit as rk
from regkit.errors import InputError, Interrupted
from regkit.training import History

LABELS = np.array(["red", "green", "blue"])
X, Y = rk.datasets.spiral(20, 3)
HELD_OUT = rk.datasets.spiral(20, 3, seed=(0, 1))


def network(**more):
    layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3)]
    return rk.Model(layers, rk.SoftmaxCrossEntropy(), **more)


def train(model, y=Y, *, epochs=60, **more):
    return rk.train(model, X, y, optimizer=rk.Adam(0.05), epochs=epochs, **more)


def test_it_is_the_loop_with_a_history():
    by_steps, model = network(), network()
    history = train(model, regularizers=["l2=1e-2"], batch_size=7)
    records = rk.training.steps(
        by_steps, X, Y, optimizer=rk.Adam(0.05), epochs=60, regularizers=["l2=1e-2"], batch_size=7
    )
    assert isinstance(history, History)
    assert history == list(records)
    assert np.array_equal(model.parameters, by_steps.parameters)


def test_labels_are_learned_and_given_back():
    model, plain = network(), network()
    train(model, LABELS[Y], validation=(HELD_OUT[0], LABELS[HELD_OUT[1]]))
    # Sorted: blue, green, red.
    train(plain, 2 - Y.astype(int))
    assert np.array_equal(model.parameters, plain.parameters)
    assert model.predict(X).tolist() == np.sort(LABELS)[plain.predict(X)].tolist()


class Abort(rk.L2):
    """Ctrl-C in the middle of a training."""

    prox = None
    grad_into = None

    def value(self, w):
        self.seen.append(0)
        if len(self.seen) > 5:
            raise KeyboardInterrupt
        return super().value(w)

    seen = []


@pytest.mark.parametrize("saved", [False, True])
def test_ctrl_c_leaves_the_history_at_hand(tmp_path, saved):
    Abort.seen.clear()
    more = {"out": tmp_path / "run"} if saved else {}
    with pytest.raises(KeyboardInterrupt) as interrupted:
        train(network(), regularizers=[Abort(1e-3, on="dense1.weights")], **more)
    assert isinstance(interrupted.value, Interrupted)
    history = interrupted.value.history
    assert [record.epoch for record in history] == [0, 1, 2, 3, 4]
    if saved:
        assert rk.load(tmp_path / "run", weights="last").epoch == 5


def test_ctrl_c_restores_the_best_weights_that_were_asked_for(tmp_path):
    Abort.seen.clear()
    model = network()
    more = {"validation": HELD_OUT, "restore_best": True, "out": tmp_path / "run"}
    with pytest.raises(Interrupted) as interrupted:
        train(model, regularizers=[Abort(1e-3, on="dense1.weights")], **more)
    best = rk.load(tmp_path / "run", weights="best")
    assert best.epoch == interrupted.value.history.best_epoch
    assert np.array_equal(best.model.parameters, model.parameters)


def test_a_bar_counts_the_epochs(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    train(network(), progress=True, log_every=50)
    assert "60/60" in written.getvalue()
    written.truncate(0)
    train(network())
    assert written.getvalue().strip("\0") == ""


@pytest.mark.parametrize("labels", [None, LABELS, LABELS.astype(object)])
def test_a_run_is_saved_loaded_and_used(tmp_path, labels):
    def named(y):
        return y if labels is None else labels[y]

    model = network(dtype="float64")
    history = train(
        *(model, named(Y)),
        validation=(HELD_OUT[0], named(HELD_OUT[1])),
        regularizers=["l2=0.001", rk.L1(1e-4)],
        out=tmp_path / "run",
        log_every=25,
    )
    run = rk.load(tmp_path / "run", weights="last")
    assert np.array_equal(run.model.parameters, model.parameters)
    assert run.predict(X).tolist() == model.predict(X).tolist()
    best = rk.load(tmp_path / "run")
    assert best.weights.name == "best.safetensors"
    assert best.epoch == history.best_epoch
    records = [record.epoch for record in history]
    assert records == [0, 25, 50, 59]
    assert run.config.reg == ("l2=0.001", "l1=0.0001")


def test_the_best_weights_are_saved_whether_or_not_they_are_restored(tmp_path):
    for restore in (False, True):
        folder = tmp_path / str(restore)
        model = network()
        history = train(
            *(model, Y),
            epochs=2000,
            patience=30,
            validation=HELD_OUT,
            restore_best=restore,
            out=folder,
        )
        assert history.stopped is not None
        best, last = (rk.load(folder, weights=name) for name in ("best", "last"))
        assert best.epoch == history.best_epoch < history.stopped
        assert np.array_equal(best.model.parameters, model.parameters) == restore
        assert last.epoch == history.stopped + 1
        assert not np.array_equal(last.model.parameters, best.model.parameters)


def test_a_folder_that_holds_a_run_is_refused(tmp_path):
    train(network(), epochs=1, out=tmp_path / "run")
    with pytest.raises(InputError, match="holds a run"):
        train(network(), epochs=1, out=tmp_path / "run")


def test_regression_with_several_outputs_is_saved(tmp_path):
    model = rk.Model([rk.Dense(2, 2)], rk.MeanSquaredError())
    rk.train(model, X, X[:, ::-1], optimizer=rk.SGD(0.1), epochs=9, out=tmp_path / "run")
    run = rk.load(tmp_path / "run")
    np.testing.assert_array_equal(run.predict(X), model.predict(X))


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: train(network(), regularizers=rk.L2(0.1)), r"list, such as \["),
        (lambda: train(network(), regularizers=None), "regularizers must be a list"),
        (lambda: train(network(), regularizers=[rk.L2]), r"instances, such as L2\("),
        (lambda: rk.training.objective(network(), X, Y, regularizers=rk.L2(1)), "must be a list"),
        (lambda: train(network(), regularizers={"l2": 1e-3}), r"list, such as \['l2=0.001'\]"),
        (lambda: train(network(), restore_best="no", validation=HELD_OUT), "must be True or False"),
        (lambda: train(network(), progress="no"), "progress must be True or False"),
        (lambda: train(network(), out=5), "out must be a path, got 5"),
        (lambda: train(network(), out=""), "out must be a path, got ''"),
        (lambda: train(network(), lr_schedule=lambda: 1), "must be a function of the epoch"),
        (lambda: network().forward(X, rng=5), r"rng must be numpy\.random\.default_rng"),
        (lambda: rk.regularizer(5), "a spec must be text"),
        (lambda: rk.load("here", classes=[3]), "classes must hold classes, got 3"),
        (lambda: rk.Adam().step(network().parameters, X), "two flat arrays of one size"),
        (lambda: train(network(), validation=0.2), r"pair of arrays \(X, y\), got 0.2"),
        (lambda: rk.train(rk.Model, X, Y, optimizer=rk.Adam(), epochs=1), "model must be a model"),
        (lambda: rk.train(network(), X, Y, optimizer=rk.Adam, epochs=1), r"such as Adam\(0.05\)"),
        (lambda: train(network(), None), "y must be an array or a list"),
        (lambda: train(network(), Y[:3]), "X has 60 rows, but y has 3"),
        (lambda: rk.Model([rk.Dense(2, 3)], rk.SoftmaxCrossEntropy), "SoftmaxCrossEntropy"),
        (lambda: rk.Model([rk.Dense(2, 3), rk.ReLU], rk.SoftmaxCrossEntropy()), "ReLU"),
        (lambda: rk.Model(rk.Dense(2, 3), rk.SoftmaxCrossEntropy()), "list"),
        (lambda: rk.Model([rk.Dense(2, 3)], rk.MeanSquaredError(), dtype=np.zeros(3)), "dtype"),
    ],
)
def test_arguments_of_the_wrong_kind_get_one_line(build, said):
    with pytest.raises(InputError, match=said) as refused:
        build()
    assert "\n" not in str(refused.value)


def test_a_run_on_a_frame_takes_the_frame(tmp_path):
    frame = pd.DataFrame(X, columns=["east", "north"])
    model = network()
    train(model, Y, out=tmp_path / "array")
    rk.train(model, frame, Y, optimizer=rk.Adam(), epochs=2, out=tmp_path / "frame")
    run = rk.load(tmp_path / "frame")
    assert run.predict(frame[["north", "east"]]).tolist() == model.predict(X).tolist()
    assert run.predict(X).tolist() == model.predict(X).tolist()
