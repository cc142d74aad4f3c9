"""What somebody who misspelt a name may have meant."""

import pytest

from regkit.suggestions import did_you_mean

NAMES = ["weights", "biases", "weight"]


@pytest.mark.parametrize("known", [NAMES, dict.fromkeys(NAMES), iter(NAMES)])
def test_the_closest_name_is_suggested(known):
    assert did_you_mean("wieghts", known) == "did you mean 'weights'?"


def test_as_many_as_asked_for_are_suggested_the_closest_first():
    assert did_you_mean("weightss", NAMES, most=3) == "did you mean 'weights' or 'weight'?"


@pytest.mark.parametrize("known", [NAMES, []])
def test_nothing_is_said_where_nothing_is_close(known):
    assert did_you_mean("learning_rate", known) == ""


def test_a_beginning_is_enough():
    assert did_you_mean("l1", ["strength", "l1_ratio", "mode"]) == "did you mean 'l1_ratio'?"
    assert did_you_mean("l", ["strength", "l1_ratio", "mode"]) == ""
