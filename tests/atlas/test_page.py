"""The page of the atlas says what its figures say, and a small slice of it can be made."""

from dataclasses import replace

import pytest
from atlas.arms import ARMS
from atlas.command import FIGURES, PAGE
from atlas.findings import Against, Finding, Findings
from atlas.page import page
from atlas.studies import findings_on
from atlas.tables import TABLES


def test_the_page_in_the_docs_is_that_of_its_figures():
    found = Findings.load(FIGURES)
    assert PAGE.read_text(encoding="utf-8") == page(found)
    assert [(one.table, one.arm) for one in found.findings] == [
        (table, arm) for table in TABLES for arm in ARMS
    ]
    assert (found.seeds, found.tried) == (10, 8)


def finding(arm, **against):
    return Finding("wine", arm, "accuracy", 0.9, 0.01, 0.5, 2.0, 1e-3, against)


def against(mean, better):
    return Against(mean, mean - 0.01, mean + 0.01, better is not None, better)


@pytest.mark.parametrize(
    ("better", "said"),
    [
        (True, "**wine**: better than none: l1; nothing is told apart from L2; l1 sets 50%"),
        (False, "**wine**: worse than none: l1; nothing is told apart from L2."),
        (None, "**wine**: nothing is told apart from no penalty at all; nothing is told apart"),
    ],
)
def test_what_is_said_in_short_is_what_was_told(better, said):
    l1 = finding("l1", none=against(0.05, better), l2=against(0.0, None))
    free = replace(finding("none", l2=against(0.01, None)), zeros=0.0, chosen=None)
    text = page(Findings(10, 8, "a machine", [free, l1]))
    assert said in text
    shown = "+0.050 [+0.040, +0.060]"
    assert (f"**{shown}**" in text) == (better is not None)
    assert shown in text


def test_findings_survive_their_file(tmp_path):
    found = Findings(3, 2, "a machine", [finding("l1", none=against(0.05, True))])
    found.save(tmp_path / "file.json")
    assert Findings.load(tmp_path / "file.json") == found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
def test_a_slice_of_it_is_made_and_judged_against_both_baselines(tmp_path):
    arms = {name: ARMS[name] for name in ("none", "l2", "l1")}
    found = findings_on("wine", TABLES["wine"], arms, seeds=3, tried=2, folder=tmp_path, workers=1)
    by_arm = {one.arm: one for one in found}
    assert list(by_arm) == list(arms)
    assert set(by_arm["l1"].against) == {"none", "l2"}
    assert by_arm["none"].against["l2"].mean == pytest.approx(-by_arm["l2"].against["none"].mean)
    assert by_arm["l2"].mean - by_arm["none"].mean == pytest.approx(
        by_arm["l2"].against["none"].mean
    )
    assert 0.8 < by_arm["none"].mean <= 1
    assert all(one.seconds > 0 for one in found)
