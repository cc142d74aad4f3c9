"""The share of a table's rows that only a study's measurement sees."""

import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.unseen import TEST_SHARE
from regkit.studies.unseen_share import unseen_share


def test_the_given_share_of_a_table_or_the_default_one():
    table = Config(data="sklearn:wine")
    assert unseen_share(table, 0.3) == 0.3
    assert unseen_share(table, None) == TEST_SHARE
    assert unseen_share(Config(data="spiral"), None) == TEST_SHARE


@pytest.mark.parametrize(
    ("settings", "given", "message"),
    [
        ({"data": "spiral"}, 0.3, "spiral is measured on a fresh draw: leave it out"),
        ({"data": "vertical"}, TEST_SHARE, "vertical is measured on a fresh draw"),
        ({"data": "sine"}, 0.3, "sine is measured on a fresh draw"),
        ({"data": "t.csv", "test": "left.csv"}, 0.3, "--test names the rows to measure on"),
        ({"data": "t.csv"}, 1.0, "--test-share must be finite and above 0 and below 1, got 1.0"),
    ],
)
def test_a_share_that_would_be_ignored_is_refused(settings, given, message):
    for study in (
        lambda: rk.compare({**settings, "reg": ["l2=1e-3"]}, test_share=given),
        lambda: rk.sweep({**settings, "lr": "1e-3..1e-1"}, test_share=given),
    ):
        with pytest.raises(InputError) as caught:
            study()
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
