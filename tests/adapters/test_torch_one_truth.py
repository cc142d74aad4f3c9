"""regkit's own trainer and PyTorch's give the same parameters, for every penalty in every mode.

Covers: regkit/torch/step.py, regkit/torch/points.py
"""

import dataclasses

import pytest
from adapters.torch_twins import HIDDEN, INPUTS, data, differences, optimizers, train_theirs, twins
from frameworks.penalties import CASES

import regkit as rk
from regkit.torch import regularize
from regkit.training.penalties import run_hooks

STEPS, LR, STRENGTH = 100, 0.02, 0.01
EXACT = 1e-6
SHORT_OF_ZERO = {"l_half": 0.002}
"""Learning rates for an unbounded slope at 0, beside which two roundings part: at 0.02 by 1e-15
after 20 steps of Adam, by 1e-7 after 60, by 0.1 after 100."""

# Proximal points that pull 0.1 at once, and schedules, warn in regkit's own trainer.
pytestmark = pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")

ON_LAYERS = [case for case in CASES if issubclass(case.penalty_class, rk.Regularizer)]
ON_OUTPUTS = [case for case in CASES if issubclass(case.penalty_class, rk.ActivityRegularizer)]
ON_MODELS = [case for case in CASES if issubclass(case.penalty_class, rk.ModelRegularizer)]
OPTIMIZERS = ("sgd", "adam")


def settings(cases):
    """Each case in each of its modes under each optimizer that serves it."""
    found = []
    for case in cases:
        cls = case.penalty_class
        modes = ["constraint"] if cls.constraint else ["loss", "decoupled"]
        if not cls.constraint and getattr(cls, "prox", None) is not None:
            modes.append("prox")
        for mode in modes if ON_OUTPUTS is not cases else ["loss"]:
            for optimizer in OPTIMIZERS:
                single = not getattr(cls, "array_step", False)
                if (mode, optimizer) != ("prox", "adam") or not single:
                    found.append(
                        pytest.param(case, mode, optimizer, id=f"{case}-{mode}-{optimizer}")
                    )
    return found


def configured(case, folder, mode, on):
    """The penalty of a case in a mode; its files hold arrays of the first layer's shape."""
    penalty = case.penalty(folder, (INPUTS, HIDDEN))
    if mode == "constraint":
        return dataclasses.replace(penalty, on=on)
    return dataclasses.replace(penalty, on=on, strength=STRENGTH, mode=mode)


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
    of_one_shape = hasattr(case.penalty(tmp_path, (INPUTS, HIDDEN)), "only_shape")
    penalty = configured(case, tmp_path, mode, "dense1.weights" if of_one_shape else "dense1")
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
