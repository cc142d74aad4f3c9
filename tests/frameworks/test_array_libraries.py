"""Each penalty of this repository gives on PyTorch's and JAX's arrays what it gives on NumPy's."""

from importlib.metadata import entry_points

import jax
import numpy as np
import pytest
import torch
from frameworks.libraries import IN_FLOAT64, LIBRARIES, assert_close, flat, whole
from frameworks.penalties import BRIDGED, CASES, NAMES, PENALTIES, SMOOTH, WITH_PROX

from regkit.catalogue.own_plugins import OWN_PLUGINS

# Tall, one row, one column, wide, one entry.
SHAPES = ((7, 3), (1, 3), (7, 1), (3, 7), (1, 1))
JAX = [one for one in LIBRARIES if one.name == "jax"]
WITH_ARRAY_STEP = [case for case in WITH_PROX if case.name not in {"nuclear_norm", "spectral_norm"}]

over_libraries = pytest.mark.parametrize("library", LIBRARIES, ids=str)
over_float64 = pytest.mark.parametrize("library", IN_FLOAT64, ids=str)
over_jax = pytest.mark.parametrize("library", JAX, ids=str)
over_penalties = pytest.mark.parametrize("case", PENALTIES, ids=str)
over_prox = pytest.mark.parametrize("case", WITH_PROX, ids=str)


@pytest.fixture(autouse=True)
def x64(request):
    """JAX has float64 where the test's library says so, and without one."""
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    library = parameters.get("library")
    with jax.enable_x64(library is None or library.x64):
        yield


def shapes_for(library):
    """All shapes, but few in float32 under JAX, which compiles each operation for each shape."""
    few = library.name == "jax" and library.dtype == "float32"
    return SHAPES[:2] if few else SHAPES


def zeros_like(tree):
    return jax.tree.map(np.zeros_like, tree)


def gradient_of(penalty, w):
    """`grad`, with zeros for what it left out."""
    return whole(penalty.grad(w), jax.tree.map(lambda one: 0 * one, w))


def point_of(penalty, w, step):
    """`prox`, with w itself for what it left out."""
    return whole(penalty.prox(w, step), w)


def in_places_zero(tree):
    """The same with the first column and the last row 0, once as −0."""

    def emptied(one):
        one = one.copy()
        one[:, 0], one[-1] = 0.0, 0.0
        one[-1, -1] = -0.0
        return one

    return jax.tree.map(emptied, tree)


def assert_is_of(library, found, expected):
    """Each leaf is an array of the library, in the type and on the device of what was given."""
    for one, given in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert isinstance(one, torch.Tensor if library.name == "torch" else jax.Array)
        assert (one.shape, one.dtype, one.device) == (given.shape, given.dtype, given.device)


def test_every_penalty_of_this_repository_is_installed_and_tried():
    installed = {
        one.name
        for one in entry_points(group="regkit")
        if one.dist.name in {"regkit-nn", *OWN_PLUGINS}
    }
    assert installed == NAMES == {case.name for case in CASES}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_classes_declare_what_is_tested_here(name):
    penalty = next(case for case in CASES if case.name == name).penalty_class
    assert penalty.constraint or penalty.array_api
    with_prox = name in {case.name for case in WITH_PROX}
    assert getattr(penalty, "array_api_prox", False) == with_prox
    assert hasattr(penalty, "prox") == (with_prox or name in BRIDGED)
    with_array_step = name in {case.name for case in WITH_ARRAY_STEP}
    assert getattr(penalty, "array_step", False) == with_array_step


@over_libraries
@over_penalties
def test_values_and_gradients_are_numpys(case, library, tmp_path):
    for shape in shapes_for(library):
        penalty = case.penalty(tmp_path, shape)
        drawn = case.drawn(shape, library.dtype)
        for w in (drawn, in_places_zero(drawn), zeros_like(drawn)):
            given = library.array(w)
            value, gradient = penalty.value(given), gradient_of(penalty, given)
            assert_is_of(library, gradient, given)
            assert isinstance(value, torch.Tensor if library.name == "torch" else jax.Array)
            assert value.shape == ()
            assert_close(value, penalty.value(w), library.tolerance)
            assert_close(gradient, gradient_of(penalty, w), library.tolerance)


@over_libraries
@over_penalties
def test_the_gradient_at_0_is_the_documented_one(case, library, tmp_path):
    w = zeros_like(case.drawn((4, 3)))
    penalty = case.penalty(tmp_path, (4, 3))
    gradient = flat(penalty.grad(library.array(w)))
    if case.name in SMOOTH:
        assert_close(gradient, flat(library.derivative(penalty.value, w)), library.tolerance)
        assert (gradient < 0).all()
    else:
        np.testing.assert_allclose(gradient, case.at_zero, rtol=1e-7)


@over_float64
@over_penalties
def test_gradients_are_the_automatic_derivatives_of_values(case, library, tmp_path):
    for seed, shape in enumerate(shapes_for(library)):
        penalty, w = case.penalty(tmp_path, shape), case.drawn(shape, seed=seed)
        derivative = library.derivative(penalty.value, w)
        assert_close(gradient_of(penalty, library.array(w)), derivative, 1e-10)


@over_jax
@over_penalties
def test_values_and_gradients_can_be_compiled(case, library, tmp_path):
    penalty = case.penalty(tmp_path, (4, 3))
    w = in_places_zero(case.drawn((4, 3), library.dtype))
    value, gradient = jax.jit(lambda w: (penalty.value(w), gradient_of(penalty, w)))(
        library.array(w)
    )
    assert_close(value, penalty.value(w), library.tolerance)
    assert_close(gradient, gradient_of(penalty, w), library.tolerance)
    assert_is_of(library, gradient, library.array(w))


@over_penalties
def test_values_and_gradients_stay_on_a_device_and_read_nothing_from_it(case, tmp_path):
    """PyTorch's device without data: whoever asks for a number there gets an error."""
    penalty = case.penalty(tmp_path, (4, 3))
    w = jax.tree.map(lambda one: torch.tensor(one).to("meta"), case.drawn((4, 3)))
    assert penalty.value(w).device.type == "meta"
    for one in jax.tree.leaves(penalty.grad(w)):
        assert one.device.type == "meta"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_jaxs_arrays_stay_on_their_device(case, tmp_path):
    penalty, device = case.penalty(tmp_path, (4, 3)), jax.devices()[1]
    w = jax.device_put(case.drawn((4, 3), "float32"), device)
    answers = [penalty.value(w), penalty.grad(w)] if case in PENALTIES else []
    if case in WITH_PROX:
        answers.append(penalty.prox(w, 0.2))
    if case in WITH_ARRAY_STEP:
        answers.append(penalty.prox(w, jax.tree.map(abs, w)))
    for one in jax.tree.leaves(answers):
        assert one.devices() == {device}


@over_libraries
@over_prox
def test_proximal_points_are_numpys(case, library, tmp_path):
    for shape in shapes_for(library):
        penalty = case.penalty(tmp_path, shape)
        drawn = case.drawn(shape, library.dtype)
        for w in (drawn, in_places_zero(drawn), zeros_like(drawn)):
            for step in (1e-3, 0.2):
                given = library.array(w)
                point = point_of(penalty, given, step)
                assert_is_of(library, point, given)
                assert_close(point, point_of(penalty, w, step), library.tolerance)


def steps_like(tree, low, high):
    """Steps from 10^low to 10^high, mixed."""
    rng = np.random.default_rng(3)
    return jax.tree.map(
        lambda one: (10 ** rng.uniform(low, high, one.shape)).astype(one.dtype), tree
    )


@over_libraries
@pytest.mark.parametrize("case", WITH_ARRAY_STEP, ids=str)
def test_proximal_points_under_a_step_for_each_entry_are_numpys(case, library, tmp_path):
    for seed, shape in enumerate(shapes_for(library)):
        penalty = case.penalty(tmp_path, shape)
        drawn = case.drawn(shape, library.dtype, seed=seed)
        for w in (drawn, in_places_zero(drawn)):
            for low, high in ((-2, 1), (-8, 6)):
                steps = steps_like(w, low, high)
                given = library.array(w)
                point = point_of(penalty, given, library.array(steps))
                assert_is_of(library, point, given)
                assert_close(point, point_of(penalty, w, steps), library.tolerance)


@over_jax
@over_prox
def test_proximal_points_can_be_compiled(case, library, tmp_path):
    penalty = case.penalty(tmp_path, (4, 3))
    w = in_places_zero(case.drawn((4, 3), library.dtype))
    prox = jax.jit(lambda w, step: point_of(penalty, w, step))
    # A rate with a schedule is a traced number.
    point = prox(library.array(w), jax.numpy.asarray(0.2, library.dtype))
    assert_close(point, point_of(penalty, w, 0.2), library.tolerance)
    if case in WITH_ARRAY_STEP:
        steps = steps_like(w, -2, 1)
        point = prox(library.array(w), library.array(steps))
        assert_close(point, point_of(penalty, w, steps), library.tolerance)
        assert_is_of(library, point, library.array(w))


@over_prox
def test_proximal_points_stay_on_a_device_and_read_nothing_from_it(case, tmp_path):
    penalty = case.penalty(tmp_path, (4, 3))
    w = jax.tree.map(lambda one: torch.tensor(one).to("meta"), case.drawn((4, 3)))
    for steps in (0.2, *([w] if case in WITH_ARRAY_STEP else [])):
        for one in jax.tree.leaves(penalty.prox(w, steps)):
            assert one.device.type == "meta"
