"""What an arm tries when it is tuned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.regularizers.table import Table
from regkit.runs.config import Config
from regkit.studies.comparisons.tuning import tuned
from regkit.studies.ranges import opened


class Counted(rk.Regularizer):
    count: int = 3

    def value(self, w):
        return 0.0

    def grad(self, w):
        return 0 * w


def tried(*reg, count=3, classes=()):
    return tuned(Config(), [opened(one, classes) for one in reg], count, classes)


def test_a_range_is_covered_from_end_to_end():
    assert [one for one, _ in tried("l2=1e-4..1e-2")] == [
        {"l2": pytest.approx(1e-4)},
        {"l2": pytest.approx(1e-3)},
        {"l2": pytest.approx(1e-2)},
    ]


def test_without_ranges_all_strengths_are_multiplied_by_one_factor():
    found = tried("l1=1e-3", "l2=1e-1", "max_norm,radius=1.0@dense1.weights")
    assert [one["l1"] for one, _ in found] == pytest.approx([1e-5, 1e-3, 1e-1])
    assert [one["l2"] for one, _ in found] == pytest.approx([1e-3, 1e-1, 10])
    for chosen, config in found:
        assert [rk.regularizer(one).strength for one in config.reg[:2]] == list(chosen.values())
        assert config.reg[2] == "max_norm,radius=1.0@dense1.weights"


def test_several_ranges_are_covered_jointly_and_the_rest_stays():
    found = tried("elastic_net=1e-4..1,l1_ratio=0..1", "l2=0.5", count=6)
    assert len({(one["elastic_net"], one["elastic_net l1_ratio"]) for one, _ in found}) == 6
    assert all(config.reg[1] == "l2=0.5" for _, config in found)


def test_without_strengths_there_is_nothing_to_try():
    assert tried() == [({}, Config())]
    (alone,) = tried("max_norm,radius=1.0@dense1.weights")
    assert alone == ({}, Config())


def test_integers_are_tried_once_each():
    found = tried("counted=1,count=2..4", count=9, classes=[Counted])
    assert [one["counted count"] for one, _ in found] == [2, 3, 4]


def test_the_numbers_are_called_as_records_call_their_regularizers():
    table = Table.of({"name": "l2", "strength": "1e-3..1", "on": ["dense1", "dense2"]})
    reg = table, "l1=1..2,label=sparse@dense1", "l2=1..2@dense1", "l2=1..2@dense1"
    for chosen, config in tried(*reg):
        assert list(chosen) == ["l2@dense1+dense2", "sparse", "l2@dense1", "l2@dense1#2"]
        made = [rk.regularizer(one) for one in config.reg]
        assert [one.strength for one in made] == list(chosen.values())


@given(st.integers(2, 20), st.floats(1e-6, 1.0), st.floats(1.1, 1e4))
def test_what_is_tried_lies_within_its_range_and_in_its_spec(count, low, factor):
    found = tried(f"l2={low!r}..{low * factor!r}@dense1", count=count)
    assert len(found) == count
    for chosen, config in found:
        assert low <= chosen["l2@dense1"] * (1 + 1e-12)
        assert chosen["l2@dense1"] <= low * factor * (1 + 1e-12)
        assert rk.regularizer(config.reg[0]).strength == chosen["l2@dense1"]
