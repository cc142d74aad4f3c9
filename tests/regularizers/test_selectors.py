"""A selector never touches what it does not name."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.kernels.accumulation import Accumulation
from regkit.kernels.kernels import Kernels
from regkit.regularizers.selectors import require_matches, selects

LAYERS = ("dense1", "dense2", "dense3")
PARAMETERS = ("weights", "biases")
names = st.sampled_from(["dense1", "dense2", "dense3", "weights", "biases", "relu1", "Dense1"])
patterns = st.one_of(
    names,
    st.sampled_from(["*", "dense*", "dense?", "dense[13]", "dense[!2]", "*s", "b*", "w?ights"]),
)
selectors = st.one_of(patterns, st.tuples(patterns, patterns).map(".".join))


def names_it(on, layer, parameter):
    """What the contract says of several selectors, by regular expressions."""

    def matches(pattern, name):
        expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
        expression = re.sub(r"\\\[(!?)(\d+)\\\]", lambda m: f"[{m[1] and '^'}{m[2]}]", expression)
        return re.fullmatch(expression, name) is not None

    for selector in on:
        of_layer, dot, of_parameter = selector.rpartition(".")
        if matches(selector, layer):
            return True
        if dot and layer and matches(of_layer, layer) and matches(of_parameter, parameter):
            return True
        if not (dot and layer) and matches(selector, parameter):
            return True
    return False


def layer(name):
    """A layer as the loop shows it, with running sums of 5, and as a test would make it."""
    shapes = {"weights": (2, 3), "biases": (1, 3)}
    params = {parameter: np.full(shape, 2.0) for parameter, shape in shapes.items()}
    sums = {parameter: np.full(shape, 5.0) for parameter, shape in shapes.items()}
    into = Accumulation(sums, Kernels())
    return SimpleNamespace(name=name, params=params, accumulation=into), SimpleNamespace(
        name=name, params=params
    )


@given(on=st.lists(selectors, min_size=1, max_size=3, unique=True))
@pytest.mark.parametrize("cls", [rk.L1, rk.L2, rk.ElasticNet])
def test_exactly_what_is_named_is_penalized(cls, on):
    regularizer = cls(0.25, on=on)
    for name in LAYERS:
        named = {parameter for parameter in PARAMETERS if names_it(on, name, parameter)}
        in_the_loop, bare = layer(name)
        assert regularizer.penalty_grad(in_the_loop) is None
        for parameter, sums in in_the_loop.accumulation.sums.items():
            assert ((sums > 5) if parameter in named else (sums == 5)).all()
        assert set(regularizer.penalty_grad(bare) or {}) == named
        assert set(regularizer.penalty_prox(bare, 0.1) or {}) == named
        one_entry = cls(0.25).penalty(SimpleNamespace(name="", params={"weights": np.array([2.0])}))
        entries = sum(bare.params[parameter].size for parameter in named)
        assert (regularizer.penalty(bare) or 0.0) == pytest.approx(entries * one_entry)
        assert (regularizer.penalty(bare) is None) == (not named)


@given(on=st.lists(selectors, min_size=1, max_size=3, unique=True).map(tuple))
def test_each_selector_must_name_something_trainable(on):
    trainable = [("dense1", "weights"), ("dense1", "biases"), ("dense3", "biases")]
    frozen = [("dense2", "weights"), ("dense2", "biases")]
    idle = [one for one in on if not any(names_it([one], *pair) for pair in trainable)]
    if not idle:
        require_matches(on, [[pair] for pair in trainable], frozen, owner="l2")
        return
    matches_frozen = any(names_it([idle[0]], *pair) for pair in frozen)
    problem = "matches frozen parameters only" if matches_frozen else "matches no parameter"
    with pytest.raises(rk.errors.SelectorError) as caught:
        require_matches(on, [[pair] for pair in trainable], frozen, owner="l2")
    message = str(caught.value)
    assert message.startswith(f"l2: selector {idle[0]!r} {problem}")
    assert message.endswith(" (trainable: dense1.weights, dense1.biases, dense3.biases)")


@pytest.mark.parametrize(
    ("selector", "meant"),
    [
        ("Dense1", "dense1"),
        ("dense1:weights", "dense1.weights"),
        ("dense1/weights", "dense1.weights"),
        ("dense1 weights", "dense1.weights"),
        ("DENSE1.Weights", "dense1.weights"),
        ("weight", "weights"),
        ("bias", "biases"),
        ("dense1.weight", "dense1.weights"),
        ("dens1", "dense1"),
        ("Dense*", "dense*"),
        ("all", "*"),
    ],
)
def test_a_selector_that_is_nearly_right_is_answered_with_the_right_one(selector, meant):
    trainable = [("dense1", "weights"), ("dense1", "biases")]
    with pytest.raises(rk.errors.SelectorError) as caught:
        require_matches((selector,), [[pair] for pair in trainable], [], owner="l2")
    assert f"matches no parameter: did you mean {meant!r}? (trainable: " in str(caught.value)


@pytest.mark.parametrize("selector", ["conv7", "dense3", "dense3.weights", "dns*"])
def test_nothing_is_suggested_for_another_layer_or_a_pattern(selector):
    with pytest.raises(rk.errors.SelectorError, match=r"matches no parameter \(trainable: "):
        require_matches(
            (selector,), [[("dense1", "weights")], [("dense1", "biases")]], [], owner="l2"
        )


@pytest.mark.parametrize(
    "on", ["", [], (), " weights", "weights ", "a@b", "a+b", "a,b", "a=b", 1, None, ["weights", 1]]
)
def test_what_is_no_selector_is_refused(on):
    with pytest.raises(rk.errors.FieldError, match=r"^L2: on|^on"):
        rk.L2(on=on)


def test_a_selector_is_given_once():
    with pytest.raises(rk.errors.FieldError, match="given twice"):
        rk.L2(on=["weights", "dense1", "weights"])


@pytest.mark.parametrize(
    ("selector", "layer", "parameter", "named"),
    [
        ("encoder.0.weight", "encoder.0", "weight", True),
        ("encoder.0.weight", "encoder.0", "bias", False),
        ("encoder.0.weight", "encoder", "weight", False),
        ("encoder.0", "encoder.0", "bias", True),
        ("encoder.0", "encoder.0.attention", "bias", False),
        ("encoder", "encoder.0", "bias", False),
        ("encoder.*.weight", "encoder.0", "weight", True),
        ("encoder.*.weight", "encoder.0", "bias", False),
        ("encoder.*", "encoder.0.attention", "bias", True),
        ("*.weight", "encoder.0", "weight", True),
        ("weight", "encoder.0", "weight", True),
        ("scale", "", "scale", True),
        ("scale", "", "shift", False),
        ("block.scale", "", "block.scale", True),
        ("*", "", "scale", True),
        ("dense1.scale", "", "scale", False),
    ],
)
def test_layers_may_have_dots_in_their_names_or_be_the_root(selector, layer, parameter, named):
    assert selects((selector,), layer, parameter) is named
    pairs = [(layer, parameter)]
    if named:
        require_matches((selector,), [[pair] for pair in pairs], [], owner="l2")
        return
    full_name = f"{layer}.{parameter}" if layer else parameter
    with pytest.raises(rk.errors.SelectorError, match=re.escape(f"(trainable: {full_name})")):
        require_matches((selector,), [[pair] for pair in pairs], [], owner="l2")
