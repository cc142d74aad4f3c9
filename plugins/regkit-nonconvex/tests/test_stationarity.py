"""How far a point is from stationary, and the least strength that keeps 0: the five of them."""

import numpy as np
import pytest
from regkit_nonconvex import MCP, SCAD, CappedL1, LHalf, LogSum

FAMILY = [MCP(gamma=0.7), SCAD(knee=0.3, a=3.7), LogSum(epsilon=0.1), CappedL1(cap=0.4), LHalf()]

family = pytest.mark.parametrize("penalty", FAMILY, ids=str)


def one_sided_slopes(penalty, w, h=1e-7):
    here, behind, ahead = (float(penalty.value(np.array([x]))) for x in (w, w - h, w + h))
    return sorted([(here - behind) / h, (ahead - here) / h])


@family
def test_dual_norm_is_the_least_strength_that_keeps_zero(penalty):
    """A short step from 0 along −g, and the proximal one: it returns to 0 from this strength on."""
    g, step = np.array([[0.3, -0.7], [0.0, 0.1]]), 1e-7
    least = penalty.dual_norm(g)
    assert not penalty.prox(-step * g, step * (least * (1 + 1e-12) + 1e-2)).any()
    if least:
        assert not penalty.prox(-step * g, step * least * (1 + 1e-12)).any()
        assert penalty.prox(-step * g, step * least * (1 - 1e-5)).any()


def test_strengths_that_keep_zero_are_those_of_the_slopes_at_zero():
    g = np.array([0.5, -2.0])
    assert [penalty.dual_norm(g) for penalty in FAMILY] == [2.0, 2.0, 2.0 * 0.1, 2.0, 0.0]


@family
def test_distance_is_that_from_the_one_sided_slopes(penalty):
    w = np.array([0.7, -0.02, -0.0, 0.0, 0.31, -3.0])
    for g in np.random.default_rng(3).normal(scale=3, size=(20, 6)):
        by_hand = 0.0
        for weight, gradient in zip(w, g, strict=True):
            low, high = one_sided_slopes(penalty, weight)
            by_hand = max(by_hand, low + gradient, -gradient - high)
        found = penalty.subgradient_distance(w, g)
        assert found == pytest.approx(by_hand, abs=2e-5)
        narrow = penalty.subgradient_distance(w.astype("f4"), g.astype("f4"))
        assert narrow == pytest.approx(found, rel=1e-6)


@family
@pytest.mark.parametrize("step", [1e-3, 0.1, 0.6])
def test_proximal_points_are_stationary(penalty, step):
    """x = prox(w) minimizes step · R(x) + ½(x − w)², so that 0 is in step · ∂R(x) + x − w."""
    w = np.random.default_rng(0).normal(size=(20, 10))
    x = penalty.prox(w, step)
    assert 0 < np.count_nonzero(x) <= w.size
    assert penalty.subgradient_distance(x, (x - w) / step) < 1e-11
    elsewhere = np.where(x == 0, 0.0, 0.9 * x)
    assert penalty.subgradient_distance(elsewhere, (elsewhere - w) / step) > 0.01


@family
def test_nothing_is_stationary_where_there_is_nothing(penalty):
    empty = np.empty((0, 3))
    assert penalty.dual_norm(empty) == penalty.subgradient_distance(empty, empty) == 0
