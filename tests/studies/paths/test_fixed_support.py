import numpy as np
import pytest

import regkit as rk
from regkit.studies.paths.fixed_support import FixedSupport

SUPPORT = np.array([[True], [False], [True]])


@pytest.mark.parametrize("optimizer", [rk.SGD(0.05, momentum=0.9), rk.Adam(0.05)])
def test_it_is_least_squares_on_the_support(optimizer):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    y = X @ [1.0, 2.0, -1.0] + rng.normal(size=40)
    model = rk.Model([rk.Dense(3, 1)], rk.MeanSquaredError(), dtype="float64")
    support = FixedSupport({"dense1": {"weights": SUPPORT}})
    rk.train(model, X, y, optimizer=optimizer, regularizers=[support], epochs=3000)
    weights = model.layers[0].params["weights"][:, 0]
    design = np.column_stack([X[:, [0, 2]], np.ones(40)])
    expected = np.linalg.lstsq(design, y, rcond=None)[0]
    assert weights[1] == 0
    np.testing.assert_allclose(weights[[0, 2]], expected[:2], atol=1e-4)


def test_layers_without_a_support_are_free():
    model = rk.Model([rk.Dense(3, 2), rk.ReLU(), rk.Dense(2, 1)], rk.MeanSquaredError())
    support = FixedSupport({"dense1": {"weights": SUPPORT & np.ones(2, dtype=bool)}})
    before = model.layers[2].params["weights"].copy()
    X, y = np.ones((4, 3)), np.arange(4.0)
    rk.train(model, X, y, optimizer=rk.SGD(0.1), regularizers=[support], epochs=3)
    assert (model.layers[0].params["weights"][1] == 0).all()
    assert (model.layers[2].params["weights"] != before).any()
