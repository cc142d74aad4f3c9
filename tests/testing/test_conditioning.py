"""How far results move when their input is rounded."""

import numpy as np
import pytest

from regkit.testing.conditioning import ROUNDINGS, change_by_rounding
from regkit.testing.params import Params


def change(function, array, holds=lambda params: True):
    params = Params({"weights": array})
    return change_by_rounding(lambda one: {"f": function(one["weights"])}, params, holds, seed=0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_well_conditioned_function_moves_as_its_input_does(dtype):
    w = np.array([[3.0, -1.0]], dtype=dtype)
    assert change(lambda w: 2 * w, w) == pytest.approx(6 * ROUNDINGS * np.finfo(dtype).eps, rel=0.1)


def test_the_smaller_a_singular_value_the_farther_its_vectors_move():
    def polar_factor(w):
        u, _, v = np.linalg.svd(w, full_matrices=False)
        return u @ v

    def nearly_singular(by):
        return np.array([[1.0, 1.0], [1.0, 1.0 + by], [1.0, 1.0]])

    moved = [change(polar_factor, nearly_singular(by)) for by in (1.0, 1e-3, 1e-6)]
    assert moved[0] < 1e-13 < moved[1] < 1e-10 < moved[2]


def test_zeros_and_signs_stay():
    w = np.array([[0.0, -1.0, 2.0]])
    assert change(np.sign, w) == 0


def test_nothing_is_asked_outside_the_domain():
    asked = []

    def only_once(w):
        asked.append(w)
        return w

    assert change(only_once, np.ones((2, 2)), holds=lambda params: False) == 0
    assert len(asked) == 1
