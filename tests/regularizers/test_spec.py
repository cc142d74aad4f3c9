"""The grammar of spec strings, apart from any class."""

import pytest

from regkit.errors import SpecError
from regkit.regularizers.spec import Spec, parse, text_of, written

SPECS = {
    "l2": Spec("l2"),
    "l2=0.0005": Spec("l2", fields={"strength": "0.0005"}),
    "l2@dense1": Spec("l2", selectors=("dense1",)),
    "regkit-huber/huber=1": Spec("huber", "regkit-huber", {"strength": "1"}),
    "elastic_net=1e-4,l1_ratio=0.3@dense1.weights+dense2.*": Spec(
        "elastic_net",
        None,
        {"strength": "1e-4", "l1_ratio": "0.3"},
        ("dense1.weights", "dense2.*"),
    ),
    "huber,delta=2,label=": Spec("huber", fields={"delta": "2", "label": ""}),
    "huber,side=a=b": Spec("huber", fields={"side": "a=b"}),
}


@pytest.mark.parametrize(("text", "spec"), SPECS.items())
def test_a_spec_is_taken_apart_and_put_together_again(text, spec):
    assert parse(text) == spec
    assert str(spec) == text


def test_space_around_a_spec_does_not_count():
    assert parse("  l2=1@dense1\n") == parse("l2=1@dense1")


def test_the_full_name_has_the_distribution_where_one_was_given():
    assert parse("regkit-huber/huber").full_name == "regkit-huber/huber"
    assert parse("huber").full_name == "huber"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (" ", "empty spec: write [DISTRIBUTION/]NAME"),
        ("=1", "spec '=1': '' is not a regularizer's name"),
        ("/l2", "spec '/l2': '/l2' is not a regularizer's name"),
        ("a/b/l2", "'a/b/l2' is not a regularizer's name"),
        ("l2 =1", "'l2 ' is not a regularizer's name"),
        ("none", "'none' means no regularizer, so there is none here"),
        ("none=1", "'none' means no regularizer: give it alone"),
        ("l2=", "a strength must follow 'l2='"),
        ("l2,0.3", "'0.3' is not FIELD=VALUE"),
        ("l2,a", "'a' is not FIELD=VALUE"),
        ("l2,", "'' is not FIELD=VALUE"),
        ("l2,on=dense1", "write selectors after '@', not as a field 'on'"),
        ("l2,a=1,a=2", "a is given twice"),
        ("l2=1,strength=2", "strength is given twice"),
        ("l2@", "a selector must follow '@' and each '+'"),
        ("l2@dense1+", "a selector must follow '@' and each '+'"),
    ],
)
def test_what_does_not_follow_the_grammar_is_refused_with_the_place(text, complaint):
    with pytest.raises(SpecError) as caught:
        parse(text)
    assert complaint in str(caught.value)


def test_the_strength_is_written_first_and_only_if_it_is_given():
    assert written("huber", {"delta": 2.0, "strength": 0.5}) == "huber=0.5,delta=2.0"
    assert written("huber", {"delta": 2.0}, ["dense1"]) == "huber,delta=2.0@dense1"


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (0.5, "0.5"), (3, "3"), ("True", "True")]
)
def test_only_booleans_are_written_in_lower_case(value, text):
    assert text_of(value) == text
