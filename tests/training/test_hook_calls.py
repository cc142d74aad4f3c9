"""Nothing goes round the hooks: pluggy's own monitoring counts every call of a run.

Covers: regkit/training/penalties.py
"""

from collections import Counter

import numpy as np
import pluggy
import pytest

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
    """Counts the calls of implementations, as (hook, layer, plugin), by managers to be made."""
    counted = Counter()

    class Monitored(pluggy.PluginManager):
        def __init__(self, project):
            super().__init__(project)
            self.add_hookcall_monitoring(self.count, lambda *outcome: None)

        def count(self, hook, implementations, arguments):
            for implementation in implementations:
                counted[hook, arguments["layer"].name, implementation.plugin_name] += 1

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


def test_in_mode_prox_the_proximal_point_takes_the_gradients_place(data, model, calls):
    rk.train(
        model,
        *data,
        optimizer=rk.SGD(0.01),
        regularizers=["l1=0.1,mode=prox@biases"],
        epochs=5,
        log_every=2,
    )
    for layer in ("dense1", "dense3"):
        assert calls["penalty_grad", layer, "l2@dense1.weights"] == 5
        assert calls["penalty_prox", layer, "l1@biases"] == 5
        assert calls["penalty", layer, "l1@biases"] == 3
        assert calls["penalty_grad", layer, "l1@biases"] == 0
        assert calls["penalty_prox", layer, "l2@dense1.weights"] == 0


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
