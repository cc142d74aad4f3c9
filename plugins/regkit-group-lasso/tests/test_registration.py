"""The entry point, as an installed regkit sees it."""

from importlib.metadata import entry_points

import numpy as np
import pytest
from regkit_group_lasso import GroupLasso

import regkit
from regkit.errors import FieldError


def test_group_lasso_is_registered():
    (offered,) = [e for e in entry_points(group="regkit") if e.name == "group_lasso"]
    assert offered.load() is GroupLasso


def test_spec_comes_back_as_it_went_in():
    spec = "group_lasso=0.001,groups=outgoing@dense1"
    penalty = regkit.regularizer(spec)
    assert penalty.groups == "outgoing"
    assert str(penalty) == spec


def test_groups_that_do_not_exist_are_refused():
    with pytest.raises(FieldError, match="groups must be one of 'incoming'"):
        GroupLasso(groups="sideways")


def test_proximal_steps_empty_whole_neurons():
    X, y = regkit.datasets.spiral(samples=50, classes=3, seed=0)
    model = regkit.Model(
        [regkit.Dense(2, 32), regkit.ReLU(), regkit.Dense(32, 3)],
        loss=regkit.SoftmaxCrossEntropy(),
        seed=0,
    )
    penalty = GroupLasso(2e-4, on="dense1.weights", mode="prox")
    regkit.train(model, X, y, optimizer=regkit.SGD(0.5), regularizers=[penalty], epochs=500)
    empty = np.all(model.layers[0].weights == 0, axis=0)
    assert 0 < np.count_nonzero(empty) < 32
