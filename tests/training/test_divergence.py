"""A run that is no longer finite stops at once, and says when and why."""

import numpy as np
import pytest
from penalty_kinds import Squares, Together, changed

import regkit as rk

X = np.random.default_rng(0).standard_normal((20, 3))
Y = X @ [1.0, 2.0, 3.0] + 0.5


def diverged(lr, regularizers=(), dtype="float32", epochs=5000, **options):
    """The error of a run on a linear model."""
    model = rk.Model([rk.Dense(3, 1)], rk.MeanSquaredError(), dtype=dtype)
    run = rk.training.steps(
        model, X, Y, optimizer=rk.SGD(lr), regularizers=regularizers, epochs=epochs, **options
    )
    records = []
    with pytest.raises(rk.errors.DivergenceError) as caught:
        records.extend(run)
    error = caught.value
    assert error.exit_code == 3
    assert str(error).startswith(f"training diverged at epoch {error.epoch}: {error.term} was")
    return error, records


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("lr", [1.5, 5.0, 1e6, 1e30])
def test_a_huge_learning_rate_is_the_data_losss_affair(lr, dtype):
    error, records = diverged(lr, dtype=dtype)
    assert error.term == "data loss"
    assert "lower the learning rate" in str(error)
    assert error.epoch == len(records)
    assert all(np.isfinite(record.loss) for record in records)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "spec", ["l2=100", "l2=1e4@dense1.weights", "elastic_net=300,l1_ratio=0.1"]
)
def test_a_too_large_strength_is_the_regularizers_affair(spec, dtype):
    error, records = diverged(0.05, ["l1=0.001@biases", spec], dtype)
    assert error.term == spec.split("=")[0] + spec[spec.find("@") :] * ("@" in spec)
    assert "lower its strength or the learning rate" in str(error)
    assert all(np.isfinite(record.loss) for record in records)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("regularizer", "label"),
    [
        ("l2=100,mode=decoupled", "l2"),
        ("elastic_net=300,l1_ratio=0.1,mode=decoupled@dense1", "elastic_net@dense1"),
        (Together(100, label="sum"), "sum"),
        (Together(100, mode="decoupled", label="sum"), "sum"),
    ],
)
def test_so_it_is_in_mode_decoupled_and_for_the_whole_model(regularizer, label, dtype):
    error, records = diverged(0.05, ["l1=0.001@biases", regularizer], dtype)
    assert error.term == label
    assert "lower its strength or the learning rate" in str(error)
    assert all(np.isfinite(record.loss) for record in records)


def test_a_decoupled_penalty_diverges_under_an_adaptive_optimizer_too():
    """Its step is lr · gradient there as well, whatever the optimizer divides by."""
    model = rk.Model([rk.Dense(3, 1)], rk.MeanSquaredError())
    with pytest.raises(rk.errors.DivergenceError) as caught:
        rk.train(
            model,
            X,
            Y,
            optimizer=rk.Adam(0.05),
            regularizers=["l2=100,mode=decoupled"],
            epochs=5000,
        )
    assert caught.value.term == "l2"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "spec",
    [
        "l2=0.001",
        "l1=0.1",
        "l1=0.1,mode=prox",
        "l2=0.001,mode=prox",
        "l2=0.001,mode=decoupled",
        "l1=0.1,mode=decoupled",
    ],
)
def test_a_regularizer_that_does_not_overshoot_is_not_to_blame(spec, dtype):
    error, _ = diverged(5.0, [spec], dtype)
    assert error.term == "data loss"


def test_a_run_stops_at_once_between_records_and_between_batches():
    often, _ = diverged(5.0, batch_size=6, log_every=1)
    seldom, records = diverged(5.0, batch_size=6, log_every=1000)
    assert seldom.epoch == often.epoch
    assert [record.epoch for record in records] == [0]


def test_the_last_update_is_looked_at_too():
    error, records = diverged(1e38, epochs=1)
    assert len(records) == 1
    assert error.epoch == 0


@pytest.mark.parametrize("lr", [1e-3, 10.0])
def test_a_gradient_that_is_infinite_at_once_is_the_data_losss_affair(lr):
    model = rk.Model([rk.Dense(3, 1)], rk.MeanSquaredError())
    with pytest.raises(rk.errors.DivergenceError) as caught:
        rk.train(
            model,
            1e25 * X,
            Y,
            optimizer=rk.SGD(lr),
            regularizers=["l2=0.1@*", "l1=0.1@*"],
            epochs=1,
        )
    assert (caught.value.term, caught.value.epoch) == ("data loss", 0)


def test_a_run_that_is_finite_but_large_goes_on():
    model = rk.Model([rk.Dense(3, 1)], rk.MeanSquaredError())
    model.parameters[...] = 1e25  # The gradient's square is beyond float32.
    history = rk.train(model, X, Y, optimizer=rk.SGD(0.1), regularizers=["l2=0.1"], epochs=5)
    assert history[0].loss > 1e38
    assert history[-1].loss < history[0].loss


def test_an_adaptive_optimizer_diverges_by_its_own_rate_whatever_the_strength():
    model = rk.Model([rk.Dense(3, 1)], rk.MeanSquaredError())
    with pytest.raises(rk.errors.DivergenceError) as caught:
        rk.train(model, X, Y, optimizer=rk.Adam(1e38), regularizers=["l2=100"], epochs=10)
    assert caught.value.term == "data loss"


@pytest.mark.parametrize("mode", ["loss", "decoupled"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_so_is_that_of_the_whole_model(value, mode):
    class Broken(Together):
        prox = None

        def grad(self, params):
            return changed(params, lambda w, *_: np.full(w.shape, value))

    model = rk.Model([rk.Dense(3, 4), rk.Dense(4, 1)], rk.MeanSquaredError())
    before = model.parameters.copy()
    regularizers = ["l2=0.1", Broken(on="*", mode=mode, label="mine")]
    with pytest.raises(rk.errors.RegularizerError) as caught:
        rk.train(model, X, Y, optimizer=rk.Adam(), regularizers=regularizers, epochs=1)
    assert (caught.value.plugin, caught.value.layer) == ("mine", "model")
    assert "for layer dense1 returned values that are not finite for weights" in str(caught.value)
    assert np.array_equal(model.parameters, before)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_so_is_that_by_outputs(value):
    class Broken(Squares):
        def grad(self, outputs):
            return np.full_like(outputs, value)

    model = rk.Model([rk.Dense(3, 4), rk.Tanh(), rk.Dense(4, 1)], rk.MeanSquaredError())
    before = model.parameters.copy()
    regularizers = [Squares(0.1, on="*"), Broken(on="tanh1", label="mine")]
    with pytest.raises(rk.errors.RegularizerError) as caught:
        rk.train(model, X, Y, optimizer=rk.Adam(), regularizers=regularizers, epochs=1)
    assert (caught.value.plugin, caught.value.layer) == ("mine", "tanh1")
    assert "not finite for the outputs" in str(caught.value)
    assert np.array_equal(model.parameters, before)


def test_outputs_that_are_huge_are_the_data_losss_affair():
    model = rk.Model([rk.Dense(3, 4), rk.Dense(4, 1)], rk.MeanSquaredError())
    with pytest.raises(rk.errors.DivergenceError) as caught:
        rk.train(
            model,
            X,
            Y,
            optimizer=rk.SGD(1e6),
            regularizers=[Squares(1e-9, on="dense1")],
            epochs=100,
        )
    assert caught.value.term == "data loss"


def test_a_gradient_that_is_not_finite_at_sane_parameters_is_the_plugins_fault():
    class Broken(rk.L2):
        def grad(self, w):
            return np.full_like(w, np.inf)

        grad_into = prox = None

    class BrokenInPlace(rk.L2):
        def grad_into(self, w, scale, out):
            out += np.inf

    for cls, label in ((Broken, "broken"), (BrokenInPlace, "broken_in_place")):
        for mode in ("loss", "decoupled"):
            model = rk.Model([rk.Dense(3, 1)], rk.MeanSquaredError())
            before = model.parameters.copy()
            with pytest.raises(
                rk.errors.RegularizerError, match=rf"'{label}'.*not finite for weights at layer"
            ):
                rk.train(
                    model, X, Y, optimizer=rk.SGD(0.1), regularizers=[cls(mode=mode)], epochs=1
                )
            assert np.array_equal(model.parameters, before)
