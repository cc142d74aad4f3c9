"""The arrays on which a penalty is tested: of its kind, its shapes and its domain.

Covers: regkit/testing/subjects/__init__.py, regkit/testing/subjects/subject.py
Covers: regkit/testing/subjects/layer.py, regkit/testing/subjects/model.py
Covers: regkit/testing/subjects/outputs.py, regkit/testing/domain.py, regkit/testing/calls.py
Covers: regkit/testing/drawing.py
"""

import numpy as np
import pytest
from testing.correct import (
    Asymmetry,
    Entropy,
    LogBarrier,
    NearReference,
    NetworkNorm,
    OutputSizes,
    RawOutputs,
    raw_absolute,
)

from regkit import L1, L2, ModelRegularizer, Regularizer
from regkit.testing import LAWS, check_regularizer
from regkit.testing.cases import LARGE, LARGER, SMALL, Case, gradient_cases, value_cases
from regkit.testing.check import verdict_on
from regkit.testing.domain import inside
from regkit.testing.libraries import Strict
from regkit.testing.params import Params
from regkit.testing.penalty_under_test import PenaltyUnderTest
from regkit.testing.subjects import LayerSubject, ModelSubject, OutputsSubject, kind_of
from regkit.testing.subjects.model import by_name, nested

LAW = {law.name: law for law in LAWS}


@pytest.mark.parametrize(
    ("penalty", "kind"),
    [
        (L1(), LayerSubject),
        (NetworkNorm(), ModelSubject),
        (OutputSizes(on="relu1"), OutputsSubject),
        (RawOutputs(), OutputsSubject),
        (raw_absolute(), LayerSubject),
    ],
)
def test_a_penalty_is_tested_on_what_its_hooks_take(penalty, kind):
    assert kind_of(penalty) is kind


@pytest.mark.parametrize("shape", [*SMALL, *LARGER, LARGE, (0, 3), (3, 0)])
def test_the_shapes_of_a_network_chain(shape):
    shapes = ModelSubject(("weights", "biases")).shapes(shape)
    assert list(nested(shapes)) == ["dense1", "dense2", "dense3"]
    assert shapes["dense1.weights"] == shape
    for n in (1, 2, 3):
        assert shapes[f"dense{n}.biases"] == (1, shapes[f"dense{n}.weights"][1])
    for n in (1, 2):
        assert shapes[f"dense{n}.weights"][1] == shapes[f"dense{n + 1}.weights"][0]


def test_a_penalty_of_the_model_may_be_defined_for_so_many_layers_only():
    class OfTwo(NetworkNorm):
        only_layers = 2

        def prox(self, params, steps):
            assert len(params) == 2
            return super().prox(params, steps)

    params = PenaltyUnderTest(OfTwo()).params(Case("normal", (3, 4)))
    assert [array.shape for array in params.values()] == [(3, 4), (4, 2)]
    assert verdict_on(LAW["result-form"], OfTwo()).outcome == "passed"
    assert verdict_on(LAW["training"], OfTwo()).outcome == "passed"


def test_arrays_of_a_network_come_back_by_name():
    params = PenaltyUnderTest(NetworkNorm(on="*")).params(Case("normal", (2, 3)))
    assert dict(params).keys() == by_name(nested(params)).keys()
    assert all(by_name(nested(params))[name] is array for name, array in params.items())


@pytest.mark.parametrize(
    ("declared", "fits"),
    [
        ("square", lambda rows, columns: rows == columns),
        ("wide", lambda rows, columns: rows <= columns),
        ("tall", lambda rows, columns: rows >= columns),
    ],
)
@pytest.mark.parametrize("base", [Regularizer, ModelRegularizer])
def test_laws_draw_only_shapes_that_the_penalty_is_defined_for(declared, fits, base):
    class Restricted(base):
        shapes = declared

        def value(self, w): ...

        def grad(self, w): ...

    penalty = PenaltyUnderTest(Restricted())
    drawn = [
        params for cases in (gradient_cases(0), value_cases(0)) for params in penalty.drawn(cases)
    ]
    assert len(drawn) > 100
    assert all(fits(*array.shape) for params in drawn for array in params.values())


def test_laws_draw_the_only_shape_that_a_penalty_is_bound_to():
    penalty = PenaltyUnderTest(NearReference())
    drawn = list(penalty.drawn(value_cases(0)))
    assert {params["weights"].shape for params in drawn} == {(3, 4)}
    assert len({params.flat().tobytes() for params in drawn}) == len(drawn)


@pytest.mark.parametrize("kind", [Entropy, LogBarrier])
def test_laws_draw_inside_the_domain_alone(kind):
    penalty = PenaltyUnderTest(kind())
    drawn = list(penalty.drawn(value_cases(0)))
    assert len(drawn) > 400
    assert all(kind().domain(params["weights"]) for params in drawn)


def test_outside_its_domain_a_penalty_is_infinite():
    penalty = PenaltyUnderTest(Entropy())
    assert penalty.value(penalty.of_entries(np.array([[-1.0]]))) == np.inf


def test_where_a_domain_holds_nothing_there_is_one_finding():
    class Nowhere(Entropy):
        def domain(self, w):
            return False

    (failure,) = check_regularizer(Nowhere()).failures
    assert failure.law == "result-form"
    assert failure.reason == "its domain holds none of the arrays that were tried"
    assert inside(lambda params: False, PenaltyUnderTest(L1()).params(Case("ties", (2, 2)))) is None


def test_square_matrices_are_trained_with_too():
    verdict = verdict_on(LAW["training"], Asymmetry())
    assert (verdict.outcome, verdict.decided) == ("passed", verdict.tried)


def test_schedule_and_scale_of_a_spec_do_not_disturb_the_laws():
    report = check_regularizer(L2(0.1, schedule="warmup:100", scale="size", label="my own"))
    assert report.ok, report


def test_a_hook_may_leave_out_arguments_that_it_does_not_need():
    class Fewer(OutputSizes):
        def penalty_outputs(self, outputs):
            return self.strength * float(np.sum(np.abs(outputs))) / len(outputs)

    params = PenaltyUnderTest(Fewer(on="relu1")).params(Case("normal", (2, 3)))
    plain = PenaltyUnderTest(OutputSizes(on="relu1"))
    assert PenaltyUnderTest(Fewer(on="relu1")).value(params) == pytest.approx(plain.value(params))


def test_without_the_strict_library_its_laws_say_what_to_install(monkeypatch):
    monkeypatch.setattr(Strict, "module_name", "a_library_that_is_absent")
    verdict = verdict_on(LAW["array-api"], L1())
    assert verdict.outcome == "not applicable"
    assert "pip install array-api-strict" in verdict.reason


@pytest.mark.parametrize("edge", [10.0, 0.5, 1e-3, 1e-6])
def test_arrays_inside_a_narrow_domain_are_found(edge):
    drawn = Case("normal", (2, 3), 100.0).array()
    found = inside(lambda params: params.size() < 2 * edge, Params({"weights": drawn}))
    assert 0 < found.size() < 2 * edge
    assert inside(lambda params: params.size() > 1e9, Params({"weights": drawn})) is None


def test_positive_definite_matrices_are_found():
    drawn = Params({"weights": Case("normal", (3, 3)).array()})
    found = inside(lambda params: np.linalg.eigvalsh(params["weights"])[0] > 0, drawn)
    assert np.linalg.eigvals(found["weights"]).real.min() > 0
    assert np.array_equal(eval(repr(found), {"np": np})["weights"], found["weights"])
