"""Soft orthogonality: where it is least, its gradient, and what a column is."""

import numpy as np
import pytest
from regkit_structured import Orthogonal
from scipy.linalg import svdvals
from scipy.optimize import check_grad
from scipy.stats import ortho_group

from regkit.errors import FieldError

both = pytest.mark.parametrize("vectors", ["columns", "rows"])


def random_matrix(shape):
    return np.random.default_rng(0).normal(size=shape)


@both
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3), (1, 4)])
def test_value_is_a_sum_over_singular_values(vectors, shape):
    """Σ(σ² − 1)², and 1 for each vector beyond what fits the space."""
    w = random_matrix(shape)
    count = shape[1] if vectors == "columns" else shape[0]
    by_singular_values = np.sum((svdvals(w) ** 2 - 1) ** 2) + max(count - min(shape), 0)
    assert Orthogonal(vectors=vectors).value(w) == pytest.approx(by_singular_values, rel=1e-12)


def test_orthonormal_columns_cost_nothing_and_stay():
    columns = ortho_group.rvs(5, random_state=0)[:, :3]
    for penalty, w in [(Orthogonal(), columns), (Orthogonal(vectors="rows"), columns.T)]:
        assert penalty.value(w) < 1e-28
        np.testing.assert_allclose(penalty.grad(w), 0, atol=1e-14)
        assert penalty.value(1.1 * w) > 0.1


@both
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3)])
def test_gradient_is_the_slope_of_the_value(vectors, shape):
    penalty = Orthogonal(vectors=vectors)
    w = random_matrix(shape)
    error = check_grad(
        lambda flat: penalty.value(flat.reshape(shape)),
        lambda flat: penalty.grad(flat.reshape(shape)).ravel(),
        w.ravel(),
    )
    assert error < 1e-4


@both
def test_layout_does_not_matter_and_the_input_is_left_alone(vectors):
    penalty = Orthogonal(vectors=vectors)
    w = random_matrix((4, 6))
    wide = np.zeros((8, 12))
    wide[::2, ::2] = w
    for same in (w, np.asfortranarray(w), wide[::2, ::2]):
        same.flags.writeable = False
        assert penalty.value(same) == pytest.approx(penalty.value(w), rel=1e-13)
        np.testing.assert_allclose(penalty.grad(same), penalty.grad(w), atol=1e-13)


@both
def test_float32_keeps_its_type(vectors):
    penalty = Orthogonal(vectors=vectors)
    w = random_matrix((4, 6)).astype(np.float32)
    assert penalty.grad(w).dtype == np.float32
    assert penalty.value(w) == penalty.value(w.astype(np.float64))


@both
@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
def test_what_is_no_matrix_is_refused(vectors, shape):
    for method in (Orthogonal(vectors=vectors).value, Orthogonal(vectors=vectors).grad):
        with pytest.raises(FieldError, match="Orthogonal: it is a penalty of matrices"):
            method(np.ones(shape))


def test_nan_stays_nan():
    w = random_matrix((3, 2))
    w[1, 1] = np.nan
    assert np.isnan(Orthogonal().value(w))
    assert np.any(np.isnan(Orthogonal().grad(w)))
