"""The power of the kit: every planted fault is caught by its law, no correct penalty is refused."""

from pathlib import Path

import pytest
from testing.correct import correct_penalties
from testing.mutants import all_mutants
from testing.mutants.process import Crashes, HangsForLarge, LeavesTheProcess, PrintsBelowPython

from regkit.regularizers.naming import snake_case
from regkit.testing import LAWS, check_regularizer
from regkit.testing.check import verdict_on
from regkit.testing.isolated import check_spec
from regkit.testing.penalty_under_test import PenaltyUnderTest

SEEDS = (0, 1, 2)
LAW = {law.name: law for law in LAWS}
CORRECT = correct_penalties()
MUTANTS = all_mutants()
PROCESS_MUTANTS = (HangsForLarge, LeavesTheProcess, Crashes, PrintsBelowPython)
PROCESS_FILE = Path(__file__).parent / "mutants" / "process.py"
TABLE = Path(__file__).parents[2] / "docs" / "checks-table.md"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: type(mutant).__name__)
def test_a_planted_fault_is_caught_by_its_law(mutant, seed):
    verdict = verdict_on(LAW[mutant.caught_by], mutant, seed=seed)
    assert verdict.outcome == "failed", verdict


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_penalty_is_not_refused(name, seed):
    report = check_regularizer(CORRECT[name], seed=seed)
    assert report.ok, report
    for verdict in report.verdicts:
        assert verdict.outcome != "passed" or verdict.tried > 0, verdict


@pytest.mark.parametrize("name", ["l1=0.1", "l2=0.0001", "huber=1.0", "group_lasso", "mcp"])
def test_most_gradients_away_from_kinks_are_decided(name):
    verdict = verdict_on(LAW["gradient"], CORRECT[name])
    assert verdict.decided > verdict.tried / 4


@pytest.mark.slow
@pytest.mark.parametrize("mutant", PROCESS_MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_fault_of_the_process_is_a_finding(mutant):
    spec = snake_case(mutant.__name__)
    report = check_spec(spec, plugin_files=[PROCESS_FILE], time_limit=20)
    assert [verdict.law for verdict in report.failures] == [mutant.caught_by]


def test_every_law_has_a_mutant_that_it_catches():
    assert {mutant.caught_by for mutant in MUTANTS} == set(LAW)


def test_the_table_in_the_docs_is_what_the_kit_does():
    """Rewrites `docs/checks-table.md` when it is out of date, and fails that once."""
    table = _table()
    written = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    if written != table:
        TABLE.write_text(table, encoding="utf-8")
    assert written == table, f"{TABLE.name} was out of date; it has been written anew"


def _table():
    mutants = sorted(
        (*map(type, MUTANTS), *PROCESS_MUTANTS), key=lambda cls: list(LAW).index(cls.caught_by)
    )
    faults = [f"| {cls.__doc__} | `{cls.caught_by}` |" for cls in mutants]
    laws = [f"| `{law.name}` | {_cell(law.statement)} |" for law in LAWS]
    correct = [
        f"| {name if ' ' in name else f'`{_cell(name)}`'} | {_applicable(penalty)} |"
        for name, penalty in CORRECT.items()
    ]
    return "\n".join(
        [
            "<!-- written by tests/testing/test_power.py -->",
            "",
            "## The laws",
            "",
            *("| law | what it says |", "|---|---|", *laws),
            "",
            f"## {len(faults)} planted faults, each with the law that must catch it",
            "",
            *("| fault | law |", "|---|---|", *faults),
            "",
            f"## {len(correct)} correct penalties, none of which may be refused",
            "",
            *("| penalty | laws that apply |", "|---|---|", *correct),
            "",
        ]
    )


def _cell(text):
    return text.replace("|", "\\|")


def _applicable(penalty):
    subject = PenaltyUnderTest(penalty)
    return f"{sum(law.applies(subject) is None for law in LAWS)} of {len(LAWS)}"
