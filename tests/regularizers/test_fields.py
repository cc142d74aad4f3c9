"""The fields of a regularizer: which types there are, what they take, how text becomes a value."""

from typing import Literal

import numpy as np
import pytest

import regkit as rk
from regkit.errors import FieldError
from regkit.regularizers.fields import fields_of, unknown_field


class Penalty(rk.Regularizer):
    rate: float = 0.5
    count: int = 3
    relative: bool = False
    label: str = "plain"
    groups: Literal["incoming", 2, True] = "incoming"


FIELDS = {field.name: field for field in fields_of(Penalty)}


def test_a_class_has_its_own_fields_after_the_shared_ones_and_without_on():
    assert list(FIELDS) == ["strength", "mode", "rate", "count", "relative", "label", "groups"]
    assert [FIELDS[name].default for name in ("rate", "count", "label")] == [0.5, 3, "plain"]
    assert {field.owner for field in FIELDS.values()} == {"Penalty"}


def test_a_type_is_shown_as_a_user_would_write_it():
    shown = [FIELDS[name].type_name for name in ("rate", "count", "relative", "label", "groups")]
    assert shown == ["float", "int", "bool", "str", "'incoming' | 2 | True"]
    assert FIELDS["groups"].choices == ("incoming", 2, True)
    assert FIELDS["rate"].choices == ()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("rate", 2, 2.0),
        ("rate", np.float32(0.25), 0.25),
        ("rate", float("inf"), float("inf")),
        ("count", np.int8(7), 7),
        ("relative", np.True_, True),
        ("label", np.str_("mine"), "mine"),
        ("groups", 2, 2),
        ("groups", True, True),
    ],
)
def test_a_value_is_kept_in_pythons_own_type(name, value, kept):
    found = FIELDS[name].checked(value)
    assert (type(found), found) == (type(kept), kept)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("rate", "0.5", "a float"),
        ("rate", True, "a float"),
        ("rate", np.False_, "a float"),
        ("rate", float("nan"), "a float"),
        ("rate", 10**400, "a float"),
        ("rate", None, "a float"),
        ("count", 1.0, "an int"),
        ("count", True, "an int"),
        ("relative", 1, "a bool"),
        ("label", 1, "a str"),
        ("groups", 1, "one of 'incoming' | 2 | True"),
        ("groups", 2.0, "one of 'incoming' | 2 | True"),
        ("groups", "outgoing", "one of 'incoming' | 2 | True"),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(name, value, wanted):
    with pytest.raises(FieldError) as caught:
        FIELDS[name].checked(value)
    assert str(caught.value) == f"Penalty: {name} must be {wanted}, got {value!r}"


@pytest.mark.parametrize("value", [-1e-300, float("inf"), -float("inf")])
def test_a_strength_is_finite_and_not_negative(value):
    with pytest.raises(FieldError, match="Penalty: strength must be finite and at least 0, got"):
        FIELDS["strength"].checked(value)
    assert FIELDS["strength"].checked(0) == 0.0


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("rate", "1e-3", 1e-3),
        ("count", "-12", -12),
        ("relative", "TRUE", True),
        ("relative", "false", False),
        ("label", "", ""),
        ("groups", "true", True),
        ("groups", "2", 2),
    ],
)
def test_text_becomes_a_value_of_the_fields_type(name, text, value):
    found = FIELDS[name].parsed(text)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rate", "fast"),
        ("rate", "nan"),
        ("count", "1.5"),
        ("relative", "1"),
        ("groups", "True"),
        ("groups", "outgoing"),
    ],
)
def test_text_that_is_no_such_value_is_refused_by_name(name, text):
    with pytest.raises(FieldError, match=rf"Penalty: {name} must be .*, got '?{text}"):
        FIELDS[name].parsed(text)


@pytest.mark.parametrize("text", ["a,b", "a=b", "a@b", " a", "a\t"])
def test_text_that_a_spec_would_read_as_something_else_is_refused(text):
    with pytest.raises(FieldError, match=r"Penalty: label=.* may not contain ',', '=' or '@'"):
        FIELDS["label"].checked(text)


def test_an_unknown_field_gets_a_close_match_and_those_that_there_are():
    known = (FIELDS["rate"], FIELDS["groups"])
    assert str(unknown_field("Penalty", "rates", known)) == (
        "Penalty has no field 'rates', did you mean 'rate'? "
        "(its fields: rate: float = 0.5, groups: 'incoming' | 2 | True = 'incoming')"
    )
    assert "did you mean" not in str(unknown_field("Penalty", "xyz", known))


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (list, "field 'width' is a <class 'list'>; a field must be a float, int, bool, str or"),
        (Literal["a", "b,c"], r"width='b,c' may not contain"),
        ("NotThere", "the type of a field is not imported: name 'NotThere' is not defined"),
    ],
)
def test_a_type_that_no_spec_can_hold_is_refused(kind, complaint):
    cls = type("Mine", (rk.Regularizer,), {"__annotations__": {"width": kind}, "width": 1})
    with pytest.raises(FieldError, match=f"Mine: .*{complaint}|Mine: {complaint}"):
        fields_of(cls)
