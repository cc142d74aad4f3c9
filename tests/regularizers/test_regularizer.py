"""The class that authors subclass: what it makes of a class, and which hooks it gives it."""

import dataclasses
import pickle
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from numpy.testing import assert_allclose

import regkit as rk
from regkit.errors import FieldError
from regkit.hookspecs import PROJECT


class Fourth(rk.Regularizer):
    """shift + Σw⁴."""

    shift: float = 0.0

    def value(self, w):
        return float(np.sum(w**4)) + self.shift

    def grad(self, w):
        return 4 * w**3


class Shrinking(Fourth):
    max_step: ClassVar[float] = 0.5

    def prox(self, w, step):
        return w / (1 + step)


@pytest.fixture
def layer():
    params = {"weights": np.array([[1.0, -2.0]]), "biases": np.array([[3.0]])}
    return SimpleNamespace(name="dense1", params=params)


def test_the_hooks_sum_over_the_selected_parameters_and_multiply_by_the_strength_once(layer):
    penalty = Fourth(0.5, shift=1.0, on=["weights", "biases"])
    assert penalty.penalty(layer) == 0.5 * ((1 + 16 + 1) + (81 + 1))
    gradient = penalty.penalty_grad(layer)
    assert_allclose(gradient["weights"], [[2.0, -16.0]])
    assert_allclose(gradient["biases"], [[54.0]])


def test_where_nothing_is_selected_no_hook_answers(layer):
    elsewhere = Shrinking(1.0, on="dense2")
    assert elsewhere.penalty(layer) is None
    assert elsewhere.penalty_grad(layer) is None
    assert elsewhere.penalty_prox(layer, 0.1) is None
    assert (elsewhere.answers(layer), Shrinking(1.0).answers(layer)) == (False, True)


def test_only_a_call_tells_whether_an_overridden_hook_answers(layer):
    class Own(Fourth):
        def penalty(self, layer):
            return None

    assert Own().answers(layer) is None


def test_the_proximal_point_is_taken_with_step_times_strength(layer):
    points = Shrinking(2.0).penalty_prox(layer, 0.25)
    assert list(points) == ["weights"]
    assert_allclose(points["weights"], layer.params["weights"] / 1.5)


def test_a_step_beyond_the_largest_is_refused(layer):
    penalty = Shrinking(2.0)
    penalty.require_legal_step(0.25, layer)
    for refused in (
        lambda: penalty.require_legal_step(0.26, layer),
        lambda: penalty.require_legal_step(0.13, layer, factor=2.0),
        lambda: penalty.penalty_prox(layer, 0.26),
    ):
        with pytest.raises(FieldError, match=r"step × strength is 0\.52, .* defined up to 0\.5"):
            refused()
    Fourth(2.0).require_legal_step(1e300, layer)
    # It binds single steps only: an array's are the optimizer's business.
    steps = {"weights": np.full((1, 2), 1e6)}
    point = penalty.penalty_prox(layer, steps)["weights"]
    assert_allclose(point, layer.params["weights"] / (2e6 + 1))


def test_a_class_without_a_prox_has_neither_the_hook_nor_the_mode(layer):
    with pytest.raises(FieldError, match="Fourth defines no prox"):
        Fourth().penalty_prox(layer, 0.1)
    with pytest.raises(
        FieldError, match="Fourth: mode 'prox' needs a prox, which it does not define"
    ):
        Fourth(mode="prox")
    assert Shrinking(mode="prox").mode == "prox"


def test_two_that_are_alike_stay_two_whatever_the_author_says_of_equality():
    class Alike(Fourth):
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    for cls in (Fourth, Alike):
        assert cls(0.5) != cls(0.5)
        assert len({cls(0.5), cls(0.5)}) == 2


def test_an_instance_is_frozen_and_survives_a_pickle():
    penalty = Fourth(0.5, shift=2.0, on="biases")
    with pytest.raises(dataclasses.FrozenInstanceError):
        penalty.strength = 1.0
    again = pickle.loads(pickle.dumps(penalty))
    assert (again.strength, again.shift, again.on) == (0.5, 2.0, ("biases",))


@pytest.mark.parametrize("name", ["schedule", "scale", "label", "mask"])
def test_names_that_are_kept_for_later_are_no_fields(name):
    with pytest.raises(FieldError, match=f"Mine: the field name '{name}' is reserved"):
        type("Mine", (rk.Regularizer,), {"__annotations__": {name: float}, name: 1.0})


def test_an_init_of_the_authors_own_is_refused():
    with pytest.raises(FieldError, match="Mine: declare fields and __post_init__ instead of __in"):
        type("Mine", (rk.Regularizer,), {"__init__": lambda self: None})


def test_hooks_that_an_author_overrides_need_no_marker():
    class Own(Fourth):
        def penalty(self, layer):
            return 1.0

    assert hasattr(vars(Own)["penalty"], f"{PROJECT}_impl")


def test_values_are_checked_before_post_init_sees_them():
    seen = []

    class Watching(Fourth):
        count: int = 1

        def __post_init__(self):
            seen.append((type(self.strength), type(self.count), self.on))

    Watching(np.float32(2), count=np.int64(3), on="biases")
    assert seen == [(float, int, ("biases",))]
    with pytest.raises(FieldError, match=r"Watching: count must be an int, got 1\.5"):
        Watching(count=1.5)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("arguments", "fields", "complaint"),
    [
        ((), {"shfit": 1.0}, r"Fourth has no field 'shfit', did you mean 'shift'\? .*shift: float"),
        ((1.0, 2.0, 3.0), {}, "Fourth: too many positional arguments"),
        ((1.0,), {"strength": 2.0}, "Fourth: multiple values for argument 'strength'"),
        ((), {"on": 3}, "3"),
    ],
)
def test_arguments_that_are_no_fields_are_refused(arguments, fields, complaint):
    with pytest.raises(rk.errors.InputError, match=complaint):
        Fourth(*arguments, **fields)


def test_a_prox_takes_steps_by_parameter_or_one_array_of_them(layer):
    steps = np.array([[0.5, 40.0]])  # The largest legal step binds single steps only.
    penalty = Shrinking(0.5, on="weights")
    wanted = layer.params["weights"] / (1 + 0.5 * steps)
    for given in (steps, {"weights": steps, "biases": np.ones((1, 1))}):
        assert_allclose(penalty.penalty_prox(layer, given)["weights"], wanted)
    with pytest.raises(FieldError, match=r"is defined up to 0\.5"):
        penalty.penalty_prox(layer, 40.0)
