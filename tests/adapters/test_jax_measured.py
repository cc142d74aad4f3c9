"""What an optimizer divides its steps by is measured, and what is none of the known is refused.

Covers: regkit/jax/probe.py, regkit/jax/states.py, regkit/jax/rates.py
"""

import jax
import jax.numpy as jnp
import optax
import pytest

from regkit.errors import InputError
from regkit.jax import regularize
from regkit.jax.measured import metric_of
from regkit.jax.rates import as_schedule, first_rate, largest_rate

LR = 0.1
PROX = ["l1=0.1,mode=prox"]


def measured(optimizer, rate=LR, eps=1e-8):
    return metric_of(optimizer, as_schedule(rate), eps)


@pytest.mark.parametrize("x64", [False, True])
@pytest.mark.parametrize(
    ("optimizer", "eps", "root"),
    [
        (optax.adam(LR), 1e-8, 0.0),
        (optax.adam(LR, eps=1e-3), 1e-3, 0.0),
        (optax.adam(LR, eps=0.0, eps_root=1e-6), 0.0, 1e-6),
        (optax.adam(LR, eps=1e-5, eps_root=1e-6), 1e-5, 1e-6),
        (optax.adam(LR, eps=1.0), 1.0, 0.0),
        (optax.adam(LR, eps=0.1, eps_root=0.1), 0.1, 0.1),
        (optax.adam(LR, mu_dtype="bfloat16"), 1e-8, 0.0),
        (optax.adamw(LR, weight_decay=0.1, mask=lambda params: True), 1e-8, 0.0),
        (optax.chain(optax.zero_nans(), optax.adam(LR)), 1e-8, 0.0),
        (optax.rmsprop(LR, eps=0.1), 0.0, 0.1),
        (optax.adam(LR, b1=0.5, b2=0.9), 1e-8, 0.0),
        (optax.adamw(LR, weight_decay=0.1), 1e-8, 0.0),
        (optax.chain(optax.clip(0.01), optax.adam(LR)), 1e-8, 0.0),
        (optax.rmsprop(LR), 0.0, 1e-8),
        (optax.rmsprop(LR, eps_in_sqrt=False), 1e-8, 0.0),
        (optax.rmsprop(LR, centered=True, momentum=0.9), 0.0, 1e-8),
        (optax.rmsprop(LR, bias_correction=True), 0.0, 1e-8),
        (optax.adagrad(LR), 0.0, 1e-7),
        (optax.adagrad(LR, eps=1e-3), 0.0, 1e-3),
    ],
)
def test_epsilons_wherever_they_stand(optimizer, eps, root, x64):
    with jax.enable_x64(x64):
        metric = measured(optimizer)
        assert metric.adaptive
        assert metric.eps == pytest.approx(eps, rel=1e-3, abs=1e-13)
        assert metric.root == pytest.approx(root, rel=1e-3, abs=1e-13)


@pytest.mark.parametrize(
    ("momentum", "nesterov", "ahead"), [(None, False, 1.0), (0.9, False, 1.0), (0.9, True, 1.9)]
)
def test_how_far_sgd_looks_ahead(momentum, nesterov, ahead):
    metric = measured(optax.sgd(LR, momentum=momentum, nesterov=nesterov))
    assert not metric.adaptive
    assert float(metric.ahead) == pytest.approx(ahead)


@pytest.mark.parametrize(
    "optimizer",
    [
        optax.nadam(LR),
        optax.radam(LR),
        optax.lamb(LR),
        optax.adamax(LR),
        optax.sign_sgd(LR),
        optax.yogi(LR),
        optax.rmsprop(LR, momentum=0.9, nesterov=True),
        optax.adam(LR, nesterov=True),
    ],
)
def test_another_optimizer_of_the_same_state_is_refused(optimizer):
    with pytest.raises(InputError, match="makes others than sgd, adam, adamw, rmsprop and adagrad"):
        regularize(optimizer, PROX, learning_rate=LR)
    others = ["l1=0.1", "l2=0.1,mode=decoupled", "max_norm,radius=1"]
    regularize(optimizer, others, learning_rate=LR)


@pytest.mark.parametrize("mode", ["prox", "decoupled"])
@pytest.mark.parametrize("make", [optax.adam, optax.sgd, optax.rmsprop, optax.adagrad])
def test_another_schedule_is_refused(make, mode):
    cosine = optax.cosine_decay_schedule(LR, 100)
    specs = [f"l2=0.1,mode={mode}"]
    for own, said in ((cosine, LR), (LR, cosine)):
        with pytest.raises(InputError, match=r"at step \d+, and regularize was given"):
            regularize(make(own), specs, learning_rate=said)
    regularize(make(cosine), specs, learning_rate=cosine)


@pytest.mark.parametrize("make", [optax.adam, optax.sgd, optax.rmsprop, optax.adagrad])
def test_another_learning_rate_is_refused(make):
    with pytest.raises(InputError, match=r"is 0.2 at step 0, and regularize was given 0.1"):
        regularize(make(2 * LR), PROX, learning_rate=LR)


@pytest.mark.parametrize(
    ("optimizer", "message"),
    [
        (optax.lion(LR), "ScaleByLionState does not tell them: use one of sgd"),
        (optax.amsgrad(LR), "ScaleByAmsgradState"),
        (optax.MultiSteps(optax.adam(LR), 2), "MultiStepsState .* put regularize inside"),
        (optax.masked(optax.adam(LR), lambda params: True), "MaskedState .* put regularize inside"),
        (optax.inject_hyperparams(optax.adam)(LR), "inject into a function that makes"),
        (optax.chain(optax.scale_by_adam(), optax.adam(LR)), "this chain has 2"),
        (optax.partition({"a": optax.adam(LR)}, {"x": "a"}), r"one parameter \(\w+\): use one of"),
    ],
)
def test_an_optimizer_whose_steps_are_not_known_is_refused(optimizer, message):
    with pytest.raises(InputError, match=message):
        regularize(optimizer, PROX, learning_rate=LR)


def test_beside_steps_that_are_collected_nothing_is_subtracted():
    optimizer = regularize(
        optax.MultiSteps(optax.adam(LR), 2), ["l2=1,mode=decoupled"], learning_rate=LR
    )
    with pytest.raises(InputError, match="MultiSteps moves only in some: put regularize inside"):
        optimizer.init({"kernel": jnp.ones((2, 2))})


def test_a_schedule_that_begins_at_0_is_measured_where_it_is_not():
    schedule = optax.warmup_cosine_decay_schedule(0.0, LR, 100, 1000)
    assert first_rate(schedule) == (1, pytest.approx(LR / 100, rel=1e-5))
    assert largest_rate(schedule) == pytest.approx(LR, rel=0.1)
    assert measured(optax.adam(schedule, eps=1e-3), schedule).eps == pytest.approx(1e-3)


@pytest.mark.parametrize(
    ("momentum", "nesterov", "ahead"), [(None, False, 1.0), (0.9, False, 1.0), (0.9, True, 1.9)]
)
def test_a_rate_that_is_traced_still_tells_how_far_sgd_looks_ahead(momentum, nesterov, ahead):
    @jax.jit
    def ahead_of(rate):
        return measured(optax.sgd(rate, momentum=momentum, nesterov=nesterov), rate).ahead

    assert float(ahead_of(0.3)) == pytest.approx(ahead)
    assert float(ahead_of(0.0)) == 1.0


def test_what_is_traced_is_taken_as_given():
    @jax.jit
    def eps_of(rate):
        metric = measured(optax.adam(rate), rate, eps=1e-5)
        assert metric.eps == 1e-5
        return metric.steps(optax.adam(rate).init({"w": jnp.ones(2)}), rate)["w"]

    assert eps_of(0.1).shape == (2,)
    assert measured(optax.adam(0.0), 0.0, eps=1e-5).eps == 1e-5


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf"), True, "0.1", None])
def test_a_learning_rate_is_a_number_or_a_schedule(rate):
    with pytest.raises(InputError, match="learning_rate must be that of the optimizer"):
        regularize(optax.sgd(LR), PROX, learning_rate=rate)


def test_what_is_no_optimizer_is_refused():
    with pytest.raises(InputError, match="optimizer must be a transformation of optax"):
        regularize(LR, PROX, learning_rate=LR)
