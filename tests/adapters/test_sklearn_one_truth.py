"""An estimator trains as `regkit.train` does, to the last bit.

Covers: regkit/sklearn/epochs.py
"""

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_classification

import regkit as rk
from regkit.sklearn import RegularizedMLPClassifier, RegularizedMLPRegressor
from regkit.sklearn.held_out import split
from regkit.sklearn.rows import Rows

REGULARIZERS = ["l2=1e-3@dense1", "l1=1e-3,mode=prox,schedule=ramp:0:5@dense2.weights"]
EPOCHS = 12


def classes():
    X, y = make_classification(
        120, 6, n_informative=4, n_classes=3, n_clusters_per_class=1, random_state=0
    )
    return X, y


def numbers(targets=1):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 5))
    y = np.tanh(X @ rng.normal(size=(5, targets))) + 0.1 * rng.normal(size=(80, targets))
    return X, y[:, 0] if targets == 1 else y


def model_of(n_inputs, n_outputs, loss, seed=3, dtype="float64", dropout=0.0):
    layers = [rk.Dense(n_inputs, 8, init="glorot"), rk.Tanh()]
    if dropout:
        layers.append(rk.Dropout(dropout))
    layers.append(rk.Dense(8, n_outputs, init="glorot"))
    return rk.Model(layers, loss, seed=seed, dtype=dtype)


def classifier(**settings):
    given = {"epochs": EPOCHS, "regularizers": REGULARIZERS, "random_state": 3} | settings
    return RegularizedMLPClassifier((8,), activation="tanh", **given)


def same(estimator, model):
    np.testing.assert_array_equal(estimator.model_.parameters, model.parameters)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [None, 32])
@pytest.mark.parametrize("dropout", [0.0, 0.25])
def test_a_classifier_has_the_parameters_of_regkits_trainer(dtype, batch_size, dropout):
    X, y = classes()
    estimator = classifier(dtype=dtype, batch_size=batch_size, dropout=dropout).fit(X, y)
    model = model_of(6, 3, rk.SoftmaxCrossEntropy(), dtype=dtype, dropout=dropout)
    history = rk.train(
        model,
        X,
        y,
        optimizer=rk.Adam(0.01),
        regularizers=REGULARIZERS,
        epochs=EPOCHS,
        batch_size=batch_size,
        seed=3,
    )
    same(estimator, model)
    assert estimator.loss_curve_ == [record.loss for record in history]
    assert estimator.n_iter_ == EPOCHS
    np.testing.assert_array_equal(estimator.predict_proba(X), model.predict_proba(X))
    np.testing.assert_array_equal(estimator.predict(X), model.predict(X))
    assert estimator.score(X, y) == model.score(X, y)


@pytest.mark.parametrize("targets", [1, 3])
def test_a_regressor_has_the_parameters_of_regkits_trainer(targets):
    X, y = numbers(targets)
    weights = np.linspace(0.1, 2, len(X))
    optimizer = rk.SGD(0.1, momentum=0.9)
    estimator = RegularizedMLPRegressor(
        (8,),
        REGULARIZERS,
        activation="tanh",
        optimizer=optimizer,
        lr_schedule="cosine:0:12",
        epochs=EPOCHS,
        random_state=3,
    ).fit(X, y, sample_weight=weights)
    model = model_of(5, targets, rk.MeanSquaredError())
    rk.train(
        model,
        X,
        y,
        optimizer=rk.SGD(0.1, momentum=0.9),
        regularizers=REGULARIZERS,
        epochs=EPOCHS,
        lr_schedule="cosine:0:12",
        sample_weight=weights,
    )
    same(estimator, model)
    np.testing.assert_array_equal(estimator.predict(X), model.predict(X))
    assert estimator.predict(X).shape == y.shape


def test_coefficients_are_those_of_the_model():
    X, y = classes()
    estimator = classifier().fit(X, y)
    dense1, _, dense2 = estimator.model_.layers
    np.testing.assert_array_equal(estimator.coefs_[0], dense1.weights)
    np.testing.assert_array_equal(estimator.coefs_[1], dense2.weights)
    assert [one.shape for one in estimator.intercepts_] == [(8,), (3,)]
    hidden = np.tanh(X @ estimator.coefs_[0] + estimator.intercepts_[0])
    outputs = hidden @ estimator.coefs_[1] + estimator.intercepts_[1]
    np.testing.assert_array_equal(outputs.argmax(axis=1), estimator.predict(X))
    assert estimator.zeros_ == {"dense1": 0.0, "dense2": np.mean(dense2.weights == 0)}


def test_early_stopping_is_that_of_regkits_trainer():
    X, y = numbers()
    estimator = RegularizedMLPRegressor(
        (8,),
        activation="tanh",
        lr=0.05,
        epochs=500,
        early_stopping=True,
        patience=10,
        validation_fraction=0.3,
        random_state=3,
    ).fit(X, y)
    history = estimator.history_
    kept, held_out = split(Rows(X, y), 0.3, 3, stratify=False)
    model = model_of(5, 1, rk.MeanSquaredError())
    expected = rk.train(
        model,
        kept.X,
        kept.y,
        optimizer=rk.Adam(0.05),
        epochs=500,
        validation=(held_out.X, held_out.y),
        patience=10,
        restore_best=True,
        seed=3,
    )
    same(estimator, model)
    assert history.stopped == expected.stopped < 499
    assert history.best_epoch == expected.best_epoch < history.stopped
    assert list(history) == list(expected)
    assert estimator.n_iter_ == history.stopped + 1
    found = estimator.model_.evaluate(held_out.X, held_out.y).data_loss
    assert found == min(record.validation.data_loss for record in history)


def test_early_stopping_without_patience_trains_on_and_keeps_the_best():
    X, y = numbers()
    settings = {"lr": 0.05, "epochs": 300, "early_stopping": True, "random_state": 0}
    stopped = RegularizedMLPRegressor(patience=3, **settings).fit(X, y)
    patient = RegularizedMLPRegressor(patience=None, **settings).fit(X, y)
    assert stopped.n_iter_ < patient.n_iter_ == 300
    assert patient.history_.stopped is None
    assert patient.history_.best_epoch >= stopped.history_.best_epoch


@pytest.mark.parametrize("batch_size", [None, 32])
def test_as_many_partial_fits_as_epochs_are_a_fit(batch_size):
    X, y = classes()
    settings = {"batch_size": batch_size, "dropout": 0.25, "lr_schedule": "cosine:0:12"}
    fitted = classifier(**settings).fit(X, y)
    partial = classifier(**settings)
    for epoch in range(EPOCHS):
        partial.partial_fit(X, y, classes=[0, 1, 2])
        assert partial.n_iter_ == epoch + 1
    same(partial, fitted.model_)
    assert list(partial.history_) == list(fitted.history_)


def test_partial_fit_continues_after_a_fit_and_after_a_file(tmp_path):
    X, y = classes()
    whole = classifier(batch_size=32, dropout=0.25).fit(X, y)
    half = classifier(batch_size=32, dropout=0.25, epochs=EPOCHS - 4).fit(X, y)
    for _ in range(4):
        joblib.dump(half, tmp_path / "half.joblib")
        half = joblib.load(tmp_path / "half.joblib").partial_fit(X, y)
    same(half, whole.model_)
    assert half.loss_curve_ == whole.loss_curve_


def test_partial_fit_of_parts_trains_on_each_part():
    X, y = numbers()
    estimator = RegularizedMLPRegressor((8,), activation="tanh", epochs=2, random_state=3)
    model, optimizer = model_of(5, 1, rk.MeanSquaredError()), rk.Adam(0.01)
    for rows in (slice(0, 50), slice(50, 80)):
        estimator.partial_fit(X[rows], y[rows])
        rk.train(model, X[rows], y[rows], optimizer=optimizer, epochs=1)
    same(estimator, model)


def test_partial_fit_takes_changed_regularizers():
    X, y = numbers()
    estimator = RegularizedMLPRegressor((8,), epochs=4, random_state=0)
    for _ in range(3):
        estimator.partial_fit(X, y)
    assert estimator.history_[-1].penalty == 0
    estimator.set_params(regularizers=["l2=0.1"]).partial_fit(X, y)
    assert estimator.history_[-1].penalty > 0


def test_a_warm_start_begins_where_the_last_fit_ended():
    X, y = classes()
    estimator = classifier(warm_start=True).fit(X, y)
    model = model_of(6, 3, rk.SoftmaxCrossEntropy())
    model.parameters[...] = estimator.model_.parameters
    estimator.set_params(regularizers=["l2=0.01"], lr=0.005, random_state=5).fit(X, y)
    rk.train(model, X, y, optimizer=rk.Adam(0.005), regularizers=["l2=0.01"], epochs=EPOCHS, seed=5)
    same(estimator, model)
    assert estimator.n_iter_ == EPOCHS


def test_without_a_warm_start_a_second_fit_is_a_first_one():
    X, y = classes()
    estimator = classifier().fit(X, y)
    first = estimator.model_.parameters.copy()
    estimator.fit(X, y)
    np.testing.assert_array_equal(estimator.model_.parameters, first)


def test_a_fit_changes_no_parameter_of_the_estimator():
    X, y = classes()
    penalty, optimizer = rk.L2(1e-3), rk.SGD(0.1, momentum=0.9)
    estimator = classifier(regularizers=[penalty, "l1=1e-4"], optimizer=optimizer)
    before = {name: repr(value) for name, value in estimator.get_params().items()}
    estimator.fit(X, y).partial_fit(X, y)
    assert {name: repr(value) for name, value in estimator.get_params().items()} == before
    assert estimator.regularizers[0] is penalty
    assert not optimizer.moments
    assert estimator.optimizer_ is not optimizer


def test_random_states():
    X, y = classes()
    drawn = [classifier(random_state=None).fit(X, y).model_.seed for _ in range(2)]
    assert drawn[0] != drawn[1]
    generator = np.random.RandomState(7)
    of_generator = [classifier(random_state=generator).fit(X, y).model_.seed for _ in range(2)]
    assert of_generator[0] != of_generator[1]
    again = classifier(random_state=np.random.RandomState(7)).fit(X, y)
    assert again.model_.seed == of_generator[0]
    assert classifier(random_state=np.int64(9)).fit(X, y).model_.seed == 9


def test_a_clone_trains_alike():
    X, y = classes()
    estimator = classifier(regularizers=[rk.L2(1e-3)], optimizer=rk.RMSProp(0.01)).fit(X, y)
    again = clone(estimator)
    assert not hasattr(again, "model_")
    same(again.fit(X, y), estimator.model_)
