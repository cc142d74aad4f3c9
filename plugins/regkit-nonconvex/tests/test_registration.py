"""The entry points, as an installed regkit sees them."""

from importlib.metadata import entry_points

import numpy as np
import pytest
import regkit_nonconvex

import regkit

CLASSES = {
    "capped_l1": regkit_nonconvex.CappedL1,
    "l_half": regkit_nonconvex.LHalf,
    "log_sum": regkit_nonconvex.LogSum,
    "mcp": regkit_nonconvex.MCP,
    "scad": regkit_nonconvex.SCAD,
}


def test_every_penalty_is_registered():
    offered = [e for e in entry_points(group="regkit") if e.module.startswith("regkit_nonconvex.")]
    assert {entry.name: entry.load() for entry in offered} == CLASSES


@pytest.mark.parametrize(
    "spec",
    [
        "mcp=0.001,gamma=0.5@dense1",
        "scad=0.001,knee=0.1,a=2.5",
        "log_sum=0.01,epsilon=0.2@weights+biases",
        "capped_l1=0.01,cap=0.3",
        "l_half=0.001",
    ],
)
def test_specs_come_back_as_they_went_in(spec):
    assert str(regkit.regularizer(spec)) == spec


@pytest.mark.parametrize("name", sorted(CLASSES))
@pytest.mark.parametrize(
    ("mode", "optimizer"),
    [("loss", regkit.SGD), ("prox", regkit.SGD), ("prox", regkit.Adam)],
    ids=["loss", "prox", "prox under Adam"],
)
def test_a_network_trains_with_it(name, mode, optimizer):
    X, y = regkit.datasets.spiral(samples=20, classes=3, seed=0)
    model = regkit.Model(
        [regkit.Dense(2, 8, init="he"), regkit.ReLU(), regkit.Dense(8, 3, init="he")],
        loss=regkit.SoftmaxCrossEntropy(),
        seed=0,
    )
    history = regkit.train(
        model,
        X,
        y,
        optimizer=optimizer(0.02),
        regularizers=[CLASSES[name](1e-3, on="dense1.weights", mode=mode)],
        epochs=10,
    )
    assert np.isfinite(history[-1].loss)
    assert history[-1].penalties[f"{name}@dense1.weights"] > 0
