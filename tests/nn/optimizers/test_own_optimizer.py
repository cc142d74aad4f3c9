"""An outsider's optimizer: what it needs, and what is refused in one line."""

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.nn.optimizers import Optimizer

X, Y = rk.datasets.spiral(10, 3)


class SignDescent(Optimizer):
    """w ← w − lr · sign(grad)."""

    def __init__(self, lr=0.01):
        super().__init__(lr)

    def update(self, params, grads, moments):
        params -= self.current_lr * np.sign(grads)


def network():
    return rk.Model([rk.Dense(2, 3)], rk.SoftmaxCrossEntropy(), dtype="float64")


def test_it_needs_an_update_rule_only():
    model = network()
    before = model.parameters.copy()
    rk.train(model, X, Y, optimizer=SignDescent(), epochs=1)
    moved = np.abs(model.parameters - before)
    assert np.allclose(moved[model.gradients != 0], 0.01)


def test_steps_of_its_own_are_not_taken_for_proximal_steps():
    with pytest.raises(InputError, match="SignDescent does not say what it divides its steps by"):
        rk.train(
            network(), X, Y, optimizer=SignDescent(), regularizers=["l1=0.1,mode=prox"], epochs=1
        )


def test_an_update_that_returns_parameters_instead_of_changing_them_is_refused():
    class Returning(SignDescent):
        def update(self, params, grads, moments):
            return params - self.current_lr * grads

    with pytest.raises(InputError, match="Returning: update must change params in place"):
        rk.train(network(), X, Y, optimizer=Returning(), epochs=1)


def test_a_forgotten_call_of_the_base_class_is_named():
    class Forgetful(SignDescent):
        def __init__(self):
            self.lr = 0.1

    with pytest.raises(InputError, match=r"Forgetful: call super\(\).__init__"):
        Forgetful().step(network().parameters, network().gradients)
