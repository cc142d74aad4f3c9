"""The entry points, as an installed regkit sees them."""

from importlib.metadata import entry_points

import numpy as np
import pytest
import regkit_activity

import regkit
from regkit.errors import FieldError, SelectorError

CLASSES = {
    "activity_l1": regkit_activity.ActivityL1,
    "activity_l2": regkit_activity.ActivityL2,
    "decorrelation": regkit_activity.Decorrelation,
}


def trained(regularizers, **settings):
    X, y = regkit.datasets.spiral(samples=20, classes=3, seed=0)
    model = regkit.Model(
        [regkit.Dense(2, 8), regkit.ReLU(), regkit.Dense(8, 3)],
        loss=regkit.SoftmaxCrossEntropy(),
        seed=0,
    )
    history = regkit.train(
        model, X, y, optimizer=regkit.Adam(0.02), regularizers=regularizers, **settings
    )
    return model, X, history


def test_every_penalty_is_registered():
    offered = [e for e in entry_points(group="regkit") if e.module.startswith("regkit_activity.")]
    assert {entry.name: entry.load() for entry in offered} == CLASSES


@pytest.mark.parametrize(
    "spec",
    ["activity_l1=0.001@relu1", "activity_l2=0.01,label=quiet@relu*", "decorrelation=0.1@dense1"],
)
def test_specs_come_back_as_they_went_in(spec):
    assert str(regkit.regularizer(spec)) == spec


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_the_layers_must_be_named(name):
    with pytest.raises(FieldError, match="on"):
        CLASSES[name](0.1)
    with pytest.raises(SelectorError, match="matches no layer"):
        trained([CLASSES[name](0.1, on="tanh1")], epochs=1)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_network_trains_with_it_and_its_outputs_obey(name):
    penalty = CLASSES[name](10.0, on="relu1")

    def measured(regularizers):
        model, X, history = trained(regularizers, epochs=60, batch_size=15)
        assert np.isfinite(history[-1].loss)
        hidden = np.maximum(X @ model.layers[0].weights + model.layers[0].biases, 0)
        return penalty.value(hidden)

    assert measured([penalty]) < 0.1 * measured([])
