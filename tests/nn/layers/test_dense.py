"""The dense layer: how it starts, what it shows, what it refuses."""

import numpy as np
import pytest

import regkit as rk


def first_layer(n_inputs, n_neurons, seed=0, dtype="float64", **options):
    dense = rk.Dense(n_inputs, n_neurons, **options)
    rk.Model([dense], rk.MeanSquaredError(), seed=seed, dtype=dtype)
    return dense


@pytest.mark.parametrize(
    ("init", "scale"),
    [("normal", 0.01), ("he", np.sqrt(2 / 300)), ("glorot", np.sqrt(2 / 500))],
)
def test_weights_start_at_scaled_normal_numbers_and_biases_at_zero(init, scale):
    dense = first_layer(300, 200, init=init)
    # 60,000 draws: the standard deviation is known to 0.3 %, the mean to 0.4 % of it.
    assert dense.weights.std() == pytest.approx(scale, rel=0.02)
    assert abs(dense.weights.mean()) < 0.02 * scale
    assert 4 * scale < np.abs(dense.weights).max() < 6 * scale
    assert not dense.biases.any()


def test_the_start_depends_on_the_seed_and_not_on_the_dtype():
    weights = first_layer(3, 4, seed=1).weights
    assert not np.array_equal(weights, first_layer(3, 4, seed=2).weights)
    single = first_layer(3, 4, seed=1, dtype="float32").weights
    assert np.array_equal(single, weights.astype(np.float32))


def test_parameters_have_the_books_shapes_and_are_set_through_params():
    dense = first_layer(3, 4)
    assert {name: array.shape for name, array in dense.params.items()} == {
        "weights": (3, 4),
        "biases": (1, 4),
    }
    dense.params["weights"][...] = np.arange(12).reshape(3, 4)
    dense.params["biases"][...] = 5
    assert np.array_equal(dense.weights, np.arange(12).reshape(3, 4))
    assert (dense.biases == 5).all()
    with pytest.raises(TypeError):
        dense.params["weights"] = np.zeros((3, 4))


def test_gradients_are_there_to_look_at_after_a_backward_pass():
    dense = rk.Dense(1, 1)
    model = rk.Model([dense], rk.MeanSquaredError(), dtype="float64")
    model.parameters[...] = 2.0, 1.0
    next(rk.training.steps(model, [[3.0]], [4.0], optimizer=rk.SGD(1.0), epochs=1))
    # error = 2·3 + 1 − 4 = 3, loss = error²
    assert dense.dweights == 2 * 3 * 3
    assert dense.dbiases == 2 * 3
    assert dense.grads["weights"] == dense.dweights
    with pytest.raises(ValueError, match="read-only"):
        dense.grads["weights"][...] = 0


@pytest.mark.parametrize("sizes", [(0, 3), (3, 0), (-1, 3), (2.0, 3), ("2", 3), (True, 3)])
def test_sizes_must_be_positive_integers(sizes):
    with pytest.raises(rk.errors.InputError, match=r"must be an integer at least 1, got"):
        rk.Dense(*sizes)


@pytest.mark.parametrize("key", ["weight_l1", "weight_l2", "bias_l1", "bias_l2"])
@pytest.mark.parametrize("strength", [-0.1, float("nan"), float("inf"), "much", None])
def test_strengths_must_be_finite_and_not_negative(key, strength):
    with pytest.raises(rk.errors.InputError, match=f"{key} must be finite and at least 0"):
        rk.Dense(2, 3, **{key: strength})


def test_an_unknown_start_is_refused():
    with pytest.raises(rk.errors.InputError, match="init must be 'normal', 'he' or 'glorot'"):
        rk.Dense(2, 3, init="xavier")
