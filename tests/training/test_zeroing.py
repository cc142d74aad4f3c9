"""Exact zeros: they are kept only where the objective does not rise."""

import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from regkit import (
    L1,
    L2,
    Adam,
    Dense,
    Model,
    Regularizer,
    ReLU,
    SoftmaxCrossEntropy,
    datasets,
    train,
)
from regkit.errors import InputError, RegkitWarning
from regkit.training import objective, zero_small

CANDIDATES = 192


def trained(seed=0, *, samples=100, epochs=1500, regularizers=(), dtype="float32", kernels="numpy"):
    X, y = datasets.spiral(samples, 3, seed)
    model = Model(
        [Dense(2, 64), ReLU(), Dense(64, 3)], SoftmaxCrossEntropy(), seed=seed, dtype=dtype
    )
    train(
        model,
        X,
        y,
        optimizer=Adam(0.05, decay=5e-7),
        regularizers=regularizers,
        epochs=epochs,
        log_every=epochs,
        kernels=kernels,
    )
    return model, X, y


def chapters_job(seed):
    """Zeros and objective of the chapter's job under L1, validation accuracy before and after."""
    penalties = [L1(5e-4, on="dense1")]
    with threadpool_limits(1), warnings.catch_warnings():
        # Under Adam, L1 moves biases that nothing else moves, and a warning says so.
        warnings.simplefilter("ignore", RegkitWarning)
        job = {"samples": 1000, "epochs": 10_000, "kernels": "compiled"}
        model, X, y = trained(seed, regularizers=penalties, **job)
        held_out = datasets.spiral(100, 3, seed + 1)
        before = model.score(*held_out)
        zeroed = zero_small(model, X, y, regularizers=penalties)
        return zeroed, before, model.score(*held_out), model.parameters[:CANDIDATES].copy()


@pytest.mark.slow
def test_a_quarter_of_the_chapters_parameters_end_at_zero_and_nothing_gets_worse():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        outcomes = list(processes.map(chapters_job, range(5)))
    for zeroed, accuracy_before, accuracy_after, parameters in outcomes:
        assert zeroed.candidates == CANDIDATES
        assert np.count_nonzero(parameters == 0) == zeroed.zeros_after >= CANDIDATES / 4
        assert zeroed.objective_after <= zeroed.objective_before
        assert accuracy_after >= accuracy_before - 0.01 - 1e-12


def test_the_reported_objective_is_the_float64_objective_of_the_model():
    penalties = [L1(1e-3, on="dense1.weights"), L2(1e-4, on="*")]
    model, X, y = trained(regularizers=penalties)
    before = objective(model.astype("float64"), X, y, regularizers=penalties).loss
    zeroed = zero_small(model, X, y, regularizers=penalties)
    after = objective(model.astype("float64"), X, y, regularizers=penalties).loss
    assert zeroed.objective_before == pytest.approx(before, abs=1e-14)
    assert zeroed.objective_after == pytest.approx(after, abs=1e-14)
    assert after <= before
    assert zeroed.zeros_after > zeroed.zeros_before == 0


def test_each_zero_was_tried_smallest_first_and_kept_only_where_it_did_not_hurt():
    penalties = [L1(1e-3, on="dense1.weights")]
    model, X, y = trained(regularizers=penalties, epochs=600, dtype="float64")
    expected = model.parameters.copy()
    best = objective(model, X, y, regularizers=penalties).loss
    for index in np.argsort(np.abs(expected[:128]), kind="stable"):
        kept = model.parameters[index]
        model.parameters[index] = 0
        tried = objective(model, X, y, regularizers=penalties).loss
        if tried <= best:
            best = tried
        else:
            model.parameters[index] = kept
    by_hand = model.parameters.copy()
    model.parameters[...] = expected
    zero_small(model, X, y, regularizers=penalties)
    assert np.array_equal(model.parameters, by_hand)


def test_only_parameters_under_a_sparsifying_regularizer_are_touched():
    penalties = [L1(1e-2, on="dense1.weights"), L2(1e-2, on="*")]
    model, X, y = trained(regularizers=penalties, epochs=300)
    before = model.parameters.copy()
    zero_small(model, X, y, regularizers=penalties)
    weights = model.span("dense1", "weights")
    changed = np.flatnonzero(model.parameters != before)
    assert len(changed)
    assert ((weights.start <= changed) & (changed < weights.stop)).all()
    assert (model.parameters[changed] == 0).all()


@pytest.mark.parametrize("penalties", [[], [L2(1e-3)]])
def test_without_a_sparsifying_regularizer_there_is_nothing_to_look_for(penalties):
    model, X, y = trained(epochs=1)
    with pytest.raises(InputError, match="use a sparsifying one, such as l1"):
        zero_small(model, X, y, regularizers=penalties)


def test_a_large_layer_keeps_the_guarantee_though_neighbours_are_tried_together():
    X, y = datasets.spiral(20, 3)
    model = Model([Dense(2, 900), ReLU(), Dense(900, 3)], SoftmaxCrossEntropy())
    penalties = [L1(1e-4)]
    train(model, X, y, optimizer=Adam(0.01), regularizers=penalties, epochs=60)
    zeroed = zero_small(model, X, y, regularizers=penalties)
    assert zeroed.candidates == 4500
    assert zeroed.zeros_after > zeroed.candidates / 4
    assert zeroed.objective_after <= zeroed.objective_before


def test_an_objective_that_is_infinite_already_is_refused_and_nothing_is_zeroed():
    class Unit(Regularizer):
        constraint = True

        def prox(self, w, step):
            return w / np.linalg.norm(w)

    model, X, y = trained(epochs=1)
    before = model.parameters.copy()
    with pytest.raises(InputError, match=r"inf before anything is zeroed, since unit@dense1\.w"):
        zero_small(model, X, y, regularizers=[L1(1e-3), Unit(on="dense1.weights")])
    assert np.array_equal(model.parameters, before)
