"""The repeats of a sweep's trials."""

import pytest

from regkit.runs.unseen import Fold, Share
from regkit.studies.search.repeats import Repeat, repeats_of, rungs


def test_without_folds_each_seed_has_a_split_of_its_own():
    assert repeats_of([3, 5], None) == [Repeat(3, 3), Repeat(5, 5)]
    assert Repeat(3, 3).unseen(0.25) == Share(0.25)


def test_folds_are_those_of_the_first_seed_and_vary_first():
    found = repeats_of([3, 5], 2)
    assert [(one.seed, one.split_seed, one.fold) for one in found] == [
        (3, 3, 0),
        (3, 3, 1),
        (5, 3, 0),
        (5, 3, 1),
    ]
    assert found[3].unseen(0.25) == Share(0.25, Fold(1, 2, 3))
    assert (found[3].name, found[3].as_dict()) == ("seed 5, fold 1", {"seed": 5, "fold": 1})


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [(1, [1]), (2, [2]), (3, [2, 3]), (4, [2, 4]), (10, [2, 4, 8, 10]), (16, [2, 4, 8, 16])],
)
def test_two_repeats_come_first_and_then_as_many_as_before(repeats, expected):
    assert rungs(repeats, prune=True) == expected
    assert rungs(repeats, prune=False) == [repeats]
