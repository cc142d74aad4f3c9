"""A penalty of a whole network: what its class is given, and which hooks it answers.

Covers: regkit/regularizers/projection.py
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from penalty_kinds import Ball, Floor, Together
from scipy.optimize import approx_fprime, minimize

import regkit as rk
from regkit.errors import FieldError
from regkit.hooks import LayerView


@pytest.fixture
def network(layers):
    """Layers of name and params alone, as the contract promises authors for their tests."""
    return [SimpleNamespace(name=one.name, params=one.params) for one in layers]


def at(network, flat, on):
    """The network with these numbers for what a selector selects."""
    flat, shown = list(flat), []
    for layer in network:
        params = {name: array.copy() for name, array in layer.params.items()}
        for name in rk.L2(on=on).selected(layer):
            size = params[name].size
            params[name] = np.reshape(flat[:size], params[name].shape)
            flat = flat[size:]
        shown.append(SimpleNamespace(name=layer.name, params=params))
    assert not flat
    return shown


def flat(arrays):
    return np.concatenate([w.ravel() for own in arrays.values() for w in own.values()])


SELECTORS = ["weights", "*", "dense2", ["dense1.biases", "dense2.weights"]]


@pytest.mark.parametrize("on", SELECTORS)
def test_it_sees_what_is_selected_in_the_networks_order(network, on):
    seen = []

    class Seeing(Together):
        prox = None

        def value(self, params):
            seen.append(params)
            return 1.0

    assert Seeing(0.25, on=on).penalty_model(network) == 0.25
    [params] = seen
    expected = {one.name: rk.L2(on=on).selected(one) for one in network}
    expected = {layer: own for layer, own in expected.items() if own}
    assert list(params) == list(expected)
    for layer, own in expected.items():
        assert list(params[layer]) == list(own)
        assert all(params[layer][name] is array for name, array in own.items())


@pytest.mark.parametrize("on", SELECTORS)
def test_the_gradient_is_strength_times_the_derivative_of_the_penalty(network, on):
    one = Together(0.3, on=on)
    x = flat(one.selected_of(network))
    numeric = approx_fprime(x, lambda x: one.penalty_model(at(network, x, on)), 1e-7)
    assert_allclose(flat(one.penalty_model_grad(network)), numeric, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("on", SELECTORS)
@pytest.mark.parametrize("many", [False, True])
def test_the_proximal_point_minimizes_penalty_plus_distance(network, on, many):
    one = Together(0.3, on=on)
    chosen = one.selected_of(network)
    w = flat(chosen)
    rng = np.random.default_rng(0)
    if many:
        steps = {
            layer: {name: rng.uniform(0.1, 2, array.shape) for name, array in own.items()}
            for layer, own in chosen.items()
        }
        each = flat(steps)
    else:
        steps = each = 0.7

    def objective(x):
        return one.penalty_model(at(network, x, on)) + np.sum((x - w) ** 2 / (2 * each))

    found = flat(one.penalty_model_prox(network, steps))
    best = minimize(objective, w, method="BFGS", options={"gtol": 1e-10})
    assert_allclose(found, best.x, atol=1e-6)
    assert objective(found) <= best.fun + 1e-12


def test_steps_of_what_is_not_selected_are_left_aside(network):
    one = Together(0.3, on="dense2.weights")
    steps = {
        layer.name: {name: np.full(w.shape, 0.2) for name, w in layer.params.items()}
        for layer in network
    }
    points = one.penalty_model_prox(network, steps)
    assert {layer: list(own) for layer, own in points.items()} == {"dense2": ["weights"]}


def test_without_a_strength_the_proximal_point_is_where_the_parameters_are(network):
    one = Together(0.3, schedule="from:3")
    shown = [LayerView(layer.name, layer.params, epoch=0) for layer in network]
    for layer, own in one.penalty_model_prox(shown, 0.5).items():
        for name, point in own.items():
            params = {view.name: view.params for view in shown}
            assert np.array_equal(point, params[layer][name])


def test_where_nothing_is_selected_no_hook_answers(network):
    for one in (Together(on="dense9"), Ball(on="dense9")):
        assert one.penalty_model(network) is None
        assert one.penalty_model_grad(network) is None
        assert one.penalty_model_prox(network, 0.1) is None
    assert Together().penalty_model([]) is None


def test_parameters_that_the_gradient_leaves_out_stay_out(network):
    class Partial(Together):
        prox = None

        def grad(self, params):
            return {"dense2": {"weights": 0 * params["dense2"]["weights"] + 1}}

    gradient = Partial(0.5).penalty_model_grad(network)
    assert list(gradient) == ["dense2"]
    assert (gradient["dense2"]["weights"] == 0.5).all()


@pytest.mark.parametrize("epoch", [None, 0, 3, 10])
@pytest.mark.parametrize("scale", ["none", "size"])
def test_strength_is_scaled_by_schedule_and_by_the_number_of_all_selected_entries(
    layers, scale, epoch
):
    for one in layers:
        one.epoch = epoch
    one = Together(0.6, on="*", scale=scale, schedule="ramp:0:10")
    entries = 3 * 4 + 4 + 4 + 1
    strength = 0.6 * (1 if epoch is None else epoch / 10) / (entries if scale == "size" else 1)
    assert one.strength_for(layers) == pytest.approx(strength, rel=1e-14)
    total = sum(array.sum() for layer in layers for array in layer.params.values())
    assert one.penalty_model(layers) == pytest.approx(strength * total**2, rel=1e-12)
    gradient = one.penalty_model_grad(layers)["dense2"]["biases"]
    assert_allclose(gradient, 2 * strength * total, rtol=1e-12)


def test_the_strength_may_be_asked_for_by_one_layer(layers):
    for one in layers:
        one.epoch = 5
    scheduled = Together(0.6, on="*", schedule="ramp:0:10")
    assert scheduled.strength_for(layers[1]) == scheduled.strength_for(layers) == 0.3
    scaled = Together(0.6, on="*", scale="size")
    assert scaled.strength_for(layers[1]) == pytest.approx(0.6 / (4 + 1))


def test_a_single_step_beyond_the_largest_is_refused_and_array_steps_are_not(network):
    class Narrow(Together):
        max_step = 0.5

    one = Narrow(2.0, on="dense2.biases")
    one.penalty_model_prox(network, 0.25)
    for refused in (
        lambda: one.penalty_model_prox(network, 0.26),
        lambda: one.require_legal_step(0.13, network, factor=2.0),
    ):
        with pytest.raises(FieldError, match=r"step × strength is 0\.52, .* defined up to 0\.5"):
            refused()
    one.penalty_model_prox(network, {"dense2": {"biases": np.full((1, 1), 1e6)}})


def test_without_a_prox_there_is_no_point(network):
    class NoProx(Together):
        prox = None

    with pytest.raises(FieldError, match="NoProx: mode 'prox' needs a prox"):
        NoProx(mode="prox")
    with pytest.raises(FieldError, match="NoProx defines no prox"):
        NoProx().penalty_model_prox(network, 0.1)


# Constraints, of a layer and of the model


def scaled_to(network, on, norm):
    x = flat(Together(on=on).selected_of(network))
    return at(network, x / np.linalg.norm(x) * norm, on)


@pytest.mark.parametrize(
    ("norm", "penalty"),
    [(0.5, 0.0), (2.0, 0.0), (2.0 * (1 + 9e-7), 0.0), (2.0 * (1 + 2e-6), math.inf), (9, math.inf)],
)
def test_a_constraint_on_the_model_is_0_or_infinite(network, norm, penalty):
    one = Ball(radius=2.0, on="*")
    shown = scaled_to(network, "*", norm)
    assert one.penalty_model(shown) == penalty
    assert one.penalty_model_grad(shown) is None


def test_its_projection_ignores_steps_and_satisfies_it(network):
    one = Ball(radius=2.0, on="*")
    shown = scaled_to(network, "*", 8.0)
    for steps in (1e-9, 1.0, {"dense1": {"weights": np.ones((3, 4))}}):
        x = flat(one.penalty_model_prox(shown, steps))
        assert_allclose(x, flat(Together(on="*").selected_of(shown)) / 4, rtol=1e-12)
    assert one.penalty_model(at(network, x, "*")) == 0.0


@pytest.mark.parametrize(
    ("w", "penalty"),
    [
        ([[0.0, 0.0]], 0.0),
        ([[1.0, 0.0]], 0.0),
        ([[1.0, -9e-7]], 0.0),
        ([[1.0, -2e-6]], math.inf),
        ([[-1e-12, 0.0]], math.inf),  # Relative to its own size, it is far from feasible.
        ([[np.nan, 0.0]], math.inf),
    ],
)
def test_a_constraint_of_a_layer_is_0_or_infinite(w, penalty):
    layer = SimpleNamespace(name="dense1", params={"weights": np.array(w)})
    assert Floor().penalty(layer) == penalty
    assert Floor().penalty_grad(layer) is None


def test_a_constraint_holds_where_it_holds_of_every_array():
    params = {"weights": np.ones((2, 2)), "biases": np.array([[1.0, -1.0]])}
    layer = SimpleNamespace(name="dense1", params=params)
    assert Floor(on="weights").penalty(layer) == 0.0
    assert Floor(on="*").penalty(layer) == math.inf
    assert Floor(on="dense2").penalty(layer) is None
    points = Floor(on="*").penalty_prox(layer, 1e-9)
    assert_allclose(points["biases"], [[1.0, 0.0]])
    assert Floor(on="*").penalty(SimpleNamespace(name="dense1", params=points)) == 0.0


def test_a_set_that_does_not_hold_0_is_missed_at_0():
    """What the projection moves is compared with the larger of both sizes."""
    zero = SimpleNamespace(name="dense1", params={"weights": np.array([[0.0]])})
    assert Floor(least=1.0).penalty(zero) == math.inf


def test_in_float32_a_projection_satisfies_its_own_constraint():
    w = np.random.default_rng(0).standard_normal((40, 30)).astype(np.float32)
    layer = SimpleNamespace(name="dense1", params={"weights": w})
    one = Ball(radius=1.0)
    assert one.penalty_model([layer]) == math.inf
    points = one.penalty_model_prox([layer], 1.0)
    assert points["dense1"]["weights"].dtype == np.float32
    assert one.penalty_model([SimpleNamespace(name="dense1", params=points["dense1"])]) == 0.0
