"""A schedule of the learning rate equals a loop by hand."""

import numpy as np
import pytest

import regkit as rk
from regkit.errors import FieldError, InputError
from regkit.regularizers.schedule import Schedule

X, Y = rk.datasets.sine(20)
TEXT = "warmup:4~cosine:6:20~step:10:0.5"


def line():
    return rk.Model([rk.Dense(1, 1)], rk.MeanSquaredError(), dtype="float64", seed=3)


@pytest.mark.parametrize("given", [TEXT, Schedule(TEXT), lambda epoch: Schedule(TEXT)(epoch)])
def test_the_learning_rate_is_multiplied_by_the_factor(given):
    model, factors = line(), [Schedule(TEXT)(epoch) for epoch in range(25)]
    history = rk.train(
        model, X, Y, optimizer=rk.SGD(0.3, decay=0.1), epochs=25, lr_schedule=given, batch_size=10
    )
    # Two steps an epoch; a record holds the rate of the second.
    wanted = [0.3 * factor / (1 + 0.1 * (2 * e + 1)) for e, factor in enumerate(factors)]
    assert [record.lr for record in history] == pytest.approx(wanted, rel=1e-12)
    by_hand = line()
    layer = by_hand.layers[0]
    rng = np.random.default_rng(np.random.SeedSequence(0).spawn(2)[0])
    for epoch, factor in enumerate(factors):
        order = rng.permutation(20)
        for step, rows in enumerate((order[:10], order[10:])):
            lr = 0.3 * factor / (1 + 0.1 * (2 * epoch + step))
            error = X[rows] @ layer.weights + layer.biases - Y[rows]
            dweights, dbiases = X[rows].T @ error / 5, error.sum() / 5
            layer.weights[...] -= lr * dweights
            layer.biases[...] -= lr * dbiases
    np.testing.assert_allclose(model.parameters, by_hand.parameters, rtol=0, atol=1e-12)


def test_a_later_training_without_a_schedule_has_the_full_rate():
    model, optimizer = line(), rk.SGD(0.3)
    rk.train(model, X, Y, optimizer=optimizer, epochs=2, lr_schedule="until:1")
    (record,) = rk.train(model, X, Y, optimizer=optimizer, epochs=1)
    assert record.lr == 0.3


def test_a_step_that_a_prox_does_not_allow_is_found_before_training():
    model = rk.Model([rk.Dense(1, 1)], rk.MeanSquaredError())

    class Narrow(rk.L2):
        max_step = 0.5

    arguments = {"optimizer": rk.SGD(0.3), "regularizers": [Narrow(1.0, mode="prox")], "epochs": 9}
    rk.train(model, X, Y, **{**arguments, "optimizer": rk.SGD(0.3)})
    with pytest.raises(FieldError, match="defined up to"):
        rk.train(model, X, Y, **{**arguments, "optimizer": rk.SGD(0.3)}, lr_schedule="step:8:2")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("warm:3", "schedule 'warm:3': 'warm' is not known"),
        (3, "lr_schedule must be a schedule such as 'warmup:50'"),
        (lambda epoch: -1.0, r"lr_schedule\(0\) must be finite and at least 0, got -1.0"),
        (lambda epoch: "x", r"lr_schedule\(0\) must be finite"),
    ],
)
def test_what_is_no_schedule_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        rk.train(line(), X, Y, optimizer=rk.SGD(0.3), epochs=2, lr_schedule=given)
