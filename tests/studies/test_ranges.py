"""Numbers that specs leave open."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.errors import FieldError, SpecError
from regkit.regularizers.table import Table
from regkit.studies.ranges import Range, opened, read_range


class Counted(rk.Regularizer):
    count: int = 3
    name: str = "a"
    flag: bool = False

    def value(self, w):
        return 0.0

    def grad(self, w):
        return 0 * w


def test_a_spec_without_ranges_is_closed():
    for spec in ("l2=0.1@dense1", "elastic_net=1e-4,l1_ratio=0.3", "l1"):
        found = opened(spec)
        assert not found.is_open
        assert found.entry == spec


def test_ranges_of_strengths_are_logarithmic_others_linear():
    found = opened("elastic_net=1e-4..1e-2,l1_ratio=0.2..0.6@dense1")
    assert found.ranges == {
        "strength": Range(1e-4, 1e-2, logarithmic=True),
        "l1_ratio": Range(0.2, 0.6),
    }
    assert found.ranges["strength"].at(0.5) == pytest.approx(1e-3)
    assert found.ranges["l1_ratio"].at(0.5) == pytest.approx(0.4)
    assert [found.ranges["strength"].at(end) for end in (0.0, 1.0)] == [1e-4, 1e-2]
    values = {"strength": 0.001, "l1_ratio": 0.25}
    assert found.with_values(values) == "elastic_net=0.001,l1_ratio=0.25@dense1"
    integers = opened("counted=1,count=2..8", [Counted]).ranges["count"]
    assert [integers.at(t) for t in (0.0, 0.3, 1.0)] == [2, 4, 8]


def test_auto_is_a_strength_only():
    found = opened("l1=auto@dense1.weights")
    assert found.is_auto
    assert found.is_open
    assert found.with_strength(0.5) == "l1=0.5@dense1.weights"
    with pytest.raises(FieldError, match="auto is for the strength: give l1_ratio a number"):
        opened("elastic_net=1,l1_ratio=auto")
    assert not opened("l2=1,label=auto").is_open


def test_tables_hold_ranges_as_text():
    table = Table.of({"name": "l2", "strength": "1e-3..1e-1", "on": "dense1"})
    found = opened(table)
    assert found.ranges["strength"] == Range(1e-3, 1e-1, logarithmic=True)
    assert rk.regularizer(found.with_strength(0.01)).strength == 0.01
    assert opened('{ name = "l1", strength = "auto" }').is_auto


def test_the_path_of_a_file_may_hold_two_dots(tmp_path):
    np.save(tmp_path / "start.npy", np.zeros(3))
    path = tmp_path / "below" / ".." / "start.npy"
    (tmp_path / "below").mkdir()
    found = opened(f"l2_sp=1e-3..1,reference={path}")
    assert list(found.ranges) == ["strength"]


@given(
    st.floats(1e-8, 1e3),
    st.floats(1.001, 1e6),
    st.floats(0, 1),
)
def test_what_is_filled_in_is_read_back(low, factor, t):
    found = opened(f"l2={low!r}..{low * factor!r}@dense1")
    value = found.ranges["strength"].at(t)
    assert low <= value * (1 + 1e-12)
    assert value <= low * factor * (1 + 1e-12)
    assert rk.regularizer(found.with_strength(value)).strength == value
    assert math.isfinite(value)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("l2=1..", "no range of numbers"),
        ("l2=1e-5...1e-1", "with two dots"),
        ("l2=2..1", "from a smaller number to a larger one"),
        ("l2=1..1", "from a smaller number to a larger one"),
        ("l2=0..1", "0 must be above 0"),
        ("l2=a..b", "no range of numbers"),
        ("l2=1..inf", "must be finite"),
        ("l2=1,mode=a..b", "mode is .* a range LOW..HIGH is for numbers"),
        ("counted=1,name=a..b", "name is str, and a range LOW..HIGH is for numbers"),
        ("counted=1,flag=0..1", "flag is bool, and a range"),
        ("counted=1,count=0.5..2", "must be integers"),
        ("l2=1,nothing=1..2", "no field 'nothing'"),
        ("l2=1,strenght=1..2", "did you mean 'strength'"),
        ("max_norm=1..3", "write max_norm,radius=1..3"),
        ("elastic_net=1,l1_ratio=0.5..2", "l1_ratio"),
        ("max_norm=auto,radius=1", "has no strength"),
    ],
)
def test_what_is_no_range_is_one_line(spec, message):
    with pytest.raises((FieldError, SpecError), match=message) as caught:
        rk.regularizer(opened(spec, [Counted]).entry, [Counted])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["1e-4..1e-2", "auto"])
def test_a_training_says_what_open_numbers_are_for(text):
    for entry in (f"l2={text}", {"name": "l2", "strength": text}):
        with pytest.raises(FieldError, match=r"strength must be a float, .* are for studies"):
            rk.regularizer(entry)


@pytest.mark.parametrize(
    "one",
    [
        Range(-2.0, 6.0),
        Range(1e-5, 1e-1, logarithmic=True),
        Range(8, 64, logarithmic=True, integer=True),
    ],
)
def test_positions_undo_numbers_and_text_gives_the_range_again(one):
    assert [one.position(one.at(t)) for t in (0.0, 1.0)] == [0.0, 1.0]
    assert one.position(one.at(1 / 3)) == pytest.approx(1 / 3, abs=1e-12)
    again = read_range(
        str(one), "here", integer=one.integer, logarithmic="such" if one.logarithmic else None
    )
    assert again == one
