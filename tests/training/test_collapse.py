"""Proximal points that set a network to 0: a warning before it, and a report afterwards."""

import warnings

import numpy as np
import pytest

import regkit as rk
from regkit.errors import RegkitWarning


@pytest.fixture(scope="module")
def data():
    return rk.datasets.spiral(samples=20, classes=3)


def network(**options):
    layers = [rk.Dense(2, 8, **options), rk.ReLU(), rk.Dense(8, 3, **options)]
    return rk.Model(layers, rk.SoftmaxCrossEntropy())


def warned(model, data, *regularizers, optimizer=rk.Adam, epochs=1):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rk.train(model, *data, optimizer=optimizer(0.01), regularizers=regularizers, epochs=epochs)
    assert all(one.category is RegkitWarning for one in caught)
    assert all(one.filename == __file__ for one in caught)
    return [str(one.message) for one in caught]


AT_RISK = {
    "l1=1e-9,mode=prox@*": "the weights of dense1 and dense2",
    "l1=1e-9,mode=prox": "the weights of dense1 and dense2",
    "l1=1e-9,mode=prox@dense1": "the biases of dense1",
    "l1=1e-9,mode=prox@biases": "the biases of dense1 and dense2",
    "elastic_net=1e-9,mode=prox": "the weights of dense1 and dense2",
}


@pytest.mark.parametrize(("spec", "what"), AT_RISK.items())
@pytest.mark.parametrize("optimizer", [rk.SGD, rk.Adam])
def test_a_prox_that_tends_to_collapse_warns_once_and_names_schedule(data, spec, what, optimizer):
    [message] = warned(network(), data, spec, optimizer=optimizer, epochs=30)
    label = spec.partition("=")[0] + spec[len(spec.partition("@")[0]) :]
    assert message == (
        f"{label} acts by its proximal point on {what}, which start near 0, and tends to set the "
        "whole network to 0: let its strength grow, such as with schedule=ramp:0:10, or select "
        "the weights of one layer"
    )


SAFE = {
    "weights of one layer": "l1=1e-9,mode=prox@dense1.weights",
    "weights of the last": "l1=1e-9,mode=prox@dense2.weights",
    "a schedule that grows": "l1=1e-9,mode=prox,schedule=ramp:0:3@*",
    "a schedule that begins later": "l1=1e-9,mode=prox,schedule=from:2@*",
    "the subgradient": "l1=1e-9@weights",
    "decoupled": "l1=1e-9,mode=decoupled",
    "not sparsifying": "l2=1e-9,mode=prox@*",
}


@pytest.mark.parametrize("spec", SAFE.values(), ids=SAFE)
def test_what_does_not_collapse_does_not_warn(data, spec):
    assert warned(network(), data, spec, epochs=4) == []


@pytest.mark.parametrize("schedule", ["until:2", "cosine:2:4", "step:2:0.5"])
def test_a_schedule_that_begins_at_full_strength_is_no_help(data, schedule):
    messages = warned(network(), data, f"l1=1e-9,mode=prox,schedule={schedule}", epochs=4)
    assert [one for one in messages if "start near 0" in one]


def test_what_several_penalties_do_together_counts(data):
    specs = ["l1=1e-9,mode=prox@dense1.weights", "elastic_net=1e-9,mode=prox@dense2.weights"]
    [message] = warned(network(), data, *specs, epochs=30)
    assert message == (
        "l1@dense1.weights and elastic_net@dense2.weights act by their proximal points on the "
        "weights of dense1 and dense2, which start near 0, and tend to set the whole network to "
        "0: let their strengths grow, such as with schedule=ramp:0:10, or select the weights of "
        "one layer"
    )


@pytest.mark.parametrize("init", ["he", "glorot"])
def test_weights_that_start_larger_do_not_warn(data, init):
    assert warned(network(init=init), data, "l1=1e-9,mode=prox@*") == []


def test_a_linear_model_does_not_warn(data):
    model = rk.Model([rk.Dense(2, 3)], rk.SoftmaxCrossEntropy())
    assert warned(model, data, "l1=1e-9,mode=prox@*") == []


def test_a_frozen_layer_is_not_at_risk(data):
    layers = [rk.Dense(2, 8), rk.ReLU(), rk.Dense(8, 3, trainable=False)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy())
    assert warned(model, data, "l1=1e-9,mode=prox") == []


def test_a_trained_network_is_not_at_risk(data):
    model = network()
    model.parameters[...] = np.random.default_rng(0).standard_normal(model.parameters.size)
    assert warned(model, data, "l1=1e-9,mode=prox@*") == []


# At the end

FINAL = (
    "all weights of {layer} are exactly 0 in the end, so that the outputs depend on nothing before "
    "it: lower the strength of {label}, or let it grow with a schedule"
)


def test_a_layer_that_ends_all_zero_is_reported(data):
    model = network()
    messages = warned(model, data, "l1=100,mode=prox@dense1.weights", epochs=3)
    assert messages == [FINAL.format(layer="dense1", label="l1@dense1.weights")]
    assert not model.layers[0].weights.any()


def test_each_layer_that_ends_all_zero_is_reported(data):
    messages = warned(network(init="he"), data, "l1=1e4,mode=prox", epochs=3)
    assert messages == [FINAL.format(layer=one, label="l1") for one in ("dense1", "dense2")]


def test_only_those_that_set_its_weights_are_named(data):
    regularizers = ["l1=1e4,mode=prox@dense1.weights", "l2=1,mode=prox@biases", "l1=1@dense1"]
    messages = warned(network(init="he"), data, *regularizers)
    assert [one for one in messages if "in the end" in one] == [
        FINAL.format(layer="dense1", label="l1@dense1.weights")
    ]


def test_a_constraint_that_leaves_nothing_is_named(data):
    class Nothing(rk.Regularizer):
        constraint = True

        def prox(self, w, step):
            return 0 * w

    [message] = warned(network(), data, Nothing(on="dense2.weights"))
    assert message.startswith("all weights of dense2 are exactly 0 in the end")
    assert message.endswith(
        ": choose a constraint that allows other weights than nothing@dense2.weights"
    )


def test_a_plugin_that_does_not_say_what_it_selects_is_named_too(data):
    class Raw:
        mode = "prox"

        @rk.hookimpl
        def penalty(self, layer):
            return 0.0

        @rk.hookimpl
        def penalty_grad(self, layer):
            return None

        @rk.hookimpl
        def penalty_prox(self, layer, step):
            return {"weights": 0 * layer.params["weights"]} if layer.name == "dense1" else None

    assert warned(network(), data, Raw(), optimizer=rk.SGD) == [
        FINAL.format(layer="dense1", label="raw")
    ]


def test_a_layer_that_keeps_a_weight_is_not_reported(data):
    model = network(init="he")
    assert warned(model, data, "l1=0.05,mode=prox@dense1.weights", epochs=30) == []
    weights = model.layers[0].weights
    assert 0 < np.count_nonzero(weights) < weights.size


def test_zeros_that_no_proximal_point_made_are_not_reported(data):
    model = network(init="he")
    model.layers[0].weights[...] = 0.0
    model.layers[2].weights[...] = 0.0
    messages = warned(model, data, "l1=1e-3,mode=prox@biases", "l2=0.1")
    assert not [one for one in messages if "in the end" in one]


def test_a_run_that_stops_between_records_does_not_report(data):
    """Only the end counts: what is 0 on the way may come back."""
    run = rk.training.steps(
        network(),
        *data,
        optimizer=rk.Adam(0.01),
        regularizers=["l1=100,mode=prox@dense1.weights"],
        epochs=5,
    )
    next(run)
    next(run)
    run.close()
