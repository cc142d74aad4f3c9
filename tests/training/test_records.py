"""What a record says, when there is one, and what state it describes.

Covers: regkit/training/loop.py, regkit/training/objective.py, regkit/training/steps.py
"""

import numpy as np
import pytest

import regkit as rk


@pytest.fixture
def data():
    return rk.datasets.spiral(samples=10, classes=3)


@pytest.fixture
def model():
    return rk.Model([rk.Dense(2, 6), rk.ReLU(), rk.Dense(6, 3)], rk.SoftmaxCrossEntropy())


@pytest.mark.parametrize(
    ("epochs", "log_every", "recorded"),
    [
        (0, 1, []),
        (1, 1, [0]),
        (1, 10, [0]),
        (3, 1, [0, 1, 2]),
        (10, 3, [0, 3, 6, 9]),
        (11, 3, [0, 3, 6, 9, 10]),
        (5, 100, [0, 4]),
    ],
)
def test_the_first_every_nth_and_the_last_epoch_are_recorded(
    data, model, epochs, log_every, recorded
):
    history = rk.train(model, *data, optimizer=rk.SGD(0.1), epochs=epochs, log_every=log_every)
    assert [record.epoch for record in history] == recorded


def test_a_record_describes_the_model_before_its_epochs_update(data, model):
    regularizers = ["l2=0.1@dense1", "l1=0.01"]
    held_out = rk.datasets.spiral(samples=5, classes=3, seed=1)
    records = rk.training.steps(
        model,
        *data,
        optimizer=rk.SGD(0.5, decay=0.5),
        regularizers=regularizers,
        epochs=4,
        validation=held_out,
    )
    previous = None
    for record in records:
        # While the record is looked at, the model is as the record says, and not updated yet.
        stands = rk.training.objective(model, *data, regularizers=regularizers)
        assert record.data_loss == pytest.approx(stands.data_loss, rel=1e-6)
        assert record.accuracy == stands.accuracy
        assert record.layers == stands.layers
        assert record.loss == pytest.approx(stands.loss, rel=1e-6)
        assert record.validation == model.evaluate(*held_out)
        assert record.lr == 0.5 / (1 + 0.5 * record.epoch)
        assert record.r2 is None
        assert previous is None or not np.array_equal(previous, model.parameters)
        previous = model.parameters.copy()
    assert record.epoch == 3
    assert not np.array_equal(previous, model.parameters)


def test_the_first_record_of_the_chapters_job_is_known_beforehand():
    X, y = rk.datasets.spiral(samples=100, classes=3)
    model = rk.Model([rk.Dense(2, 64), rk.ReLU(), rk.Dense(64, 3)], rk.SoftmaxCrossEntropy())
    (record,) = rk.train(
        model, X, y, optimizer=rk.Adam(0.05), regularizers=["l2=5e-4@dense1"], epochs=1
    )
    assert record.data_loss == pytest.approx(np.log(3), abs=1e-4)
    # 128 weights of variance 1e-4: 6.4e-6, give or take three times 0.8e-6.
    assert record.penalty == pytest.approx(6.4e-6, abs=2.4e-6)


def test_iterating_no_further_leaves_the_model_where_the_record_is(data, model):
    records = rk.training.steps(model, *data, optimizer=rk.SGD(0.1), epochs=10)
    for record in records:
        if record.epoch == 3:
            break
    standing = model.parameters.copy()
    records.close()
    assert np.array_equal(model.parameters, standing)


def test_looking_changes_nothing(data):
    def parameters(log_every, validation):
        model = rk.Model(
            [rk.Dense(2, 6), rk.Dropout(0.5), rk.Dense(6, 3)], rk.SoftmaxCrossEntropy()
        )
        rk.train(
            model,
            *data,
            optimizer=rk.Adam(0.1),
            regularizers=["elastic_net=0.1"],
            epochs=7,
            batch_size=8,
            log_every=log_every,
            validation=validation,
        )
        return model.parameters

    assert np.array_equal(parameters(1, data), parameters(100, None))


def test_penalties_are_told_apart_by_label_and_by_layer(data, model):
    regularizers = [
        "l2=0.5@dense1",
        "l1=0.1",
        "l1=0.2",
        rk.ElasticNet(0.3, on=["biases", "dense2"]),
    ]
    (record,) = rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=regularizers, epochs=1)
    weak, strong = "l1(strength=0.1)", "l1(strength=0.2)"
    assert list(record.penalties) == ["l2@dense1", weak, strong, "elastic_net@biases+dense2"]
    assert {label: list(by_layer) for label, by_layer in record.layers.items()} == {
        "l2@dense1": ["dense1"],
        weak: ["dense1", "dense2"],
        strong: ["dense1", "dense2"],
        "elastic_net@biases+dense2": ["dense1", "dense2"],
    }
    for label, by_layer in record.layers.items():
        assert record.penalties[label] == pytest.approx(sum(by_layer.values()), rel=1e-15)
    assert record.penalties[strong] == pytest.approx(2 * record.penalties[weak])
    assert record.penalty == pytest.approx(sum(record.penalties.values()), rel=1e-15)
    assert record.loss == record.data_loss + record.penalty


def test_strengths_on_dense_have_labels_of_their_own_and_come_first(data):
    layers = [rk.Dense(2, 6, weight_l2=0.1, bias_l1=0.1), rk.ReLU(), rk.Dense(6, 3, weight_l1=0.1)]
    model = rk.Model(layers, rk.SoftmaxCrossEntropy())
    (record,) = rk.train(model, *data, optimizer=rk.SGD(0.1), regularizers=["l2=0.1"], epochs=1)
    assert list(record.penalties) == [
        "l1@dense1.biases",
        "l2@dense1.weights",
        "l1@dense2.weights",
        "l2",
    ]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"epochs": -1}, "epochs must be an integer at least 0, got -1"),
        ({"epochs": 1.5}, "epochs must be an integer"),
        ({"log_every": 0}, "log_every must be an integer at least 1, got 0"),
        ({"seed": -1}, "seed must be an integer"),
        ({"optimizer": "adam"}, "optimizer must be an optimizer"),
        ({"optimizer": rk.Adam}, "optimizer must be an optimizer"),
        ({"regularizers": "l2=0.1"}, r"regularizers must be a list, such as \['l2=0.1'\]"),
        ({"validation": ([[1.0]], [0])}, r"X has shape \(1, 1\)"),
        ({"X": np.empty((0, 2)), "y": []}, "no rows to train on"),
        ({"y": [0, 1]}, "X has 30 rows, but y has 2"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_anything_happens(
    data, model, arguments, complaint
):
    before = model.parameters.copy()
    given = {"X": data[0], "y": data[1], "optimizer": rk.SGD(0.1), "epochs": 1} | arguments
    with pytest.raises(rk.errors.InputError, match=complaint):
        rk.training.steps(model, given.pop("X"), given.pop("y"), **given)
    assert np.array_equal(model.parameters, before)


def test_one_class_only_can_be_trained_by_the_library(model):
    history = rk.train(model, [[0.0, 1.0], [1.0, 0.0]], [2, 2], optimizer=rk.SGD(0.1), epochs=5)
    assert history[-1].data_loss < history[0].data_loss
