"""Edits of correct penalties: most are caught, and what is not is listed in the docs."""

import re
from dataclasses import replace

import pytest
from testing.correct import Huber, LogCosh
from testing.edits import faults, made_anew, source_of
from testing.random_faults import PATH, drawn, is_equivalent, outcome, penalties

from regkit import L1
from regkit.testing import check_regularizer

PAGE = PATH.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("original", [L1(0.1), Huber(0.3, delta=2.0)], ids=str)
def test_a_class_made_anew_without_an_edit_is_not_refused(original):
    again = made_anew(original, source_of(original))
    assert type(again) is not type(original)
    report = check_regularizer(again)
    assert report.ok, report


def test_an_edit_changes_one_place_of_one_method():
    found = [one for one in faults(LogCosh()) if one.kind == "sign"]
    assert [one.before for one in found] == [
        "size + np.log1p(np.exp(-2 * size)) - np.log(2)",
        "size + np.log1p(np.exp(-2 * size))",
        "-2",
    ]
    assert found[0].after == "size + np.log1p(np.exp(-2 * size)) + np.log(2)"
    assert found[0].where == "LogCosh.value"


def test_only_what_changes_nothing_is_equivalent():
    by_edit = {(one.before, one.after): one for one in faults(Huber())}
    ours = ("np.minimum(size, self.delta)", "np.maximum(size, self.delta)")
    assert not is_equivalent(by_edit[ours])
    unedited = made_anew(Huber(), source_of(Huber()))
    assert is_equivalent(replace(by_edit[ours], penalty=unedited))


def test_the_page_is_of_the_faults_that_there_are():
    count = sum(1 for one in penalties() for _ in faults(one))
    told = re.search(
        r"(\d+) edits, of which (\d+) change nothing. Of the other (\d+), (\d+) were caught", PAGE
    )
    edits, same, real, caught = map(int, told.groups())
    assert edits == same + real == count, "run: python -m tests.testing.random_faults"
    assert caught / real >= 0.97


@pytest.mark.slow
def test_of_a_sample_what_is_not_caught_is_listed():
    survivors = [fault for fault in drawn(34, seed=5) if outcome(fault).survived]
    assert all(f"| {fault.kind} | {fault} |" in PAGE for fault in survivors), survivors
