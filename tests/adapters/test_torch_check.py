"""`regkit check --backend torch`: what differs on PyTorch's tensors is found, and nothing else.

Covers: regkit/testing/libraries/pytorch.py
"""

import json

import numpy as np
import pytest
import torch
from frameworks.penalties import BRIDGED, CASES, WITH_PROX

from regkit import (
    L1,
    ActivityRegularizer,
    ModelRegularizer,
    Regularizer,
    float64_sum,
)
from regkit.catalogue.resolve import regularizer
from regkit.testing import LAWS, check_regularizer, law_tests
from regkit.testing.backends import library_of
from regkit.testing.check import verdict_on
from regkit.testing.laws.backend import laws_on

VALUES, POINTS = laws_on(library_of("torch"))
SEEDS = (0, 1, 2)


def is_tensor(w):
    return isinstance(w, torch.Tensor)


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
    told = "on a tensor of PyTorch grad gives another result than on a NumPy array"

    def grad(self, w):
        return 2.0001 * w if is_tensor(w) else 2 * w


class SlightlyWrongGradient(Squares):
    told = "gives another result than on a NumPy array"

    def grad(self, w):
        return 2 * w.float().to(w.dtype) if is_tensor(w) else 2 * w


class WrongInWideArrays(Squares):
    told = "gives another result than on a NumPy array"

    def grad(self, w):
        return w.clamp(-1, 1) * 2 if is_tensor(w) and w.shape[1] > 128 else 2 * w


class OtherDtype(Squares):
    told = "grad returns torch.float64 for torch.float32"

    def grad(self, w):
        return 2 * (w.double() if is_tensor(w) else w)


class PythonNumber(Squares):
    told = "value returns a float instead of a tensor of PyTorch"

    def value(self, w):
        return float(float64_sum(w * w))


class OneEntry(Squares):
    told = "value returns an array of shape (1,), not ()"

    def value(self, w):
        return float64_sum(w * w).reshape(1) if is_tensor(w) else float64_sum(w * w)


class ComplexValue(Squares):
    told = "value returns torch.complex128, which is no real number"

    def value(self, w):
        total = float64_sum(w * w)
        return total.to(torch.complex128) if is_tensor(w) else total


class NumPyArray(Squares):
    told = "grad returns a ndarray instead of a tensor of PyTorch"

    def grad(self, w):
        return 2 * np.asarray(w)


class OtherDevice(Squares):
    told = "grad returns an array on meta for one on cpu"

    def grad(self, w):
        return (2 * w).to("meta") if is_tensor(w) else 2 * w


class OnlyContiguous(Squares):
    told = "value raised RuntimeError: view size is not compatible"

    def value(self, w):
        return float64_sum(w.view(-1).square() if is_tensor(w) else w * w)


class WritesToItsInput(Squares):
    told = "grad writes to weights"

    def grad(self, w):
        return 2 * (w.clamp_(min=-0.25) if is_tensor(w) else np.maximum(w, -0.25))


class AddsToItsInput(Squares):
    told = "value writes to weights"

    def value(self, w):
        total = float64_sum(w * w)
        if is_tensor(w):
            w += 1e-9
        return total


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


def first_of(params):
    return next(iter(next(iter(params.values())).values()))


class LeavesOutALayer(OfThreeLayers):
    told = "grad answers for ['dense2.weights', 'dense3.weights'], not ['dense1.weights',"

    def grad(self, params):
        answer = super().grad(params)
        if is_tensor(first_of(params)):
            answer.pop("dense1")
        return answer


class NotNested(OfThreeLayers):
    told = "grad returns no {layer: {parameter: array}}"

    def grad(self, params):
        w = first_of(params)
        return 2 * w if is_tensor(w) else super().grad(params)


class WrongInOneLayer(OfThreeLayers):
    told = "grad gives another result than on a NumPy array"

    def grad(self, params):
        answer = super().grad(params)
        if is_tensor(first_of(params)):
            answer["dense2"]["weights"] = answer["dense2"]["weights"].abs()
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
        return outputs.square().mean() if is_tensor(outputs) else super().value(outputs)


class NothingForOutputs(OfOutputs):
    told = "grad answers for [], not ['outputs']"

    def grad(self, outputs):
        return None if is_tensor(outputs) else 2 * outputs


class WrongPoint(Squares):
    told = "prox gives another result than on a NumPy array"

    def prox(self, w, step):
        return w / (1 + step) if is_tensor(w) else w / (1 + 2 * step)


class WrongForArraysOfSteps(Squares):
    told = "prox gives another result than on a NumPy array"

    def prox(self, w, step):
        return w / (1 + 2 * (step.max() if is_tensor(step) else step))


class PointInItsInput(Squares):
    told = "prox writes to weights"

    def prox(self, w, step):
        return w.div_(1 + 2 * step) if is_tensor(w) else w / (1 + 2 * step)


class OneLayersPoint(OfThreeLayers):
    told = "prox gives another result than on a NumPy array"

    def prox(self, params, steps):
        answer = super().prox(params, steps)
        if is_tensor(first_of(params)):
            answer["dense1"] = dict(params["dense1"])
        return answer


class Clipped(Regularizer):
    """Entries between −½ and ½; between −¼ and ¼ in PyTorch."""

    told = "prox gives another result than on a NumPy array"
    constraint = True
    array_api_prox = True

    def value(self, w):
        return 0.0 if np.max(np.abs(w), initial=0) <= 0.5 else np.inf

    def prox(self, w, step):
        return w.clamp(-0.25, 0.25) if is_tensor(w) else np.clip(w, -0.5, 0.5)


WRONG = [
    *(WrongGradient(), SlightlyWrongGradient(), WrongInWideArrays(), OtherDtype(), PythonNumber()),
    *(OneEntry(), ComplexValue(), NumPyArray(), OtherDevice(), OnlyContiguous()),
    *(WritesToItsInput(), AddsToItsInput(), LeavesOutALayer(), NotNested(), WrongInOneLayer()),
    *(MeanOfOutputs(on="relu1"), NothingForOutputs(on="relu1")),
]
WRONG_POINTS = [
    *(WrongPoint(), WrongForArraysOfSteps(), PointInItsInput(), OneLayersPoint(), Clipped()),
]
FAULTS = [*((one, VALUES) for one in WRONG), *((one, POINTS) for one in WRONG_POINTS)]

each_fault = pytest.mark.parametrize(
    ("penalty", "law"), FAULTS, ids=[type(one).__name__ for one, _ in FAULTS]
)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_penalty_of_this_repository_passes(case, seed, tmp_path):
    penalty = case.penalty(tmp_path, (12, 9))
    values, points = (verdict_on(law, penalty, seed=seed) for law in (VALUES, POINTS))
    assert values.outcome == ("not applicable" if penalty.constraint else "passed"), values
    assert points.outcome == ("passed" if case in WITH_PROX else "not applicable"), points
    if case.name in BRIDGED:
        assert points.reason == (
            "its proximal points are bridged over the CPU: it does not declare 'array_api_prox'"
        )
    for verdict in (values, points):
        assert verdict.outcome != "passed" or verdict.decided == verdict.tried > 5


@each_fault
@pytest.mark.parametrize("seed", SEEDS)
def test_a_planted_fault_is_caught(penalty, law, seed):
    verdict = verdict_on(law, penalty, seed=seed)
    assert verdict.outcome == "failed"
    assert type(penalty).told in verdict.reason


@pytest.mark.parametrize("penalty", [Squares(), OfThreeLayers(), OfOutputs(on="relu1")])
def test_what_the_faults_are_planted_in_has_none(penalty):
    report = check_regularizer(penalty, backend="torch")
    assert report.ok, report
    assert [one.law for one in report.verdicts[-2:]] == ["torch", "torch-prox"]


@each_fault
def test_the_counterexample_runs_as_pasted_and_shows_both_results(penalty, law):
    verdict = verdict_on(law, penalty)
    *_, last = lines = verdict.counterexample.splitlines()
    assert "import torch" in lines
    names = {}
    exec("\n".join(lines[:-1]), names)
    if "raised" in verdict.reason:
        with pytest.raises(RuntimeError):
            eval(last, names)
        return
    found, wanted = eval(last, names)
    assert not is_same(found, wanted)


def is_same(found, wanted):
    if isinstance(wanted, dict):
        return (
            isinstance(found, dict)
            and set(found) == set(wanted)
            and all(is_same(found[name], wanted[name]) for name in wanted)
        )
    if not is_tensor(found) or found.device.type != "cpu" or found.is_complex():
        return False
    if np.ndim(wanted) and str(found.dtype) != f"torch.{wanted.dtype}":
        return False
    same_shape = found.shape == np.shape(wanted)
    return same_shape and np.allclose(found.numpy(), wanted, rtol=1e-12, atol=0)


def test_one_that_declares_nothing_is_not_tried():
    class Undeclared(WrongGradient):
        array_api = array_api_prox = False

    for law in (VALUES, POINTS):
        verdict = verdict_on(law, Undeclared())
        assert (verdict.outcome, verdict.tried) == ("not applicable", 0)
        assert "bridged over the CPU: it does not declare" in verdict.reason


def test_an_ill_conditioned_gradient_may_be_off_by_what_rounding_does_to_it():
    """One of the arrays of this seed has a singular value of 1.7e-4 beside one of 2.2."""
    verdict = verdict_on(VALUES, regularizer("nuclear_norm=0.5"), seed=9)
    assert verdict.outcome == "passed", verdict


def test_a_test_file_may_ask_for_the_backend():
    test = law_tests(L1(), WrongGradient(), backend="torch")
    laws = next(mark.args[1] for mark in test.pytestmark if mark.args[0] == "law")
    assert [law.name for law in laws] == [law.name for law in (*LAWS, VALUES, POINTS)]
    test(L1(), laws[-2])
    with pytest.raises(pytest.fail.Exception, match="a tensor of PyTorch"):
        test(WrongGradient(), laws[-2])


PLUGIN = """
import sys
from regkit import Regularizer, float64_sum

class Right(Regularizer):
    array_api = True

    def value(self, w):
        return float64_sum(w * w)

    def grad(self, w):
        return 2 * w

class Threaded(Right):
    def grad(self, w):
        torch = sys.modules.get("torch")
        return 2 * w if torch is None or torch.get_num_threads() == 1 else w

class Wrong(Right):
    def grad(self, w):
        return w if hasattr(w, "detach") else 2 * w
"""


@pytest.fixture
def check(regkit, workplace):
    """`regkit check` of specs of the plugin file, with PyTorch free to use two threads."""
    (workplace / "mine.py").write_text(PLUGIN)
    return lambda *words: regkit("check", "--plugin-file", "mine.py", *words, OMP_NUM_THREADS="2")


@pytest.mark.slow
def test_the_command_checks_tensors_in_one_thread(check):
    done = check("threaded", "l1", "--backend", "torch")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("  passed  torch  ") == 2
    assert "  -       torch-prox             it has no proximal operator" in done.out


@pytest.mark.slow
def test_the_commands_verdicts_on_tensors_are_data_too(check):
    done = check("wrong", "--json", "--backend", "torch")
    assert (done.code, done.error) == (2, "wrong fails torch")
    (report,) = json.loads(done.out)
    values, points = report["verdicts"][-2:]
    assert (values["law"], values["outcome"]) == ("torch", "failed")
    assert "import torch" in values["counterexample"]
    assert (points["law"], points["outcome"]) == ("torch-prox", "not applicable")
    assert check("wrong").code == 0
