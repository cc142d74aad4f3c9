"""The power of the kit: every planted fault is caught by its law, no correct penalty is refused.

Covers: regkit/testing/laws/__init__.py, regkit/testing/laws/arrays.py
Covers: regkit/testing/laws/array_libraries.py, regkit/testing/laws/array_step.py
Covers: regkit/testing/laws/constraint.py, regkit/testing/laws/directions.py
Covers: regkit/testing/laws/contract.py, regkit/testing/laws/declared.py
Covers: regkit/testing/laws/convexity.py
Covers: regkit/testing/laws/domain.py, regkit/testing/laws/dual_norm.py
Covers: regkit/testing/laws/factors.py, regkit/testing/laws/selection.py
Covers: regkit/testing/laws/subgradient_distance.py
Covers: regkit/testing/laws/in_place_accumulation.py, regkit/testing/laws/form.py
Covers: regkit/testing/laws/gradient.py, regkit/testing/laws/not_a_number.py
Covers: regkit/testing/laws/prox.py, regkit/testing/laws/prox_minimum.py
Covers: regkit/testing/laws/purity.py, regkit/testing/laws/strength.py
Covers: regkit/testing/laws/training.py, regkit/testing/laws/own_loop.py
Covers: regkit/testing/laws/directional_derivative.py, regkit/testing/laws/continuity.py
Covers: regkit/testing/laws/single_precision.py, regkit/testing/laws/layers.py
Covers: regkit/testing/laws/prox_whole_arrays.py, regkit/testing/laws/library_call.py
Covers: regkit/testing/laws/same_on_library.py, regkit/testing/libraries/strict.py
"""

from pathlib import Path

import pytest
from testing import checks_table
from testing.correct import correct_penalties
from testing.mutants import all_mutants
from testing.mutants.process import PROCESS_MUTANTS

from regkit.regularizers.naming import snake_case
from regkit.testing import LAWS, check_regularizer
from regkit.testing.check import verdict_on
from regkit.testing.isolated import check_spec

SEEDS = (0, 1, 2)
LAW = {law.name: law for law in LAWS}
CORRECT = correct_penalties()
MUTANTS = all_mutants()
PROCESS_FILE = Path(__file__).parent / "mutants" / "process.py"


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


def test_every_law_decides_something_of_a_correct_penalty():
    left = {
        *("array-api", "array-api-prox", "dual-norm", "subgradient-distance", "domain"),
        *("prox-array-step", "projection-idempotent", "projection-nearest", "constraint-hooks"),
        *("schedule-and-scale", "selection"),
    }
    for name in ("l1=0.1", "column_norms=1.0", "log_barrier=1.0", "max_norm", "squared_paths=1.0"):
        verdicts = [verdict_on(LAW[law], CORRECT[name]) for law in left]
        left -= {one.law for one in verdicts if one.outcome == "passed" and one.decided}
    assert not left


def test_the_table_in_the_docs_is_what_the_kit_does():
    written = checks_table.PATH.read_text(encoding="utf-8")
    assert written == checks_table.table(), "run: python -m tests.testing.checks_table"
