"""The fields of a regularizer: which types there are, what they take, how text becomes a value.

Covers: regkit/regularizers/field.py
"""

import dataclasses
from typing import Literal

import numpy as np
import pytest

import regkit as rk
from regkit.errors import FieldError
from regkit.regularizers.fields import SHARED, fields_of, unknown_field


class Penalty(rk.Regularizer):
    rate: float = 0.5
    count: int = 3
    relative: bool = False
    tag: str = "plain"
    groups: Literal["incoming", 2, True] = "incoming"
    title: str | None = None
    limit: float | None = None
    levels: tuple[float, ...] = ()
    sizes: tuple[int, ...] = ()
    reference: rk.File | None = None


FIELDS = {field.name: field for field in fields_of(Penalty)}


def test_a_class_has_its_own_fields_after_the_shared_ones_and_without_on():
    own = ["rate", "count", "relative", "tag", "groups"]
    own += ["title", "limit", "levels", "sizes", "reference"]
    assert list(FIELDS) == ["strength", *SHARED, *own]
    assert [FIELDS[name].default for name in ("rate", "count", "tag")] == [0.5, 3, "plain"]
    assert {field.owner for field in FIELDS.values()} == {"Penalty"}


def test_a_type_is_shown_as_a_user_would_write_it():
    shown = [FIELDS[name].type_name for name in ("rate", "count", "relative", "tag", "groups")]
    assert shown == ["float", "int", "bool", "str", "'incoming' | 2 | True"]
    shown = [FIELDS[name].type_name for name in ("title", "limit", "levels", "reference")]
    assert shown == ["str | None", "float | None", "tuple[float, ...]", "File | None"]
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
        ("tag", np.str_("mine"), "mine"),
        ("groups", 2, 2),
        ("groups", True, True),
        ("title", None, None),
        ("title", " a, b = c ", " a, b = c "),
        ("limit", 3, 3.0),
        ("limit", None, None),
        ("levels", [1, np.float32(0.5)], (1.0, 0.5)),
        ("levels", np.array([0.25, 2.0]), (0.25, 2.0)),
        ("levels", range(2), (0.0, 1.0)),
        ("sizes", np.arange(3), (0, 1, 2)),
        ("sizes", (), ()),
        ("label", "my decay", "my decay"),
        ("label", None, None),
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
        ("tag", 1, "a str"),
        ("groups", 1, "one of 'incoming' | 2 | True"),
        ("groups", 2.0, "one of 'incoming' | 2 | True"),
        ("groups", "outgoing", "one of 'incoming' | 2 | True"),
        ("title", 3, "a str | None"),
        ("limit", "3", "a float | None"),
        ("levels", "0.5;1", "a list of floats (in a spec 0.5;1)"),
        ("levels", 0.5, "a list of floats (in a spec 0.5;1)"),
        ("levels", None, "a list of floats (in a spec 0.5;1)"),
        ("levels", [True], "a list of floats (in a spec 0.5;1)"),
        ("levels", [float("nan")], "a list of floats (in a spec 0.5;1)"),
        ("levels", {1.0}, "a list of floats (in a spec 0.5;1)"),
        ("sizes", [1.0], "a list of integers (in a spec 0;1)"),
        ("sizes", np.array(3), "a list of integers (in a spec 0;1)"),
        ("sizes", np.ones((1, 1), int), "a list of integers (in a spec 0;1)"),
        ("reference", 3, "the path of an NPZ or NPY file"),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(name, value, wanted):
    with pytest.raises(FieldError) as caught:
        FIELDS[name].checked(value)
    shown = repr(value) if len(repr(value)) <= 60 else f"{value!r:.57}..."
    assert str(caught.value) == f"Penalty: {name} must be {wanted}, got {shown}"


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
        ("tag", "", ""),
        ("groups", "true", True),
        ("groups", "2", 2),
        ("title", "", ""),
        ("limit", "2", 2.0),
        ("levels", "0.5;1", (0.5, 1.0)),
        ("levels", "", ()),
        ("sizes", "3", (3,)),
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
        ("levels", "0.5;a"),
        ("sizes", "0;0.5"),
        ("sizes", ";"),
    ],
)
def test_text_that_is_no_such_value_is_refused_by_name(name, text):
    with pytest.raises(FieldError, match=rf"Penalty: {name} must be .*, got '?{text}"):
        FIELDS[name].parsed(text)


@pytest.mark.parametrize("text", ["a,b", "a=b", "a@b", " a", "a\t"])
def test_text_that_a_spec_would_read_as_something_else_goes_into_a_table(text):
    with pytest.raises(FieldError, match=r"in a spec, tag may not contain .*: write a table in TO"):
        FIELDS["tag"].parsed(text)
    assert FIELDS["tag"].checked(text) == text


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        *((label, "is empty, or begins or ends with a space") for label in ("", " ", " a", "a\n")),
        *((label, "may not contain") for label in ("a,b", "a=b", "a@b", "a\nb", "a\tb")),
        *((label, "is reserved: choose another") for label in ("data", "none")),
    ],
)
def test_a_label_is_one_name(label, fault):
    for method in (FIELDS["label"].checked, FIELDS["label"].parsed):
        with pytest.raises(FieldError, match=f"^Penalty: label .* {fault}"):
            method(label)


def test_a_files_array_is_read_at_once(tmp_path):
    np.save(tmp_path / "groups.npy", np.arange(3))
    field = FIELDS["reference"]
    for given in (tmp_path / "groups.npy", str(tmp_path / "groups.npy")):
        assert field.checked(given) == rk.File(tmp_path / "groups.npy")
    assert field.checked(field.checked(given)) == rk.File(given)
    assert field.file("groups.npy", tmp_path).array.tolist() == [0, 1, 2]
    with pytest.raises(FieldError, match=r"^Penalty: reference: gone\.npy does not exist"):
        field.checked("gone.npy")
    with pytest.raises(FieldError, match=r"^Penalty: reference: a file is given as PATH or PATH:A"):
        field.parsed("gone")


def test_a_field_may_have_no_default():
    class Distance(rk.Regularizer):
        reference: rk.File = dataclasses.field(kw_only=True)

    with pytest.raises(FieldError, match="Distance: missing a required argument: 'reference'"):
        Distance()
    shown = r"reference: File; of every regularizer: mode, schedule, scale, label\)"
    with pytest.raises(FieldError, match=shown):
        Distance(refrence="a.npy")


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
        (list, "field 'width' is a <class 'list'>; a field must be a float, int, bool, str, L"),
        (Literal["a", "b,c"], r"width='b,c' may not contain"),
        (tuple[str, ...], r"field 'width' is a tuple\[str, ...\]; a field must be"),
        (int | float, "a field must be a float, int, bool, str, Literal"),
        (int | None, "field 'width' may be None, so None must be its default"),
        ("NotThere", "the type of a field is not imported: name 'NotThere' is not defined"),
    ],
)
def test_a_type_that_no_spec_can_hold_is_refused(kind, complaint):
    cls = type("Mine", (rk.Regularizer,), {"__annotations__": {"width": kind}, "width": 1})
    with pytest.raises(FieldError, match=f"Mine: .*{complaint}|Mine: {complaint}"):
        fields_of(cls)
