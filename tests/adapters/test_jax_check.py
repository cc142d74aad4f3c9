"""`regkit check --backend jax`: what differs on JAX's arrays, traced or not, is found.

Covers: regkit/testing/libraries/jax.py
"""

import json

import jax
import numpy as np
import pytest
from frameworks.penalties import BRIDGED, CASES, WITH_PROX

from regkit import ActivityRegularizer, ModelRegularizer, Regularizer, float64_sum
from regkit.testing import check_regularizer
from regkit.testing.backends import library_of
from regkit.testing.check import verdict_on
from regkit.testing.laws.backend import laws_on

VALUES, POINTS = laws_on(library_of("jax"))


def is_of_jax(w):
    return isinstance(w, jax.Array)


def is_traced(w):
    return isinstance(w, jax.core.Tracer)


class Squares(Regularizer):
    """Σw², without a fault."""

    array_api = array_api_prox = array_step = True

    def value(self, w):
        return float64_sum(w * w)

    def grad(self, w):
        return 2 * w

    def prox(self, w, step):
        return w / (1 + 2 * step)


class WrongGradient(Squares):
    told = "on an array of JAX grad gives another result than on a NumPy array"

    def grad(self, w):
        return 2.0001 * w if is_of_jax(w) else 2 * w


class WrongWhereTraced(Squares):
    told = "on a traced array of JAX grad gives another result than on a NumPy array"

    def grad(self, w):
        return 2.0001 * w if is_traced(w) else 2 * w


class InSinglePrecision(Squares):
    told = "grad returns float32 for float64"

    def grad(self, w):
        return 2 * (w.astype("float32") if is_of_jax(w) else w)


class PythonNumber(Squares):
    told = "on an array of JAX value returns a float instead of an array of JAX"

    def value(self, w):
        return float(float64_sum(w * w))


class Branches(Squares):
    told = "on a traced array of JAX grad raised TracerBoolConversionError"

    def grad(self, w):
        return 2 * w if (w != 0).any() else w


class FloatInside(Squares):
    told = "on a traced array of JAX grad raised ConcretizationTypeError"

    def grad(self, w):
        return w * (2 + 0 * float(float64_sum(w)))


class CallsNumPy(Squares):
    told = "grad returns a ndarray instead of an array of JAX"

    def grad(self, w):
        return np.multiply(2, np.asarray(w))


class NumPyInside(Squares):
    told = "on a traced array of JAX value raised TracerArrayConversionError"

    def value(self, w):
        return float64_sum(w * w) + 0 * np.linalg.norm(np.asarray(w))


class WritesInPlace(Squares):
    told = "on an array of JAX grad raised TypeError"

    def grad(self, w):
        gradient = 2 * w
        gradient[0] = 2 * w[0]
        return gradient


class PicksEntries(Squares):
    told = "on a traced array of JAX value raised NonConcreteBooleanIndexError"

    def value(self, w):
        return float64_sum(w[w != 0] ** 2)


class OfThreeLayers(ModelRegularizer):
    """Σw² over all layers, without a fault."""

    array_api = array_api_prox = True

    def value(self, params):
        return sum(float64_sum(w * w) for one in params.values() for w in one.values())

    def grad(self, params):
        return {layer: {name: 2 * w for name, w in one.items()} for layer, one in params.items()}

    def prox(self, params, steps):
        return {
            layer: {name: w / (1 + 2 * steps) for name, w in one.items()}
            for layer, one in params.items()
        }


class LeavesOutALayer(OfThreeLayers):
    told = "on a traced array of JAX grad answers for ['dense2.weights', 'dense3.weights'], not"

    def grad(self, params):
        answer = super().grad(params)
        if is_traced(next(iter(params["dense1"].values()))):
            answer.pop("dense1")
        return answer


class OfOutputs(ActivityRegularizer):
    """Σy², without a fault."""

    array_api = True

    def value(self, outputs):
        return float64_sum(outputs * outputs)

    def grad(self, outputs):
        return 2 * outputs


class MeanOfOutputs(OfOutputs):
    told = "value gives another result than on a NumPy array"

    def value(self, outputs):
        return (outputs**2).mean() if is_of_jax(outputs) else super().value(outputs)


class WrongPoint(Squares):
    told = "on a traced array of JAX prox gives another result than on a NumPy array"

    def prox(self, w, step):
        return w / (1 + (1 if is_traced(w) else 2) * step)


class WrongForArraysOfSteps(Squares):
    told = "on a traced array of JAX prox gives another result than on a NumPy array"

    def prox(self, w, step):
        return w / (1 + 2 * (step.max() if is_traced(step) else step))


class BranchingPoint(Squares):
    told = "on a traced array of JAX prox raised TracerBoolConversionError"

    def prox(self, w, step):
        return w / (1 + 2 * step) if abs(w).max() > 0 else w


FAULTS = [
    *((one(), VALUES) for one in (WrongGradient, WrongWhereTraced, InSinglePrecision)),
    *((one(), VALUES) for one in (PythonNumber, Branches, FloatInside, CallsNumPy, NumPyInside)),
    *((one(), VALUES) for one in (WritesInPlace, PicksEntries, LeavesOutALayer)),
    (MeanOfOutputs(on="relu1"), VALUES),
    *((one(), POINTS) for one in (WrongPoint, WrongForArraysOfSteps, BranchingPoint)),
]

each_fault = pytest.mark.parametrize(
    ("penalty", "law"), FAULTS, ids=[type(one).__name__ for one, _ in FAULTS]
)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_penalty_of_this_repository_passes(case, tmp_path):
    penalty = case.penalty(tmp_path, (12, 9))
    values, points = (verdict_on(law, penalty) for law in (VALUES, POINTS))
    assert values.outcome == ("not applicable" if penalty.constraint else "passed"), values
    assert points.outcome == ("passed" if case in WITH_PROX else "not applicable"), points
    if case.name in BRIDGED:
        assert points.reason == (
            "its proximal points are bridged over the CPU: it does not declare 'array_api_prox'"
        )
    for verdict in (values, points):
        assert verdict.outcome != "passed" or verdict.decided == verdict.tried > 5


@each_fault
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_planted_fault_is_caught(penalty, law, seed):
    verdict = verdict_on(law, penalty, seed=seed)
    assert verdict.outcome == "failed"
    assert type(penalty).told in verdict.reason
    assert "\n" not in verdict.reason


@pytest.mark.parametrize("penalty", [Squares(), OfThreeLayers(), OfOutputs(on="relu1")])
def test_what_the_faults_are_planted_in_has_none(penalty):
    report = check_regularizer(penalty, backend="jax")
    assert report.ok, report
    assert [one.law for one in report.verdicts[-2:]] == ["jax", "jax-prox"]


def test_the_process_keeps_its_own_precision():
    before = jax.numpy.ones(1).dtype
    assert verdict_on(VALUES, Squares()).outcome == "passed"
    assert jax.numpy.ones(1).dtype == before


@each_fault
def test_the_counterexample_runs_as_pasted_and_shows_both_results(penalty, law):
    verdict = verdict_on(law, penalty)
    *_, last = lines = verdict.counterexample.splitlines()
    assert "import jax" in lines
    names, before = {}, jax.config.jax_enable_x64
    try:
        exec("\n".join(lines[:-1]), names)
        if "raised" in verdict.reason:
            with pytest.raises((TypeError, IndexError)):
                eval(last, names)
            return
        found, wanted = eval(last, names)
        assert not is_same(found, wanted)
    finally:
        jax.config.update("jax_enable_x64", before)


def is_same(found, wanted):
    if isinstance(wanted, dict):
        return set(found) == set(wanted) and all(is_same(found[one], wanted[one]) for one in wanted)
    if not is_of_jax(found) or (np.ndim(wanted) and found.dtype != wanted.dtype):
        return False
    return found.shape == np.shape(wanted) and np.allclose(found, wanted, rtol=1e-12, atol=0)


def test_one_that_declares_nothing_is_not_tried():
    class Undeclared(WrongGradient):
        array_api = array_api_prox = False

    for law in (VALUES, POINTS):
        verdict = verdict_on(law, Undeclared())
        assert (verdict.outcome, verdict.tried) == ("not applicable", 0)
        assert "bridged over the CPU: it does not declare" in verdict.reason


PLUGIN = """
from regkit import Regularizer, float64_sum

class Wrong(Regularizer):
    array_api = True

    def value(self, w):
        return float64_sum(w * w)

    def grad(self, w):
        return 2 * w if (w != 0).any() else w
"""


@pytest.mark.slow
def test_the_command_checks_traced_arrays(regkit, workplace):
    (workplace / "mine.py").write_text(PLUGIN)
    done = regkit("check", "--plugin-file", "mine.py", "wrong", "--json", "--backend", "jax")
    assert done.code == 2
    assert done.error.startswith("wrong fails ")
    (report,) = json.loads(done.out)
    values, points = report["verdicts"][-2:]
    assert (values["law"], values["outcome"]) == ("jax", "failed")
    assert "jax.jit(lambda arrays: " in values["counterexample"]
    assert (points["law"], points["outcome"]) == ("jax-prox", "not applicable")
