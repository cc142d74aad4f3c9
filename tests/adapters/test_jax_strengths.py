"""Strengths, epochs and learning rates that JAX traces: under jit, grad and vmap, compiled once.

Covers: regkit/jax/amounts.py, regkit/jax/epochs.py, regkit/jax/regularize.py
"""

import dataclasses
import gc
import weakref

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import regkit as rk
from regkit.array_libraries import is_traced, number, number_sum
from regkit.errors import FieldError, InputError
from regkit.jax import penalties, penalty, project, regularize

PARAMS = {
    "dense1": {"kernel": jnp.array([[1.0, -2.0], [0.0, 3.0]]), "bias": jnp.array([0.5, -0.5])},
    "dense2": {"kernel": jnp.array([[2.0], [-1.0]]), "bias": jnp.zeros(1)},
}
SPECS = ["l1", "l2", "elastic_net", "group_lasso", "nuclear_norm", "path_norm@dense1+dense2"]


def by_spec(spec, strength):
    name, _, on = spec.partition("@")
    return rk.regularizer(f"{name}={strength}{'@' + on if on else ''}")


def traced(spec, strength):
    return dataclasses.replace(by_spec(spec, 1.0), strength=strength)


def test_a_strength_may_be_traced_and_no_other_field():
    assert jax.jit(lambda strength: 2 * rk.L1(strength).strength)(0.25) == 0.5
    with pytest.raises(FieldError, match=r"l1_ratio must be a float, got .*Tracer"):
        jax.jit(lambda ratio: rk.ElasticNet(0.1, l1_ratio=ratio).strength)(0.5)
    with pytest.raises(FieldError, match="strength must be a float"):
        jax.jit(lambda strength: rk.L1(strength).strength.sum())(jnp.ones(2))
    assert type(rk.L1(jnp.float32(0.5)).strength) is float


def test_numbers_that_are_traced_stay_what_they_are():
    def f(x):
        assert is_traced(x)
        assert number(x) is x
        return number_sum([1.0, x])

    assert jax.jit(f)(2.0) == 3.0
    assert not is_traced(jnp.ones(()))
    assert number(jnp.ones(())) == 1.0
    assert number_sum([1e16, 1.0, -1e16]) == 1.0


@pytest.mark.parametrize("spec", SPECS)
def test_value_and_gradient_for_a_traced_strength_are_those_of_the_number(spec):
    value = jax.jit(lambda params, strength: penalty(params, [traced(spec, strength)]))
    wanted = penalty(PARAMS, [by_spec(spec, 0.3)])
    assert float(value(PARAMS, 0.3)) == pytest.approx(float(wanted), rel=1e-6)
    ours = jax.grad(value)(PARAMS, 0.3)
    other = jax.grad(lambda params: penalty(params, [by_spec(spec, 0.3)]))(PARAMS)
    for one, two in zip(jax.tree.leaves(ours), jax.tree.leaves(other), strict=True):
        assert jnp.allclose(one, two, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("spec", SPECS)
def test_the_derivative_by_the_strength_is_the_penalty_for_strength_1(spec):
    value = jax.jit(lambda strength: penalty(PARAMS, [traced(spec, strength)]))
    wanted = float(penalty(PARAMS, [by_spec(spec, 1.0)]))
    assert float(jax.grad(value)(0.3)) == pytest.approx(wanted, rel=1e-6)


def test_a_vmap_over_strengths_compiles_once():
    traces = []

    @jax.jit
    def paths(strengths):
        def last(strength):
            traces.append(strength)
            optimizer = regularize(
                optax.adam(0.05), [rk.L1(strength, mode="prox")], learning_rate=0.05
            )

            def step(carried, _):
                params, state = carried
                gradients = jax.tree.map(lambda w, start: w - start, params, PARAMS)
                moves, state = optimizer.update(gradients, state, params)
                return (optax.apply_updates(params, moves), state), None

            carried = (PARAMS, optimizer.init(PARAMS))
            (params, _), _ = jax.lax.scan(step, carried, length=2000)
            return params["dense1"]["kernel"]

        return jax.vmap(last)(strengths)

    strengths = jnp.array([0.0, 0.5, 1.5, 4.0])
    found = paths(strengths)
    paths(strengths + 0.1)
    assert len(traces) == 1
    assert paths._cache_size() == 1
    # ½‖w − start‖² + λΣ|w| has the soft threshold as its solution.
    start = np.asarray(PARAMS["dense1"]["kernel"])
    for strength, kernel in zip(strengths, found, strict=True):
        wanted = np.sign(start) * np.maximum(np.abs(start) - float(strength), 0)
        assert np.allclose(kernel, wanted, atol=1e-4)
        assert np.array_equal(np.asarray(kernel) == 0, wanted == 0)


def test_a_strength_of_0_leaves_everything_alone_in_each_mode():
    for mode in ("loss", "prox", "decoupled"):

        def moved(strength, mode=mode):
            regularizer = rk.regularizer(f"group_lasso=1,mode={mode}")
            regularizers = [dataclasses.replace(regularizer, strength=strength)]
            optimizer = regularize(optax.sgd(0.1), regularizers, learning_rate=0.1)
            zeros = jax.tree.map(jnp.zeros_like, PARAMS)
            return optimizer.update(zeros, optimizer.init(PARAMS), PARAMS)[0]

        for move in jax.tree.leaves(jax.jit(moved)(0.0)):
            assert not jnp.any(move)


def test_schedules_go_by_steps_or_by_the_epoch_that_update_is_told():
    optimizer = regularize(
        optax.sgd(1.0), ["l2=1,schedule=ramp:0:4@dense1.weights"], learning_rate=1.0
    )
    zeros = jax.tree.map(jnp.zeros_like, PARAMS)
    kernel = PARAMS["dense1"]["kernel"]
    update = jax.jit(optimizer.update)
    state = optimizer.init(PARAMS)
    for count in range(6):
        for own in (update, optimizer.update):
            moves, after = own(zeros, state, PARAMS)
            factor = min(count / 4, 1)
            assert jnp.allclose(moves["dense1"]["kernel"], -2 * factor * kernel)
        state = after
    moves, _ = update(zeros, state, PARAMS, epoch=1)
    assert jnp.allclose(moves["dense1"]["kernel"], -0.5 * kernel)
    for epoch in (0, 2, 9):
        found = jax.jit(lambda e: penalty(PARAMS, ["l1=1,schedule=ramp:0:4"], epoch=e))(epoch)
        assert float(found) == pytest.approx(9 * min(epoch / 4, 1))
    with pytest.raises(InputError, match=r"l1 has a schedule, .* give epoch="):
        penalty(PARAMS, ["l1=1,schedule=ramp:0:4"])
    for wrong in (-1, 0.5, "a", jnp.array([1, 2])):
        with pytest.raises(InputError, match="epoch must be an integer"):
            penalty(PARAMS, ["l1=1,schedule=ramp:0:4"], epoch=wrong)


def test_at_a_learning_rate_of_0_nothing_moves_and_momentum_stays_finite():
    schedule = optax.linear_schedule(0.0, 0.1, 3)
    optimizer = regularize(
        optax.sgd(schedule, momentum=0.9), ["l1=5,mode=prox"], learning_rate=schedule
    )
    zeros = jax.tree.map(jnp.zeros_like, PARAMS)
    state, params = optimizer.init(PARAMS), PARAMS
    for step in range(4):
        moves, state = jax.jit(optimizer.update)(zeros, state, params)
        params = optax.apply_updates(params, moves)
        assert all(jnp.all(jnp.isfinite(one)) for one in jax.tree.leaves((params, state)))
        assert (step == 0) == (not jnp.any(moves["dense1"]["kernel"]))


@pytest.mark.parametrize("spec", ["l2=1e-3", "l1=1e-3,mode=prox"])
def test_an_optimizer_keeps_neither_parameters_nor_what_is_traced(spec):
    optimizer = regularize(optax.sgd(0.1), [spec], learning_rate=0.1)
    params = {"dense1": {"kernel": jnp.ones((3, 2))}}
    known = weakref.ref(params["dense1"]["kernel"])
    state = optimizer.init(params)
    del params
    gc.collect()
    assert known() is None
    params = {"dense1": {"kernel": jnp.ones((4, 2))}}
    with jax.checking_leaks():
        state = jax.jit(optimizer.init)(params)
        jax.jit(optimizer.update)(params, state, params)


def test_penalties_are_told_in_the_users_order_and_add_up():
    found = penalties(PARAMS, ["l2=0.1@dense1", "l1=0.5@*", "path_norm=1@dense1+dense2"])
    assert list(found) == ["l2@dense1", "l1@*", "path_norm@dense1+dense2"]
    assert list(found["l1@*"]) == ["dense1", "dense2"]
    assert list(found["path_norm@dense1+dense2"]) == ["model"]
    total = penalty(PARAMS, ["l2=0.1@dense1", "l1=0.5@*", "path_norm=1@dense1+dense2"])
    parts = [float(value) for by_layer in found.values() for value in by_layer.values()]
    assert float(total) == pytest.approx(sum(parts))
    assert float(penalty(PARAMS, [])) == 0.0


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("l1=1,mode=prox", "in mode 'prox', .*regularize, or use mode 'loss'"),
        ("l2=1,mode=decoupled", "in mode 'decoupled', .*regularize, or use mode 'loss'"),
        ("max_norm,radius=1", r"in mode 'constraint', .*regularize \(its value"),
    ],
)
def test_what_acts_beside_a_loss_is_not_taken_into_one(spec, message):
    with pytest.raises(InputError, match=message):
        penalty(PARAMS, [spec])
    assert len(penalties(PARAMS, [spec])) == 1


@pytest.mark.parametrize("spec", ["l2=0.3", "elastic_net=0.3", "group_lasso=0.3"])
def test_second_derivatives_in_both_modes_of_differentiation(spec):
    w = jnp.array([[1.0, -2.0], [0.3, 3.0]])

    def value(w):
        return penalty({"dense1": {"kernel": w}}, [spec])

    by_hand = {
        "l2=0.3": lambda w: 0.3 * jnp.sum(w**2),
        "elastic_net=0.3": lambda w: 0.15 * jnp.sum(abs(w) + w**2),
        "group_lasso=0.3": lambda w: 0.3 * 2**0.5 * jnp.sum(jnp.linalg.norm(w, axis=0)),
    }[spec]
    wanted = jax.hessian(by_hand)(w)
    for found in (jax.hessian(value)(w), jax.jacrev(jax.grad(value))(w)):
        assert jnp.allclose(found, wanted, atol=1e-5)
    moved = jax.jvp(value, (w,), (jnp.ones_like(w),))[1]
    assert float(moved) == pytest.approx(float(jnp.sum(jax.grad(by_hand)(w))), rel=1e-5)


@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float16])
def test_numbers_of_16_bits_are_added_up_in_32(dtype):
    ones = {"dense1": {"kernel": jnp.ones((1000, 1000), dtype)}}
    assert float(penalty(ones, ["l1=1"])) == 1e6
    large = {"dense1": {"kernel": jnp.full((2, 2), 300, dtype)}}
    gradient = jax.grad(lambda p: penalty(p, ["group_lasso=1,groups=incoming"]))(large)
    assert jnp.allclose(gradient["dense1"]["kernel"].astype(float), 1.0, rtol=1e-2)


def test_in_half_precision_gradients_and_moves_keep_the_dtype():
    params = jax.tree.map(lambda one: one.astype(jnp.bfloat16), PARAMS)
    assert penalty(params, ["l2=1"]).dtype == jnp.float32
    gradient = jax.grad(lambda p: penalty(p, ["l2=1", "nuclear_norm=0.1"]))(params)
    assert {one.dtype for one in jax.tree.leaves(gradient)} == {jnp.dtype(jnp.bfloat16)}
    optimizer = regularize(optax.adam(0.1), ["l1=1,mode=prox"], learning_rate=0.1)
    moves, _ = optimizer.update(gradient, optimizer.init(params), params)
    assert {one.dtype for one in jax.tree.leaves(moves)} == {jnp.dtype(jnp.bfloat16)}


def test_constraints_hold_from_the_start_where_they_are_projected():
    specs = ["max_norm,radius=0.5@dense1.weights", "non_negative@dense2.weights"]
    projected = project(PARAMS, specs)
    assert jnp.all(jnp.linalg.norm(projected["dense1"]["kernel"], axis=0) <= 0.5 + 1e-6)
    assert projected["dense2"]["kernel"].tolist() == [[2.0], [0.0]]
    assert jax.tree.structure(projected) == jax.tree.structure(PARAMS)
    found = penalties(projected, specs)
    assert set(map(float, jax.tree.leaves(found))) == {0.0}
    found = jax.jit(lambda p: penalties(p, specs))(PARAMS)
    assert set(map(float, jax.tree.leaves(found))) == {np.inf}


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        (["activity_l1=1@relu1"], "outputs, and a tree of parameters does not show them"),
        (["path_norm=1"], "a tree of parameters does not say which follows which"),
        (["path_norm=1@dense2+dense1"], "dense2 has 1 neurons, but dense1 takes 2"),
        (["l1=1,mode=prox", "l2=1,mode=prox"], "do not add up"),
        ("l1=1", "regularizers must be a list"),
        ([rk.L1], "must be instances"),
    ],
)
def test_what_is_refused_before_the_first_step(specs, message):
    with pytest.raises(InputError, match=message):
        penalties(PARAMS, specs)
    with pytest.raises(InputError, match=message):
        regularize(optax.sgd(0.1), specs, learning_rate=0.1).init(PARAMS)


@pytest.mark.parametrize(
    ("optimizer", "rate", "spec", "error", "message"),
    [
        (
            optax.adam(0.1),
            0.1,
            "nuclear_norm=1,mode=prox",
            InputError,
            "each entry its own step",
        ),
        (optax.sgd(0.1), 0.1, "mcp=20,gamma=1,mode=prox", FieldError, "defined up to 1"),
    ],
)
def test_a_prox_that_does_not_fit_the_optimizer_is_refused(optimizer, rate, spec, error, message):
    with pytest.raises(error, match=message):
        regularize(optimizer, [spec], learning_rate=rate).init(PARAMS)


def test_update_needs_the_parameters():
    optimizer = regularize(optax.sgd(0.1), ["l1=1"], learning_rate=0.1)
    with pytest.raises(InputError, match=r"update\(grads, state, params\)"):
        optimizer.update(PARAMS, optimizer.init(PARAMS))
    with pytest.raises(InputError, match=r"the state of another optimizer \(tuple\): begin with"):
        optimizer.update(PARAMS, optax.sgd(0.1).init(PARAMS), PARAMS)


def test_optax_may_ask_for_the_form_of_its_state():
    optimizer = regularize(optax.adam(0.1), ["l1=1,mode=prox"], learning_rate=0.1)
    state = optimizer.init(PARAMS)
    ones = optax.tree_utils.tree_map_params(optimizer, jnp.ones_like, state)
    assert jnp.all(ones.inner_state[0].nu["dense1"]["kernel"] == 1)
    assert jax.tree.structure(ones) == jax.tree.structure(state)


def test_it_serves_inside_of_optaxs_own_wrappers():
    def make(learning_rate):
        return regularize(
            optax.adam(learning_rate), ["l1=3,mode=prox"], learning_rate=learning_rate
        )

    zeros = jax.tree.map(jnp.zeros_like, PARAMS)
    masked = optax.masked(make(0.1), {"dense1": True, "dense2": False})
    moves, _ = masked.update(zeros, masked.init(PARAMS), PARAMS)
    assert jnp.any(moves["dense1"]["kernel"])
    assert not jnp.any(moves["dense2"]["kernel"])
    injected = optax.inject_hyperparams(make)(learning_rate=0.1)
    state = injected.init(PARAMS)
    one, _ = injected.update(PARAMS, state, PARAMS)
    state.hyperparams["learning_rate"] = jnp.asarray(0.2)
    two, _ = injected.update(PARAMS, state, PARAMS)
    assert jnp.allclose(2 * one["dense2"]["kernel"], two["dense2"]["kernel"], atol=1e-6)
    collected = optax.MultiSteps(make(0.1), 2)
    state = collected.init(PARAMS)
    first, state = collected.update(zeros, state, PARAMS)
    second, state = collected.update(zeros, state, PARAMS)
    assert not jnp.any(first["dense1"]["kernel"])
    assert jnp.any(second["dense1"]["kernel"])


def test_a_large_model_is_set_up_without_a_copy_of_it():
    # 4 TB, of which nothing is made.
    shapes = {"dense1": {"kernel": jax.ShapeDtypeStruct((1_000_000, 1_000_000), jnp.float32)}}
    optimizer = regularize(optax.sgd(0.1), ["l1=1,mode=prox", "group_lasso=1"], learning_rate=0.1)
    state = jax.eval_shape(optimizer.init, shapes)
    moves, _ = jax.eval_shape(optimizer.update, shapes, state, shapes)
    assert moves == shapes
