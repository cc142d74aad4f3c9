"""References: their shapes, their types, and files that cannot serve."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from regkit_transfer import EWC, L2SP, AdaptiveLasso

import regkit
from regkit.errors import FieldError


@pytest.fixture
def penalties(arrays):
    return [
        L2SP(reference=arrays["weights"]),
        EWC(reference=arrays["weights"], importance=arrays["importance"]),
        AdaptiveLasso(reference=arrays["weights"]),
    ]


def test_another_shape_is_refused_in_one_line_that_names_both(penalties):
    other = np.ones((5, 7))
    for penalty in penalties:
        calls = (
            penalty.value,
            penalty.grad,
            lambda w, penalty=penalty: penalty.prox(w, 0.1),
            lambda w, penalty=penalty: penalty.subgradient_distance(w, w),
        )
        for call in calls:
            with pytest.raises(FieldError, match=r"start.npz:\w+ is \(7, 5\), .* is \(5, 7\)") as e:
                call(other)
            assert "\n" not in str(e.value)


def test_the_shape_is_known_without_an_array(penalties):
    assert [penalty.only_shape for penalty in penalties] == [(7, 5)] * 3


def test_a_reference_in_another_type_is_used_in_its_own_precision(tmp_path):
    np.savez(tmp_path / "start.npz", ints=np.array([[1, 2]]), narrow=np.array([[0.1]], "f4"))
    whole = L2SP(reference=tmp_path / "start.npz:ints")
    assert_array_equal(whole.grad(np.array([[1.5, 2.0]], "f4")), np.array([[1, 0]], "f4"))
    narrow = L2SP(reference=tmp_path / "start.npz:narrow")
    assert narrow.value(np.array([[np.float64(np.float32(0.1))]])) == 0


def test_infinite_references_are_refused(tmp_path):
    np.save(tmp_path / "start.npy", np.array([[np.inf]]))
    with pytest.raises(FieldError, match=r"start.npy holds an infinite number"):
        AdaptiveLasso(reference=tmp_path / "start.npy")


def test_a_missing_reference_is_named():
    with pytest.raises(FieldError, match=r"L2SP: .*'reference'"):
        L2SP(1e-3)
    with pytest.raises(FieldError, match=r"reference: nowhere\.npz does not exist"):
        regkit.regularizer("l2_sp=1e-3,reference=nowhere.npz:w@dense1.weights")


def test_importances_are_finite_and_not_negative(arrays, tmp_path):
    with pytest.raises(FieldError, match=r"must be finite and at least 0"):
        EWC(reference=arrays["weights"], importance=arrays["weights"])
    np.save(tmp_path / "few.npy", np.ones((7, 1)))
    with pytest.raises(FieldError, match=r"few.npy is \(7, 1\), .* is \(7, 5\): .* one shape"):
        EWC(reference=arrays["weights"], importance=tmp_path / "few.npy")


@pytest.mark.parametrize("field", ["gamma", "epsilon"])
@pytest.mark.parametrize("given", [0.0, -1.0, float("inf")])
def test_gamma_and_epsilon_are_above_zero_and_finite(arrays, field, given):
    with pytest.raises(FieldError, match=f"{field} must be above 0 and finite"):
        AdaptiveLasso(reference=arrays["weights"], **{field: given})
