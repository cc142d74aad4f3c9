"""The entry point, as an installed regkit sees it."""

from importlib.metadata import entry_points

import numpy as np
import pytest
from regkit_group_lasso import GroupLasso, GroupMCP

import regkit
from regkit.errors import FieldError


@pytest.mark.parametrize(
    ("name", "penalty"), [("group_lasso", GroupLasso), ("group_mcp", GroupMCP)]
)
def test_every_penalty_is_registered(name, penalty):
    (offered,) = [e for e in entry_points(group="regkit") if e.name == name]
    assert offered.load() is penalty


@pytest.mark.parametrize(
    "spec",
    [
        "group_lasso=0.001,groups=outgoing@dense1",
        "group_mcp=0.001,groups=outgoing,gamma=0.5@dense1",
    ],
)
def test_specs_come_back_as_they_went_in(spec):
    penalty = regkit.regularizer(spec)
    assert penalty.groups == "outgoing"
    assert str(penalty) == spec


def test_groups_that_do_not_exist_are_refused():
    with pytest.raises(FieldError, match="groups must be one of 'incoming'"):
        GroupLasso(groups="sideways")


@pytest.mark.parametrize("gamma", [0.0, -1.0, np.inf])
def test_a_gamma_that_is_no_size_is_refused(gamma):
    with pytest.raises(FieldError, match="gamma must be above 0 and finite"):
        GroupMCP(gamma=gamma)


@pytest.mark.parametrize("penalty", [GroupLasso, GroupMCP])
@pytest.mark.parametrize("optimizer", [lambda: regkit.SGD(0.5), lambda: regkit.Adam(0.02)])
def test_proximal_steps_empty_whole_neurons(penalty, optimizer):
    X, y = regkit.datasets.spiral(samples=50, classes=3, seed=0)
    model = regkit.Model(
        [regkit.Dense(2, 32), regkit.ReLU(), regkit.Dense(32, 3)],
        loss=regkit.SoftmaxCrossEntropy(),
        seed=0,
    )
    regularizer = penalty(2e-4, on="dense1.weights", mode="prox")
    regkit.train(model, X, y, optimizer=optimizer(), regularizers=[regularizer], epochs=500)
    empty = np.all(model.layers[0].weights == 0, axis=0)
    assert 0 < np.count_nonzero(empty) < 32
