"""regkit's own trainer and optax give the same parameters, for every penalty in every mode.

Covers: regkit/jax/step.py, regkit/jax/at_parameters.py, regkit/jax/network.py
Covers: regkit/jax/layers.py, regkit/jax/penalty.py, regkit/jax/projection.py
Covers: regkit/hooks/callback_bridge.py
"""

import jax
import pytest
from adapters.jax_twins import data_loss, differences, optax_optimizer, train_theirs, tree_of
from adapters.one_truth import (
    ON_LAYERS,
    ON_MODELS,
    STRENGTH,
    configured,
    data,
    of_one_shape,
    own_model,
    own_optimizer,
    settings,
)

import regkit as rk
from regkit.jax import penalties, penalty, project, regularize
from regkit.training.penalties import run_hooks

STEPS, LR = 100, 0.02
EXACT = 1e-6
SHORT_OF_ZERO = {"l_half": 0.0005}
"""Learning rates for an unbounded slope at 0, beside which two roundings part."""

# Proximal points that pull 0.1 at once, and schedules, warn in regkit's own trainer.
pytestmark = pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")


@pytest.fixture(autouse=True)
def in_float64():
    with jax.enable_x64(True):
        yield


def both_trained(regularizers, optimizer, *, lr=LR, in_loss=False):
    """Both after the same steps; with `in_loss` JAX differentiates the penalties."""
    model = own_model()
    params, theirs = tree_of(model), optax_optimizer(optimizer, lr)
    if in_loss:
        found = train_theirs(
            params, theirs, STEPS, lambda p: data_loss(p) + penalty(p, regularizers)
        )
    else:
        with_penalties = regularize(theirs, regularizers, learning_rate=lr)
        found = train_theirs(project(params, regularizers), with_penalties, STEPS)
    X, y = data()
    ours = own_optimizer(optimizer, lr, 1e-14 if optimizer == "adagrad" else 1e-7)
    rk.train(model, X, y, optimizer=ours, regularizers=regularizers, epochs=STEPS)
    return model, found


def require_equal(model, params, regularizers):
    assert max(differences(model, params).values()) <= EXACT
    for label, ours in run_hooks(model, regularizers).penalties().items():
        found = penalties(params, regularizers)[label]
        assert {name: float(one) for name, one in found.items()} == pytest.approx(
            ours, rel=1e-5, abs=1e-9
        )


@pytest.mark.parametrize(("case", "mode", "optimizer"), settings(ON_LAYERS))
def test_each_penalty_of_a_layer(case, mode, optimizer, tmp_path):
    on = "dense1.weights" if of_one_shape(case, tmp_path) else "dense1"
    regularizer = configured(case, tmp_path, mode, on)
    lr = SHORT_OF_ZERO.get(case.name, LR)
    require_equal(*both_trained([regularizer], optimizer, lr=lr), [regularizer])


@pytest.mark.parametrize(("case", "mode", "optimizer"), settings(ON_MODELS))
def test_each_penalty_of_the_whole_model_that_lists_its_layers(case, mode, optimizer, tmp_path):
    regularizer = configured(case, tmp_path, mode, ("dense1", "dense2"))
    require_equal(*both_trained([regularizer], optimizer), [regularizer])


@pytest.mark.parametrize(
    ("case", "mode", "optimizer"),
    [one for one in settings([*ON_LAYERS, *ON_MODELS], ["sgd"]) if one.values[1] == "loss"],
)
def test_each_penalty_in_a_loss_that_jax_differentiates(case, mode, optimizer, tmp_path):
    on = "dense1.weights" if of_one_shape(case, tmp_path) else "dense1"
    on = ("dense1", "dense2") if case in ON_MODELS else on
    regularizer = configured(case, tmp_path, mode, on)
    lr = SHORT_OF_ZERO.get(case.name, LR)
    require_equal(*both_trained([regularizer], optimizer, lr=lr, in_loss=True), [regularizer])


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "rmsprop", "adagrad"])
@pytest.mark.parametrize("mode", ["loss", "decoupled", "prox"])
@pytest.mark.parametrize("name", ["elastic_net", "group_lasso"])
def test_each_optimizer_in_each_mode_by_a_schedule(name, mode, optimizer):
    spec = f"{name}={STRENGTH},mode={mode},schedule=ramp:0:50,scale=sqrt_fan_in@dense1"
    model, params = both_trained([rk.regularizer(spec)], optimizer)
    assert max(differences(model, params).values()) <= EXACT


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "rmsprop", "adagrad"])
@pytest.mark.parametrize("spec", ["max_norm,radius=0.5@dense1", "non_negative@dense2.weights"])
def test_each_optimizer_under_a_constraint(spec, optimizer):
    regularizers = [rk.regularizer(spec)]
    require_equal(*both_trained(regularizers, optimizer), regularizers)


def test_several_penalties_together():
    regularizers = [
        rk.regularizer(spec)
        for spec in (
            "l1=0.003@dense1",
            "l2=0.01,mode=decoupled@*",
            "l1=0.004,mode=prox@dense2.weights",
            "max_norm,radius=1.2@dense1.weights",
        )
    ]
    require_equal(*both_trained(regularizers, "adam"), regularizers)
