"""No penalty bypasses the hooks: pluggy's own monitoring counts every call of a run.

Covers: regkit/training/penalties.py
"""

from collections import Counter

import numpy as np
import pluggy
import pytest
from penalty_kinds import Ball, Floor, Squares, Together

import regkit as rk


class Raw:
    """A plugin that knows nothing of regkit but its marker."""

    @rk.hookimpl
    def penalty(self, layer):
        return 1.0

    @rk.hookimpl
    def penalty_grad(self, layer):
        return {"biases": np.ones_like(layer.params["biases"])}


@pytest.fixture
def data():
    return rk.datasets.spiral(samples=8, classes=3)


@pytest.fixture
def model():
    """Two trainable layers with a frozen one between them."""
    return rk.Model(
        [rk.Dense(2, 6, weight_l2=0.1), rk.Dense(6, 6, trainable=False), rk.Dense(6, 3)],
        rk.SoftmaxCrossEntropy(),
    )


@pytest.fixture
def calls(monkeypatch):
    """Counts the calls of implementations, as (hook, scope, plugin), by managers to be made."""
    counted = Counter()

    class Monitored(pluggy.PluginManager):
        def __init__(self, project):
            super().__init__(project)
            self.add_hookcall_monitoring(self.count, lambda *outcome: None)

        def count(self, hook, implementations, arguments):
            scope = arguments["layer"].name if "layer" in arguments else "model"
            for implementation in implementations:
                counted[hook, scope, implementation.plugin_name] += 1

    monkeypatch.setattr(pluggy, "PluginManager", Monitored)
    return counted


def test_each_plugin_meets_each_trainable_layer_once_a_step_and_once_a_record(data, model, calls):
    history = rk.train(
        model,
        *data,
        optimizer=rk.Adam(0.01),
        regularizers=["l1=0.1", Raw(), "l2=0.1@*", "elastic_net=0.1@dense3"],
        epochs=7,
        batch_size=10,
        log_every=3,
    )
    steps, records = 7 * 3, len(history)
    assert records == 3
    labels = ["l2@dense1.weights", "l1", "raw", "l2@*", "elastic_net@dense3"]
    assert calls == {
        (hook, layer, label): times
        for hook, times in (("penalty_grad", steps), ("penalty", records))
        for layer in ("dense1", "dense3")
        for label in labels
    }


def of_each_kind_and_mode():
    """Regularizers by the kind and the mode that their labels name."""
    named = {"schedule": "ramp:1:4"}
    return [
        rk.L2(1e-3, label="layer loss", **named),
        rk.L2(1e-3, on="dense1", mode="decoupled", label="layer decoupled", **named),
        rk.L1(1e-3, on="dense3.weights", mode="prox", label="layer prox", **named),
        Floor(least=-0.01, on="dense1.biases", label="layer constraint"),
        Together(1e-3, label="model loss", **named),
        Together(1e-3, on="*", mode="decoupled", label="model decoupled", **named),
        Together(1e-3, on="dense3.biases", mode="prox", label="model prox", **named),
        Ball(radius=0.05, on="dense1.weights", label="model constraint"),
        Squares(1e-3, on=["relu1", "dense3"], label="outputs loss", **named),
    ]


def due(steps, records, layers, backward, extra=0):
    """What must be counted: `extra` gradients for measurements of norms."""
    projections = steps + 1  # The first comes before epoch 0.
    expected = {}
    for layer in layers:
        for mode in ("loss", "decoupled"):
            expected["penalty_grad", layer, f"layer {mode}"] = steps + extra
        expected["penalty_prox", layer, "layer prox"] = steps
        expected["penalty_prox", layer, "layer constraint"] = projections
        for mode in ("loss", "decoupled", "prox", "constraint"):
            expected["penalty", layer, f"layer {mode}"] = records
    for mode in ("loss", "decoupled"):
        expected["penalty_model_grad", "model", f"model {mode}"] = steps + extra
    expected["penalty_model_prox", "model", "model prox"] = steps
    expected["penalty_model_prox", "model", "model constraint"] = projections
    for mode in ("loss", "decoupled", "prox", "constraint"):
        expected["penalty_model", "model", f"model {mode}"] = records
    for layer in ("dense1", "relu1", "dense2", "dense3"):
        expected["penalty_outputs", layer, "outputs loss"] = records
    for layer in backward:
        expected["penalty_outputs_grad", layer, "outputs loss"] = steps + extra
    return expected


def of_four_layers(*, frozen):
    """dense1, relu1, dense2 and dense3, of which the dense ones with these numbers are frozen."""
    dense = [
        rk.Dense(*size, init="he", trainable=number not in frozen)
        for number, size in enumerate([(2, 6), (6, 6), (6, 3)], 1)
    ]
    return rk.Model([dense[0], rk.ReLU(), dense[1], dense[2]], rk.SoftmaxCrossEntropy())


@pytest.mark.parametrize("make", [lambda: rk.SGD(0.01, momentum=0.9), lambda: rk.Adam(0.01)])
@pytest.mark.parametrize(("batch_size", "batches"), [(None, 1), (10, 3)])
@pytest.mark.parametrize("norms", [False, True])
def test_each_kind_acts_once_where_its_mode_is_due_and_nowhere_else(
    data, calls, make, batch_size, batches, norms
):
    history = rk.train(
        of_four_layers(frozen=[2]),
        *data,
        optimizer=make(),
        regularizers=of_each_kind_and_mode(),
        epochs=5,
        batch_size=batch_size,
        log_every=2,
        gradient_norms=norms,
    )
    assert [record.epoch for record in history] == [0, 2, 4]
    layers = ["dense1", "dense3"]
    backward = ["dense1", "relu1", "dense2", "dense3"]
    assert calls == due(5 * batches, 3, layers, backward, extra=3 if norms else 0)


def test_below_the_first_trainable_layer_no_gradient_by_outputs_is_due(data, calls):
    rk.train(
        of_four_layers(frozen=[1, 2]),
        *data,
        optimizer=rk.SGD(0.01),
        regularizers=[Squares(1e-3, on=["relu1", "dense3"])],
        epochs=4,
        log_every=3,
    )
    label = "squares@relu1+dense3"
    values = {("penalty_outputs", one, label): 2 for one in ("dense1", "relu1", "dense2", "dense3")}
    assert calls == {**values, ("penalty_outputs_grad", "dense3", label): 4}


def test_hooks_are_called_through_pluggy_alone(data, model, calls):
    """What the implementations count themselves is what pluggy's monitoring counts."""
    counted = Counter()

    class Counting:
        @rk.hookimpl
        def penalty(self, layer):
            counted["penalty"] += 1
            return 0.0

        @rk.hookimpl
        def penalty_grad(self, layer):
            counted["penalty_grad"] += 1

        @rk.hookimpl
        def penalty_model(self, layers):
            counted["penalty_model"] += 1
            return 0.0

        @rk.hookimpl
        def penalty_model_grad(self, layers):
            counted["penalty_model_grad"] += 1

        @rk.hookimpl
        def penalty_outputs(self, layer, outputs):
            counted["penalty_outputs"] += 1
            return 0.0

        @rk.hookimpl
        def penalty_outputs_grad(self, layer, outputs):
            counted["penalty_outputs_grad"] += 1

    rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=[Counting()], epochs=5, log_every=3)
    assert counted == {
        "penalty": 2 * 3,
        "penalty_grad": 2 * 5,
        "penalty_model": 3,
        "penalty_model_grad": 5,
        "penalty_outputs": 3 * 3,
        "penalty_outputs_grad": 3 * 5,
    }
    monitored = Counter()
    for (hook, _, label), times in calls.items():
        monitored[hook] += times if label == "counting" else 0
    assert monitored == counted


@pytest.mark.filterwarnings("ignore:.* answers for no layer")
def test_without_the_hooks_there_is_no_penalty_at_all(data, monkeypatch):
    """With a manager that registers nothing, every trace of the regularizers is gone."""
    regularizers = ["l1=0.1", "l2=0.1@*", "elastic_net=0.1@dense2", Raw()]

    def trained(regularizers, **strengths):
        layers = [rk.Dense(2, 6, **strengths), rk.ReLU(), rk.Dense(6, 3)]
        model = rk.Model(layers, rk.SoftmaxCrossEntropy())
        history = rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=regularizers, epochs=5)
        return model.parameters, history[-1]

    without, _ = trained([])
    with_them, record = trained(regularizers, weight_l1=0.1)
    assert record.penalty > 0
    assert not np.array_equal(with_them, without)

    monkeypatch.setattr(pluggy.PluginManager, "register", lambda self, plugin, name: name)
    unregistered, record = trained(regularizers, weight_l1=0.1)
    assert np.array_equal(unregistered, without)
    assert record.penalty == 0


def test_parameters_are_read_only_in_a_hook(data, model):
    class Writing(Raw):
        @rk.hookimpl
        def penalty_grad(self, layer):
            layer.params["weights"][...] = 0.0

    before = model.parameters.copy()
    with pytest.raises(rk.errors.RegularizerError, match=r"ValueError.*read-only"):
        rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=[Writing()], epochs=1)
    assert np.array_equal(model.parameters, before)


def test_a_returned_array_is_never_written_to(data):
    class Frozen(Raw):
        """Hands out one array again and again."""

        def __init__(self):
            self.array = np.full((1, 3), 0.5)
            self.array.flags.writeable = False

        @rk.hookimpl
        def penalty_grad(self, layer):
            return {"biases": self.array}

    model = rk.Model([rk.Dense(2, 3)], rk.SoftmaxCrossEntropy(), dtype="float64")
    regularizers = [Frozen(), "l2=0.1@*", Frozen()]
    rk.train(model, *data, optimizer=rk.Adam(0.1), regularizers=regularizers, epochs=3)
    assert (regularizers[0].array == 0.5).all()
