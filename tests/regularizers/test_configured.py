"""The fields of every penalty: which go together, and the strength that they amount to."""

import math

import numpy as np
import pytest
from penalty_kinds import Ball, Floor, Squares, Together

import regkit as rk
from regkit.errors import FieldError
from regkit.hooks import LayerView
from regkit.regularizers.configured import Configured
from regkit.regularizers.schedule import Schedule


class NoProx(rk.Regularizer):
    """Σw⁴."""

    def value(self, w):
        return float(np.sum(w**4))

    def grad(self, w):
        return 4 * w**3


def refusal(make):
    with pytest.raises(FieldError) as caught:
        make()
    message = str(caught.value)
    assert "\n" not in message
    return message


CONSTRAINED = "since it is a constraint"
REFUSED = {
    "a strength by position": (
        lambda: Floor(3),
        "Floor is a constraint and takes no strength: write floor,least=3",
    ),
    "a strength by position that is the default": (
        lambda: Floor(1.0),
        "Floor is a constraint and takes no strength: write floor,least=1",
    ),
    "a strength by keyword": (
        lambda: Ball(strength=0.25),
        "Ball is a constraint and takes no strength: write ball,radius=0.25",
    ),
    "a strength in a spec": (
        lambda: rk.regularizer("ball=3@dense1", classes=[Ball]),
        "Ball is a constraint and takes no strength: write ball,radius=3",
    ),
    "a schedule on a constraint": (
        lambda: Floor(schedule="ramp:0:5"),
        "Floor: a constraint has no strength, so leave out schedule",
    ),
    "a scale on a constraint": (
        lambda: Ball(scale="size"),
        "Ball: a constraint has no strength, so leave out scale",
    ),
    "a constraint in mode loss": (
        lambda: Floor(mode="loss"),
        f"Floor: mode must be 'constraint', got 'loss', {CONSTRAINED}",
    ),
    "a constraint in mode prox": (
        lambda: Ball(mode="prox"),
        f"Ball: mode must be 'constraint', got 'prox', {CONSTRAINED}",
    ),
    "mode constraint for another": (
        lambda: rk.L2(mode="constraint"),
        "L2: mode must be 'loss' or 'prox' or 'decoupled', got 'constraint', since its class "
        "declares no constraint",
    ),
    "mode constraint for a model-wide one": (
        lambda: Together(mode="constraint"),
        "Together: mode must be 'loss' or 'prox' or 'decoupled', got 'constraint', since its class "
        "declares no constraint",
    ),
    "an unknown mode": (
        lambda: rk.L2(mode="decouple"),
        "L2: mode must be one of 'loss' | 'prox' | 'decoupled' | 'constraint', got 'decouple'",
    ),
    "mode prox without one": (
        lambda: NoProx(mode="prox"),
        "NoProx: mode 'prox' needs a prox, which it does not define",
    ),
    "an unknown scale": (
        lambda: rk.L2(scale="rows"),
        "L2: scale must be one of 'none' | 'size' | 'fan_in' | 'sqrt_fan_in', got 'rows'",
    ),
    "fan_in of a model": (
        lambda: Together(scale="fan_in"),
        "Together: scale must be one of 'none', 'size', got 'fan_in'",
    ),
    "an unknown form of a schedule": (
        lambda: rk.L1(schedule="rmap:0:5"),
        "L1: schedule 'rmap:0:5': 'rmap' is not known",
    ),
    "a schedule that ends before it begins": (
        lambda: rk.L1(schedule="ramp:5:5"),
        "L1: schedule 'ramp:5:5': 'ramp:5:5' must end after it begins",
    ),
    "an empty schedule": (lambda: rk.L1(schedule=""), "L1: a schedule must be text"),
    "outputs without on": (
        lambda: Squares(0.1),
        "Squares needs on, the layers that it applies to, such as on='relu1', or @relu1 in a spec",
    ),
    "outputs without on in a spec": (
        lambda: rk.regularizer("squares=0.1", classes=[Squares]),
        "Squares needs on",
    ),
    "outputs in mode prox": (
        lambda: Squares(on="relu1", mode="prox"),
        "Squares: mode must be 'loss', got 'prox'",
    ),
    "outputs in mode decoupled": (
        lambda: Squares(on="relu1", mode="decoupled"),
        "Squares: mode must be 'loss', got 'decoupled'",
    ),
    "outputs with a scale": (
        lambda: Squares(on="relu1", scale="size"),
        "Squares: scale must be one of 'none', got 'size'",
    ),
    "a label of two": (lambda: rk.L2(label="a,b"), "L2: label 'a,b' may not contain"),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_fields_that_do_not_go_together_are_refused(make, message):
    assert refusal(make).startswith(message)


@pytest.mark.parametrize("base", [rk.Regularizer, rk.ModelRegularizer, rk.ActivityRegularizer])
@pytest.mark.parametrize("name", ["schedule", "scale", "label", "mask"])
def test_reserved_names_are_no_fields_of_an_authors_own(base, name):
    assert (
        refusal(lambda: type("Mine", (base,), {"__annotations__": {name: float}, name: 1.0}))
        == f"Mine: the field name {name!r} is reserved"
    )


def test_defaults():
    one = rk.L2()
    assert (one.strength, one.on, one.mode) == (1.0, ("weights",), "loss")
    assert (one.schedule, one.scale, one.label) == (None, "none", None)
    assert Floor().mode == "constraint"
    assert all(issubclass(cls, Configured) for cls in (rk.L2, Floor, Ball, Together, Squares))


def test_a_constraints_spec_has_neither_strength_nor_mode():
    assert str(Floor(least=2.0, on="dense1")) == "floor,least=2.0@dense1"
    again = rk.regularizer(str(Floor(least=2.0, on="dense1")), classes=[Floor])
    assert (again.least, again.on, again.mode) == (2.0, ("dense1",), "constraint")


# The strength as of a call


def layer(epoch=None, rows=6, columns=4):
    params = {"weights": np.ones((rows, columns)), "biases": np.ones((1, columns))}
    return LayerView("dense1", params, epoch=epoch)


@pytest.mark.parametrize("epoch", [0, 3, 10, 25, 40])
@pytest.mark.parametrize("schedule", ["ramp:5:25", "until:10", "step:10:0.25~cosine:20:30"])
def test_strength_is_multiplied_by_the_schedules_factor(schedule, epoch):
    one = rk.L2(0.5, schedule=schedule)
    factor = Schedule(schedule)(epoch)
    assert one.factor_at(epoch) == factor
    assert one.strength_at(epoch) == 0.5 * factor
    assert one.strength_for(layer(epoch)) == 0.5 * factor
    assert one.penalty(layer(epoch)) == pytest.approx(0.5 * factor * 24)


def test_without_an_epoch_or_a_schedule_the_factor_is_1():
    assert rk.L2(0.5, schedule="from:7").strength_at(None) == 0.5
    assert rk.L2(0.5, schedule="from:7").strength_for(layer()) == 0.5
    assert rk.L2(0.5).strength_for(layer(3)) == 0.5
    assert rk.L2(0.5).factor_at(3) == 1.0


DIVISORS = {
    ("none", "weights"): 1,
    ("none", "biases"): 1,
    ("size", "weights"): 24,
    ("size", "biases"): 4,
    ("fan_in", "weights"): 6,
    ("fan_in", "biases"): 6,  # The rows of the weights, for every parameter of the layer.
    ("sqrt_fan_in", "weights"): math.sqrt(6),
    ("sqrt_fan_in", "biases"): math.sqrt(6),
}


@pytest.mark.parametrize(("case", "divisor"), DIVISORS.items())
@pytest.mark.parametrize("epoch", [None, 5])
def test_scale_divides_the_strength_in_every_hook(case, divisor, epoch):
    scale, parameter = case
    one = rk.L2(0.6, on="*", scale=scale, schedule="ramp:0:10")
    strength = 0.6 * (1 if epoch is None else 0.5) / divisor
    view = layer(epoch)
    assert one.strength_for(view, parameter) == pytest.approx(strength, rel=1e-14)
    np.testing.assert_allclose(one.penalty_grad(view)[parameter], 2 * strength, rtol=1e-14)
    point = one.penalty_prox(view, 0.1)[parameter]
    np.testing.assert_allclose(point, 1 / (1 + 0.2 * strength), rtol=1e-14)
    alone = rk.L2(0.6, on=parameter, scale=scale, schedule="ramp:0:10")
    assert alone.penalty(view) == pytest.approx(strength * view.params[parameter].size, rel=1e-14)


def test_without_a_parameter_the_size_is_that_of_all_that_are_selected():
    assert rk.L2(1.0, on="*", scale="size").strength_for(layer()) == 1 / 28
    assert rk.L2(1.0, on="biases", scale="size").strength_for(layer()) == 1 / 4


@pytest.mark.parametrize("scale", ["fan_in", "sqrt_fan_in"])
def test_a_layer_without_weights_has_no_fan_in(scale):
    gain = LayerView("norm1", {"gain": np.ones(3)})
    message = refusal(lambda: rk.L2(on="*", scale=scale).penalty(gain))
    assert message == (
        f"L2: scale={scale!r} counts the rows of a layer's weights, and norm1 has none: use "
        "scale='size'"
    )
    assert rk.L2(on="*", scale="size").penalty(gain) == 1.0


def test_a_largest_step_counts_strength_schedule_and_scale():
    class Narrow(rk.L2):
        max_step = 0.5

    one = Narrow(30.0, scale="fan_in", schedule="ramp:0:10")
    one.penalty_prox(layer(epoch=5), 0.2)  # 0.2 · 30 · 0.5 / 6
    for call in (
        lambda: one.penalty_prox(layer(epoch=10), 0.2),
        lambda: one.penalty_prox(layer(), 0.2),
        lambda: one.require_legal_step(0.2, layer()),
        lambda: one.require_legal_step(0.1, layer(), factor=2.0),
    ):
        assert "step × strength is 1.0" in refusal(call)


def test_a_field_without_a_default_must_be_given_by_its_keyword():
    class Mine(rk.Regularizer):
        height: float
        width: float = 2.0

    assert Mine(0.5, 3.0, height=1.0).width == 3.0
    with pytest.raises(FieldError, match="Mine: missing a required argument: 'height'"):
        Mine(0.5)


@pytest.mark.parametrize("name", ["on", "mode", "schedule", "strength"])
def test_a_default_without_an_annotation_is_refused_instead_of_ignored(name):
    with pytest.raises(FieldError, match=f"Mine: {name} = … needs a type"):
        type("Mine", (rk.Regularizer,), {name: "biases"})


class OnBiases(rk.L2):
    """It says itself what it selects, whatever `on` is."""

    @property
    def selectors(self):
        return ("biases",)


def test_what_a_view_keeps_of_one_selection_is_no_other_penaltys():
    layer = LayerView("dense1", {"weights": np.ones((2, 3)), "biases": np.ones((1, 3))})
    for _ in range(2):
        assert list(rk.L2(1.0).selected(layer)) == ["weights"]
        assert list(OnBiases(1.0).selected(layer)) == ["biases"]
    chosen = rk.L2(1.0).selected(layer)
    chosen.clear()
    assert list(rk.L2(1.0).selected(layer)) == ["weights"]
