import numpy as np
import pytest

from regkit.runs.config import Config
from regkit.runs.job import job
from regkit.runs.stationarity import Stationarity
from regkit.studies.paths.point import train_point

SETTINGS = {
    "data": "sklearn:diabetes",
    "hidden": (),
    "dtype": "float64",
    "optimizer": "sgd",
    "lr": 0.1,
    "reg": ("l1=0.1,mode=prox@dense1.weights",),
    "patience": 0,
}


def made(**settings):
    return job(Config(**SETTINGS | settings))


def trained(one, *, tolerance=1e-6, patience=0, min_delta=0.0):
    return train_point(one, tolerance=tolerance, patience=patience, min_delta=min_delta)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9])
def test_it_ends_when_it_is_stationary(tolerance):
    one = made(epochs=10_000)
    found = trained(one, tolerance=tolerance)
    assert found.converged
    assert found.distance <= tolerance
    assert found.epochs < 10_000
    assert found.epochs % 10 == 0
    assert Stationarity(one).distance() == found.distance
    # A point that is stationary already takes no epoch.
    assert trained(one, tolerance=tolerance).epochs == 0


@pytest.mark.parametrize("epochs", [0, 1, 7, 10, 25])
def test_what_is_not_stationary_after_all_epochs_has_not_converged(epochs):
    one = made(epochs=epochs)
    found = trained(one, tolerance=1e-12)
    assert (found.epochs, found.converged) == (epochs, False)
    assert found.distance == Stationarity(one).distance()


def test_it_is_a_plain_training_of_as_many_epochs():
    one, other = made(epochs=37), made(epochs=37)
    trained(one, tolerance=0.0)
    for _ in other.set_up().records():
        pass
    np.testing.assert_array_equal(one.model.parameters, other.model.parameters)


def test_patience_ends_it_by_validation_loss_plus_penalty_and_keeps_the_last_weights():
    one, other = made(epochs=2000), made(epochs=2000)
    found = trained(one, tolerance=0.0, patience=5, min_delta=1e-4)
    losses = []
    training = other.set_up()
    inputs, targets = other.data.validation

    def after_epoch():
        weights = other.model.parameter_layers[0].params["weights"]
        penalty = 0.1 * np.abs(weights).sum()
        losses.append(other.model.evaluate(inputs, targets).data_loss + penalty)
        if training.epoch == found.epochs:
            training.stop()

    training.after_epoch = after_epoch
    for _ in training.records():
        pass
    np.testing.assert_array_equal(one.model.parameters, other.model.parameters)
    best, at = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - 1e-4:
            best, at = loss, epoch
        elif epoch - at >= 5:
            break
    assert epoch == found.epochs < 2000
