"""Where proximal points are written, by whom, and who sees what meanwhile."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from regkit_group_lasso import GroupLasso
from regkit_structured import SparseGroupLasso

import regkit as rk

# In float32 roundings grow with every step, so that fewer are taken.
BY_DTYPE = {
    "float32": {"strength": 1e-2, "epochs": 3, "atol": 1e-5},
    "float64": {"strength": 3e-3, "epochs": 40, "atol": 1e-12},
}


class OwnL1(rk.L1):
    """An author's subclass: its points are those of `prox`, by arrays of steps."""


class OwnElasticNet(rk.ElasticNet):
    pass


class OwnGroupLasso(GroupLasso):
    pass


class OwnSparseGroupLasso(SparseGroupLasso):
    pass


PAIRS = [
    (rk.L1, OwnL1, {}),
    (rk.ElasticNet, OwnElasticNet, {}),
    (GroupLasso, OwnGroupLasso, {}),
    (GroupLasso, OwnGroupLasso, {"groups": "outgoing"}),
    (SparseGroupLasso, OwnSparseGroupLasso, {}),
    (SparseGroupLasso, OwnSparseGroupLasso, {"l1_ratio": 1.0}),
]


def trained(penalties, *, optimizer=rk.Adam, kernels="numpy", dtype="float64", epochs=40):
    X, y = rk.datasets.spiral(samples=40, classes=3)
    layers = [rk.Dense(2, 70, init="he"), rk.ReLU(), rk.Dense(70, 3, init="he")]
    model = rk.Model(layers, loss=rk.SoftmaxCrossEntropy(), dtype=dtype)
    optimizer = optimizer(0.01)
    rk.train(
        model,
        X,
        y,
        optimizer=optimizer,
        regularizers=penalties,
        epochs=epochs,
        batch_size=40,
        kernels=kernels,
    )
    return model


@pytest.mark.parametrize("dtype", BY_DTYPE)
@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
@pytest.mark.parametrize("optimizer", [rk.Adam, rk.RMSProp, rk.AdaGrad])
@pytest.mark.parametrize(("cls", "own", "fields"), PAIRS)
def test_the_kernels_points_are_those_of_prox(cls, own, fields, optimizer, kernels, dtype):
    """An author's subclass does not take the kernels, and comes to the same weights."""
    strength, epochs, atol = BY_DTYPE[dtype].values()
    given = {"mode": "prox", "on": "*", **fields}
    run = {"optimizer": optimizer, "dtype": dtype, "epochs": epochs}
    plain = trained([own(strength, **given)], **run)
    ours = trained([cls(strength, **given)], **run, kernels=kernels)
    # In `prox` squares vanish below 1e-150, and their group goes only a part of the way to 0.
    ours_zero, zero = (np.abs(one.parameters.astype(float)) < 1e-100 for one in (ours, plain))
    assert_array_equal(ours_zero, zero)
    assert zero.any()
    assert_allclose(ours.parameters, plain.parameters, rtol=0, atol=atol)


class Bystander:
    """Sets the biases of the last layer to what they are, and notes the weights that it sees."""

    mode = "prox"
    array_step = True

    def __init__(self):
        self.seen = []

    def selected(self, layer):
        return ["biases"] if layer.name == "dense2" else []

    @rk.hookimpl
    def penalty(self, layer):
        return 0.0 if layer.name == "dense2" else None

    @rk.hookimpl
    def penalty_grad(self, layer):
        return None

    @rk.hookimpl
    def penalty_prox(self, layer, step):
        if layer.name != "dense2":
            return None
        self.seen.append((layer.weights.copy(), step["weights"].copy()))
        return {"biases": layer.biases.copy()}


@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_hook_sees_no_point_of_another_parameter_before_all_have_answered(kernels, order):
    bystander, strong = Bystander(), rk.L1(1.0, mode="prox")
    with pytest.warns(rk.errors.RegkitWarning, match="all weights of dense"):
        model = trained([strong, bystander][::order], kernels=kernels, epochs=2)
    assert not model.layers[-1].weights.any()
    assert len(bystander.seen) == 6
    for weights, steps in bystander.seen:
        assert weights.any()
        assert (steps > 0).all()


@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
def test_beside_a_bystander_the_points_are_the_same(kernels):
    alone = trained(["l1=3e-3,mode=prox"], kernels=kernels)
    beside = trained(["l1=3e-3,mode=prox", Bystander()], kernels=kernels)
    assert_array_equal(beside.parameters, alone.parameters)


class Told(rk.Adam):
    """Hears of every displacement, as an optimizer with a velocity does."""

    def __init__(self, lr):
        super().__init__(lr)
        self.displacements = []

    def displaced(self, span, displacement):
        self.displacements.append((span, displacement))


def test_an_optimizer_that_wants_to_know_is_told_each_displacement():
    optimizer = Told(0.01)
    model = trained(
        ["l1=3e-3,mode=prox@dense1.weights"],
        optimizer=lambda lr: optimizer,
        kernels="compiled",
        epochs=1,
    )
    assert len(optimizer.displacements) == 3
    for span, displacement in optimizer.displacements:
        assert span == model.span("dense1", "weights")
        assert displacement.any()
    plain = trained(["l1=3e-3,mode=prox@dense1.weights"], kernels="compiled", epochs=1)
    assert_array_equal(model.parameters, plain.parameters)


@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
def test_a_constraint_may_stand_beside_points_in_place(kernels):
    class Halved(rk.Regularizer):
        """Entries from −½ to ½."""

        constraint = True

        def prox(self, w, step):
            return np.clip(w, -0.5, 0.5)

    penalties = ["l1=3e-3,mode=prox@dense1.weights", Halved(on="dense2.weights")]
    model = trained(penalties, kernels=kernels)
    assert np.abs(model.layers[-1].weights).max() == 0.5
    assert (model.layers[0].weights == 0).any()
