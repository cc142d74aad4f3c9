"""Strengths that change by epoch equal a hand-written loop, in every mode, and survive a resume."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from safetensors.numpy import load_file

import regkit as rk
from regkit.regularizers.schedule import Schedule

EPOCHS, LR = 40, 0.05
SCHEDULES = {
    "ramp:5:25": lambda e: min(max((e - 5) / 20, 0), 1),
    "warmup:10": lambda e: min(e / 10, 1),
    "from:7": lambda e: float(e >= 7),
    "until:7": lambda e: float(e < 7),
    "cosine:10:30": lambda e: 0.5 * (1 + np.cos(np.pi * min(max((e - 10) / 20, 0), 1))),
    "step:12:0.25~warmup:4": lambda e: (0.25 if e >= 12 else 1.0) * min(e / 4, 1),
}


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    return rng.standard_normal((30, 5)), rng.standard_normal(30)


def linear():
    model = rk.Model([rk.Dense(5, 1)], loss=rk.MeanSquaredError(), dtype="float64")
    model.parameters[...] = np.random.default_rng(2).standard_normal(6)
    return model


def data_gradient(X, y, parameters):
    errors = X @ parameters[:5] + parameters[5] - y
    return np.concatenate([2 * X.T @ errors / len(X), [2 * errors.mean()]])


@pytest.mark.parametrize("mode", ["loss", "decoupled", "prox"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_equals_a_loop_by_hand(data, schedule, mode):
    X, y = data
    factor, strength = SCHEDULES[schedule], 0.2
    w = linear().parameters.copy()
    for epoch in range(EPOCHS):
        gradient, before = data_gradient(X, y, w), w.copy()
        if mode == "loss":
            gradient[:5] += strength * factor(epoch) * np.where(before[:5] >= 0, 1, -1)
        w = before - LR * gradient
        if mode == "decoupled":
            w[:5] -= LR * strength * factor(epoch) * np.where(before[:5] >= 0, 1, -1)
        if mode == "prox":
            threshold = LR * strength * factor(epoch)
            w[:5] = np.sign(w[:5]) * np.maximum(np.abs(w[:5]) - threshold, 0)
    model = linear()
    regularizer = rk.L1(strength, mode=mode, schedule=schedule)
    history = rk.train(model, X, y, optimizer=rk.SGD(LR), regularizers=[regularizer], epochs=EPOCHS)
    assert_allclose(model.parameters, w, rtol=0, atol=1e-12)
    [label] = history[0].layers
    assert [record.factors[label] for record in history] == pytest.approx(
        [factor(epoch) for epoch in range(EPOCHS)]
    )


def test_the_reported_penalty_is_that_of_the_epoch(data):
    model = linear()
    for record in rk.training.steps(
        model,
        *data,
        optimizer=rk.SGD(LR),
        regularizers=["l2=0.3,schedule=ramp:0:10"],
        epochs=12,
    ):
        [value] = record.penalties.values()
        wanted = 0.3 * min(record.epoch / 10, 1) * np.sum(model.layers[0].weights ** 2)
        assert value == pytest.approx(wanted, abs=1e-15)


def test_mini_batches_of_an_epoch_have_one_factor(data):
    """Over 3 batches an epoch, at factor 0 in the first epoch and 1 from the second on."""
    states = []
    for regularizers in ([], ["l2=0.5,schedule=from:1"]):
        model = linear()
        run = rk.training.steps(
            model,
            *data,
            optimizer=rk.SGD(LR),
            regularizers=regularizers,
            epochs=3,
            batch_size=10,
        )
        states.append([model.parameters.copy() for _ in run])
    without, with_it = states
    # A record shows the state before its epoch's last update.
    assert np.array_equal(without[0], with_it[0])
    assert not np.array_equal(without[1], with_it[1])


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["loss", "decoupled", "prox"])
def test_resume_in_the_middle_of_a_ramp_is_exact(workplace, regkit, mode):
    spec = f"l1=5e-3,mode={mode},schedule=ramp:0:60@dense1.weights"
    flags = ["--samples", "20", "--seed", "3", "--log-every", "10", "--reg", spec]
    for arguments in (
        ["train", *flags, "--epochs", "60", "--out", "whole"],
        ["train", *flags, "--epochs", "25", "--out", "parts"],
        ["resume", "parts", "--epochs", "60"],
        ["verify", "parts"],
    ):
        assert regkit(*arguments).code == 0
    for name in ("last.safetensors", "metrics.jsonl"):
        whole, parts = (workplace / folder / name for folder in ("whole", "parts"))
        if name == "metrics.jsonl":
            assert parts.read_bytes() == whole.read_bytes()
        else:
            loaded = [load_file(path) for path in (whole, parts)]
            assert loaded[0].keys() == loaded[1].keys()
            assert all(np.array_equal(loaded[0][key], loaded[1][key]) for key in loaded[0])
    for line in (workplace / "parts" / "metrics.jsonl").read_text().splitlines():
        record = json.loads(line)
        [label] = record["penalties"]
        assert record["factors"] == {label: Schedule("ramp:0:60")(record["epoch"])}
