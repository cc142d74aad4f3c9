"""Specs in other forms, and the specs that were meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regkit.regularizers.near_misses import meant
from regkit.regularizers.spec import RESERVED, parse

NAMES = ("l1", "l2", "elastic_net", "regkit-rival/l2")


@pytest.mark.parametrize(
    "text",
    [
        *("l2:0.5", "l2(0.5)", "l2 0.5", "l2 = 0.5", "l2==0.5", "l2;0.5", "l2-0.5", "L2=0.5"),
        *("--l2=0.5", "--reg l2=0.5", "l2(strength=0.5)", "l2,strength:0.5", "l2=0.5,", "l2=0,5"),
        *("l2,0.5", "l2*0.5", "l2, 0.5", "l2 * 0.5"),
        *("'l2=0.5'", "“l2=0.5”", "0.5", "l_2=0.5", "ｌ２＝0.5"),
    ],
)
def test_a_strength_in_another_form(text):
    assert meant(text, NAMES) == ("l2=0.5",)


@pytest.mark.parametrize("dash", "‐‑‒–—−")
def test_a_dash_that_was_pasted_in(dash):
    assert meant(f"l2=5e{dash}4@dense1", NAMES) == ("l2=5e-4@dense1",)


@pytest.mark.parametrize(
    "text",
    [
        *("l2=0.5@dense1,weights", "l2=0.5@dense1:weights", "l2=0.5@dense1 weights"),
        *("l2@dense1.weights=0.5", "l2:0.5@dense1.weights", "l2=0,5@dense1/weights"),
        *("l2=0.5,dense1.weights", "l2=0.5 dense1.weights", "L2(0.5, on='dense1.weights')"),
        *("l2=0.5,on=dense1.weights", "l2=0.5:dense1.weights", "l2=0.5: dense1.weights"),
    ],
)
def test_a_selector_in_another_form(text):
    assert meant(text, NAMES) == ("l2=0.5@dense1.weights",)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("l2=0.5@dense1,dense2", "l2=0.5@dense1+dense2"),
        ("l2=0.5@dense1@dense2", "l2=0.5@dense1+dense2"),
        ("l2=0.5@[dense1, dense2]", "l2=0.5@dense1+dense2"),
        ("l2=0.5@weights, biases", "l2=0.5@weights+biases"),
        ("elastic-net=0.5", "elastic_net=0.5"),
        ("ElasticNet(0.5, l1_ratio=0.3)", "elastic_net=0.5,l1_ratio=0.3"),
        ("elastic_net=0,5,l1_ratio=0,3@dense1", "elastic_net=0.5,l1_ratio=0.3@dense1"),
        ("elastic_net=0.5@dense1,l1_ratio=0.3", "elastic_net=0.5,l1_ratio=0.3@dense1"),
        ("regkit-rival/l2:0.5", "regkit-rival/l2=0.5"),
    ],
)
def test_several_selectors_and_fields_in_another_form(text, spec):
    assert meant(text, NAMES) == (spec,)


@pytest.mark.parametrize("joint", [" ", ",", ", ", ";", "+", " + ", "|", " and ", " --reg "])
def test_several_specs_in_one(joint):
    assert meant(f"l1=0.1{joint}l2=0.2", NAMES) == ("l1=0.1", "l2=0.2")
    with_selectors = meant(f"l1:0.1@dense1{joint}l2:0.2@dense2", NAMES)
    assert with_selectors == ("l1=0.1@dense1", "l2=0.2@dense2")


@pytest.mark.parametrize("text", ["None", "NONE", "off", "no", "0", "null", "'none'"])
def test_no_regularizer_in_another_form(text):
    assert meant(text, NAMES) == (RESERVED,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "l2=0.5",
        "none",
        "l2=x",
        "l2=",
        "l9:0.5",
        "l2=1@dense1.l1=3",
        "l2@",
        "l2:0.5" + "@d" * 99,
    ],
)
def test_what_cannot_be_told_is_left_alone(text):
    assert meant(text, NAMES) == ()


TOKENS = "l1 l2 elastic_net = : ( ) , @ + 0.5 5e–4 0,5 on dense1 weights l1_ratio ' [ ] --reg ; . -"
pieces = st.sampled_from([" ", *TOKENS.split()])


@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=30))
def test_whatever_is_suggested_follows_the_grammar_and_names_what_there_is(text):
    for spec in meant(text, NAMES):
        assert spec == RESERVED or parse(spec).full_name in NAMES
