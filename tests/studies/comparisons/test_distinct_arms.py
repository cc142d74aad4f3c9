import pytest

from regkit.errors import InputError
from regkit.studies.comparisons.arms import Arm, arms_of
from regkit.studies.comparisons.distinct_arms import baseline_of

ARMS = arms_of({"a": ["l1=1"], "none": []})


def test_the_baseline_is_the_given_arm_or_none():
    assert baseline_of(ARMS, None) == "none"
    assert baseline_of(ARMS, "a") == "a"
    with pytest.raises(InputError, match="the baseline 'b' is no arm"):
        baseline_of(ARMS, "b")


@pytest.mark.parametrize(
    ("arms", "message"),
    [
        ([*ARMS, ARMS[0]], "'a' is given twice"),
        ([*ARMS, Arm("c", ("l1=1",))], "'a' and 'c' are the same"),
        ([*ARMS, Arm("b", ("l1=1.0@weights",))], "'a' and 'b' are the same"),
        (ARMS[:1], "at least two arms"),
    ],
)
def test_what_cannot_be_compared_is_refused(arms, message):
    with pytest.raises(InputError, match=message):
        baseline_of(arms, None)
