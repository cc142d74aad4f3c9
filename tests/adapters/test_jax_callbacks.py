"""Plugins that know NumPy's arrays alone serve under jit, vmap and grad, by a callback to the host.

Covers: regkit/hooks/callback_bridge.py
"""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import regkit as rk
from regkit.errors import RegularizerError
from regkit.jax import penalties, penalty, regularize

W = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -0.5]], np.float32)
PARAMS = {"dense1": {"kernel": jnp.asarray(W), "bias": jnp.ones(3)}}


class Quartic(rk.Regularizer):
    """λ Σw⁴ by NumPy's functions, which a traced array refuses."""

    def value(self, w):
        assert isinstance(w, np.ndarray)
        return float(np.sum(w**4))

    def grad(self, w):
        assert isinstance(w, np.ndarray)
        return 4 * w**3

    def prox(self, w, step):
        """Not Σw⁴'s: halves the entries, which is easily told."""
        assert isinstance(w, np.ndarray)
        assert isinstance(step, float)
        return w / 2


class Own(rk.Regularizer):
    """λ (Σw)² of a whole layer, by hooks of its own."""

    def penalty(self, layer):
        chosen = self.selected(layer)
        return self.strength_for(layer) * sum(map(np.sum, chosen.values())) ** 2 if chosen else None

    def penalty_grad(self, layer):
        chosen = self.selected(layer)
        total = sum(map(np.sum, chosen.values()))
        factor = np.float32(2 * self.strength_for(layer) * total)
        return {name: np.full_like(w, factor) for name, w in chosen.items()} or None


class OfModel(rk.ModelRegularizer):
    """λ Σw² of all layers, by NumPy's functions."""

    def value(self, params):
        return float(sum(np.sum(w**2) for arrays in params.values() for w in arrays.values()))

    def grad(self, params):
        return {
            layer: {name: 2 * np.asarray(w) for name, w in arrays.items()}
            for layer, arrays in params.items()
        }


def compared(regularizer, value, gradient):
    """The value and gradient eagerly, under jit, and under vmap over three parameters at once."""

    def loss(params):
        return penalty(params, [regularizer])

    for one in (loss, jax.jit(loss)):
        assert float(one(PARAMS)) == pytest.approx(value)
        found = jax.grad(one)(PARAMS)["dense1"]["kernel"]
        assert np.allclose(found, gradient, atol=1e-6)
    several = jax.tree.map(lambda w: jnp.stack([w, w, w]), PARAMS)
    assert np.allclose(jax.jit(jax.vmap(loss))(several), value)
    found = jax.vmap(jax.grad(loss))(several)["dense1"]["kernel"]
    assert np.allclose(found, np.stack([gradient] * 3), atol=1e-6)


def test_values_and_gradients_of_a_class_on_numpy():
    compared(Quartic(0.1), 0.1 * np.sum(W**4), 0.4 * W**3)


def test_those_of_hooks_of_ones_own():
    compared(Own(0.5), 0.5 * W.sum() ** 2, np.full_like(W, W.sum()))


def test_those_of_the_whole_model():
    compared(OfModel(0.5, on="dense1.weights"), 0.5 * np.sum(W**2), W)


def test_a_raw_plugin_with_an_epoch_that_is_traced():
    class Raw:
        @rk.hookimpl
        def penalty(self, layer):
            return float(np.sum(layer.params["weights"])) * (1 + layer.epoch)

        @rk.hookimpl
        def penalty_grad(self, layer):
            assert isinstance(layer.epoch, int)
            return {"weights": np.full_like(layer.params["weights"], 1 + layer.epoch)}

    plugin = Raw()
    optimizer = regularize(optax.sgd(1.0), [plugin], learning_rate=1.0)
    zeros = jax.tree.map(jnp.zeros_like, PARAMS)
    state = optimizer.init(PARAMS)
    for count in range(3):
        moves, state = jax.jit(optimizer.update)(zeros, state, PARAMS)
        assert np.array_equal(moves["dense1"]["kernel"], np.full_like(W, -(1 + count)))
    found = jax.jit(lambda e: penalties(PARAMS, [plugin], epoch=e))(4)
    [by_layer] = found.values()
    assert float(by_layer["dense1"]) == pytest.approx(5 * W.sum())


def test_proximal_points_with_a_strength_and_a_rate_that_are_traced():
    @jax.jit
    def moves(rate, strength):
        optimizer = regularize(
            optax.sgd(rate), [Quartic(strength, mode="prox")], learning_rate=rate
        )
        zeros = jax.tree.map(jnp.zeros_like, PARAMS)
        return optimizer.update(zeros, optimizer.init(PARAMS), PARAMS)[0]["dense1"]["kernel"]

    assert np.array_equal(moves(0.1, 1.0), -W / 2)
    assert np.array_equal(moves(0.1, 0.0), 0 * W)


def test_half_precision_is_shown_in_float32():
    params = {"dense1": {"kernel": jnp.asarray(W, jnp.bfloat16)}}
    gradient = jax.jit(jax.grad(lambda p: penalty(p, [Quartic(0.1)])))(params)
    assert gradient["dense1"]["kernel"].dtype == jnp.bfloat16
    assert np.allclose(gradient["dense1"]["kernel"].astype(float), 0.4 * W**3, rtol=1e-2)


class Wrong(rk.Regularizer):
    """Answers with another shape, by NumPy's functions."""

    def value(self, w):
        return np.sum(w)

    def grad(self, w):
        return np.ones(3, w.dtype)


class Wide(rk.Regularizer):
    """Answers in float64."""

    def value(self, w):
        return float(np.sum(w))

    def grad(self, w):
        return np.ones(w.shape)


class Raising(rk.Regularizer):
    """Raises in its gradient."""

    def value(self, w):
        return float(np.sum(w))

    def grad(self, w):
        raise ZeroDivisionError("oh")


@pytest.mark.parametrize(
    ("regularizer", "message"),
    [
        (Wrong(1.0), r"wrong.*penalty_grad.*shape \(3,\) for weights of shape \(2, 3\)"),
        (Wide(1.0), "wide.*penalty_grad .* returned float64 for weights, which is float32"),
        (Raising(1.0), "raising.*penalty_grad raised ZeroDivisionError: oh"),
    ],
)
def test_a_plugin_at_fault_is_named(regularizer, message):
    with pytest.raises(RegularizerError, match=message):
        jax.jit(jax.grad(lambda p: penalty(p, [regularizer])))(PARAMS)


class Fickle(rk.Regularizer):
    """Answers for one parameter only where its first entry is positive."""

    def penalty(self, layer):
        return 1.0 if self.selected(layer) else None

    def penalty_grad(self, layer):
        chosen = self.selected(layer)
        return {name: 0 * w for name, w in chosen.items() if w[0, 0] > 0} or None


def test_an_answer_of_another_form_than_before_is_an_error():
    def gradient(params):
        return jax.jit(jax.grad(lambda p: penalty(p, [Fickle(1.0)])))(params)

    assert not np.any(gradient(PARAMS)["dense1"]["kernel"])
    negative = {"dense1": {"kernel": -PARAMS["dense1"]["kernel"]}}
    with pytest.raises(Exception, match="answers for other parameters than it does on other"):
        jax.block_until_ready(gradient(negative))
