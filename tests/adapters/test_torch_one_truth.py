"""regkit's own trainer and PyTorch's give the same parameters, for every penalty in every mode.

Covers: regkit/torch/step.py, regkit/torch/points.py
"""

import pytest
from adapters.one_truth import (
    ON_LAYERS,
    ON_MODELS,
    ON_OUTPUTS,
    STRENGTH,
    configured,
    data,
    of_one_shape,
    settings,
)
from adapters.torch_twins import differences, optimizers, train_theirs, twins

import regkit as rk
from regkit.torch import regularize
from regkit.training.penalties import run_hooks

STEPS, LR = 100, 0.02
EXACT = 1e-6
SHORT_OF_ZERO = {"l_half": 0.002}
"""Learning rates for an unbounded slope at 0, beside which two roundings part: at 0.02 by 1e-15
after 20 steps of Adam, by 1e-7 after 60, by 0.1 after 100."""

# Proximal points that pull 0.1 at once, and schedules, warn in regkit's own trainer.
pytestmark = pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")


def both_trained(penalties, optimizer, *, lr=LR, by_epoch=False):
    """Both models after the same steps, and the handle; `by_epoch` tells it each epoch."""
    model, theirs = twins()
    ours, other = optimizers(optimizer, theirs, lr)
    handle = regularize(theirs, other, penalties)
    train_theirs(theirs, other, STEPS, handle.advance if by_epoch else lambda step: None)
    X, y = data()
    rk.train(model, X, y, optimizer=ours, regularizers=penalties, epochs=STEPS)
    return model, theirs, handle


@pytest.mark.parametrize(("case", "mode", "optimizer"), settings(ON_LAYERS))
def test_each_penalty_of_a_layer(case, mode, optimizer, tmp_path):
    on = "dense1.weights" if of_one_shape(case, tmp_path) else "dense1"
    penalty = configured(case, tmp_path, mode, on)
    lr = SHORT_OF_ZERO.get(case.name, LR)
    model, theirs, handle = both_trained([penalty], optimizer, lr=lr)
    assert max(differences(model, theirs).values()) <= EXACT
    [by_module] = handle.penalties().values()
    [ours] = run_hooks(model, [penalty]).penalties().values()
    assert by_module == pytest.approx(ours, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(("case", "mode", "optimizer"), settings(ON_OUTPUTS))
def test_each_penalty_of_outputs(case, mode, optimizer, tmp_path):
    penalty = configured(case, tmp_path, mode, "relu1")
    model, theirs, handle = both_trained([penalty], optimizer)
    assert max(differences(model, theirs).values()) <= EXACT
    [by_module] = handle.penalties().values()
    assert list(by_module) == ["relu1"]


@pytest.mark.parametrize(("case", "mode", "optimizer"), settings(ON_MODELS))
def test_each_penalty_of_the_whole_model_that_lists_its_layers(case, mode, optimizer, tmp_path):
    penalty = configured(case, tmp_path, mode, ("dense1", "dense2"))
    model, theirs, _ = both_trained([penalty], optimizer)
    assert max(differences(model, theirs).values()) <= EXACT


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "rmsprop", "adagrad"])
@pytest.mark.parametrize("mode", ["loss", "decoupled", "prox"])
@pytest.mark.parametrize("name", ["elastic_net", "group_lasso"])
def test_each_optimizer_in_each_mode_by_a_schedule(name, mode, optimizer):
    spec = f"{name}={STRENGTH},mode={mode},schedule=ramp:0:50,scale=sqrt_fan_in@dense1"
    model, theirs, _ = both_trained([rk.regularizer(spec)], optimizer, by_epoch=True)
    assert max(differences(model, theirs).values()) <= EXACT


def test_several_penalties_together():
    penalties = [
        rk.regularizer(spec)
        for spec in (
            "l1=0.003@dense1",
            "l2=0.01,mode=decoupled@*",
            "l1=0.004,mode=prox@dense2.weights",
            "max_norm,radius=1.2@dense1.weights",
            "activity_l2=0.01@relu1",
        )
    ]
    model, theirs, _ = both_trained(penalties, "adam")
    assert max(differences(model, theirs).values()) <= EXACT
