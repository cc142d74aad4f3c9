from itertools import count

import numpy as np
import pytest

from regkit.errors import InputError
from regkit.studies.seeds import checked_seeds


@pytest.mark.parametrize(
    ("given", "expected"), [(3, [0, 1, 2]), (range(2, 4), [2, 3]), (np.array([5, 1]), [5, 1])]
)
def test_a_number_or_the_seeds_themselves(given, expected):
    assert checked_seeds(given, least=2) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (1, "seeds must be an integer at least 2"),
        (10**10, "a study has at most 100000 seeds"),
        (count(), "a study has at most 100000 seeds"),
        ([3], "at least 2 seeds, got 1: one says nothing about noise"),
        ([1, 2, 1], "seed 1 is given twice"),
        ([-1, 2], "a seed must be"),
        ("12", "seeds must be an integer"),
        ([0.5, 1], "a seed must be"),
    ],
)
def test_what_are_no_seeds_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        checked_seeds(given, least=2)
