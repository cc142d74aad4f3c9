"""What AdaGrad, RMSProp and Adam say about their steps."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import regkit as rk


def stepped(optimizer):
    params, rng = np.ones(7), np.random.default_rng(0)
    for _ in range(3):
        optimizer.step(params, rng.standard_normal(7))
    return optimizer


@pytest.mark.parametrize("cls", [rk.AdaGrad, rk.RMSProp, rk.Adam])
def test_the_uncomputed_steps_are_the_proximal_step(cls):
    optimizer = stepped(cls(0.1, decay=0.1))
    assert_array_equal(optimizer.uncomputed_steps().array(), optimizer.proximal_step())


class OwnDivisor(rk.Adam):
    def divisor(self, moments):
        return 2 * super().divisor(moments)


class OwnStep(rk.Adam):
    def proximal_step(self):
        return 2 * super().proximal_step()


@pytest.mark.parametrize("make", [OwnDivisor, OwnStep, lambda: rk.SGD(0.1)])
def test_who_has_steps_of_another_kind_says_nothing(make):
    assert stepped(make()).uncomputed_steps() is None
