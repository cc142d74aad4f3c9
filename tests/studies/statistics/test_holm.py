import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regkit.errors import InputError
from regkit.studies.statistics.holm import holm

p_values = st.lists(st.floats(0, 1), max_size=6)


def test_the_example_worked_by_hand():
    # Sorted: 4 · .005, 3 · .01, 2 · .03, and .04 is not below its predecessor.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_one_comparison_needs_no_correction():
    assert holm([0.031]) == [0.031]


def test_none_gives_none():
    assert holm([]) == []


@given(p_values)
def test_a_corrected_p_is_what_the_closed_procedure_by_bonferroni_gives(found):
    # Independent: the largest Bonferroni p of all sets of hypotheses that hold this one.
    corrected = holm(found)
    for position in range(len(found)):
        others = [other for other in range(len(found)) if other != position]
        closed = max(
            min(1.0, (size + 1) * min(found[member] for member in (position, *chosen)))
            for size in range(len(found))
            for chosen in itertools.combinations(others, size)
        )
        assert math.isclose(corrected[position], closed, rel_tol=1e-12)


@given(p_values, st.randoms())
def test_the_order_of_the_comparisons_changes_only_the_order(found, random):
    order = list(range(len(found)))
    random.shuffle(order)
    assert holm([found[position] for position in order]) == [holm(found)[one] for one in order]


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan, math.inf])
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(InputError, match="a p value is a number from 0 to 1"):
        holm([0.5, wrong])
