"""Exact zeros under Adam on networks: the chapter's job, collapse, and what a ramp saves."""

import numpy as np
import pytest

import regkit as rk
from regkit.errors import RegkitWarning

STRENGTH = 5e-4


def trained(specs, *, seed, samples, epochs):
    X, y = rk.datasets.spiral(samples=samples, classes=3, seed=seed)
    layers = [rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, 3)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy(), seed=seed)
    rk.train(
        model,
        X,
        y,
        optimizer=rk.Adam(0.05, decay=5e-7),
        regularizers=specs,
        epochs=epochs,
        log_every=epochs,
        kernels="compiled",
    )
    zeros = {layer.name: np.count_nonzero(layer.weights == 0) for layer in model.parameter_layers}
    return rk.training.objective(model, X, y, regularizers=specs), zeros


@pytest.mark.slow
def test_on_the_chapters_job_half_the_weights_are_zero_at_a_lower_objective():
    # Single runs end where rounding takes them, so medians are compared.
    zero, before, after = [], [], []
    for seed in range(5):
        job = {"seed": seed, "samples": 1000, "epochs": 10_000}
        subgradient, none = trained([f"l1={STRENGTH}@dense1.weights"], **job)
        proximal, zeros = trained([f"l1={STRENGTH},mode=prox@dense1.weights"], **job)
        assert none["dense1"] == 0
        zero.append(zeros["dense1"])
        before.append(subgradient.loss)
        after.append(proximal.loss)
    assert np.median(zero) >= 64
    assert np.median(after) < np.median(before)


@pytest.mark.slow
@pytest.mark.parametrize("on", ["dense1", "*", "weights"])
def test_what_tends_to_collapse_warns_and_trains_with_a_ramp(on):
    job = {"seed": 0, "samples": 300, "epochs": 3000}
    with pytest.warns(RegkitWarning) as caught:
        collapsed, _ = trained([f"l1={STRENGTH},mode=prox@{on}"], **job)
    assert "schedule=ramp:0:1000" in str(caught[0].message)
    ramped, zeros = trained([f"l1={STRENGTH},mode=prox,schedule=ramp:0:1000@{on}"], **job)
    assert collapsed.score.value < 0.6
    assert ramped.score.value > 0.7
    assert ramped.loss < collapsed.loss
    assert zeros["dense1"] >= 40
