"""Text and bools as class labels: learned once, given back, and compared by what they say."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import regkit as rk

LABELS = ["red", "blue", "green"] * 10
X = np.random.default_rng(0).standard_normal((30, 2))


def network(n_outputs=3, loss=rk.SoftmaxCrossEntropy):
    return rk.Model([rk.Dense(2, n_outputs, init="he")], loss())


@pytest.mark.parametrize(
    "y",
    [
        LABELS,
        np.array(LABELS),
        np.array(LABELS)[:, np.newaxis],
        np.array(LABELS, object),
        np.array(LABELS, bytes),
        pd.Series(LABELS),
        pd.Categorical(LABELS),
    ],
)
def test_text_in_any_form_is_learned_in_scikit_learns_order(y):
    model = network()
    rk.train(model, X, y, optimizer=rk.Adam(0.1), epochs=20, validation=(X, y))
    peer = LogisticRegression().fit(X, LABELS)
    assert list(model.classes) == peer.classes_.tolist()
    predicted = model.predict(X)
    assert set(predicted) <= set(LABELS)
    assert model.score(X, y) == np.mean(predicted == np.array(LABELS))
    top = model.predict_proba(X).argmax(axis=1)
    assert predicted.tolist() == [model.classes[one] for one in top]


def test_training_with_labels_is_training_with_their_numbers():
    by_label, by_number = network(), network()
    numbers = np.unique(LABELS, return_inverse=True)[1]
    for model, y in ((by_label, LABELS), (by_number, numbers)):
        rk.train(model, X, y, optimizer=rk.SGD(0.5), epochs=5)
    assert np.array_equal(by_label.parameters, by_number.parameters)
    assert by_number.classes is None


@pytest.mark.parametrize(("n_outputs", "loss"), [(1, rk.BinaryCrossEntropy), (2, None)])
def test_two_labels_may_be_bools_or_text(n_outputs, loss):
    is_right = X[:, 0] > 0
    for y, classes in ((is_right, (False, True)), (np.where(is_right, "y", "n"), ("n", "y"))):
        model = network(n_outputs, loss or rk.SoftmaxCrossEntropy)
        rk.train(model, X, y, optimizer=rk.Adam(0.3), epochs=100)
        assert model.classes == classes
        assert model.score(X, y) == np.mean(model.predict(X) == y) > 0.9


def test_bools_are_numbers_to_a_regression_and_in_one_hot_rows():
    regression = network(1, rk.MeanSquaredError)
    regression.learn_classes(X[:, 0] > 0)
    classifier = network()
    classifier.learn_classes(np.eye(3, dtype=bool)[[0, 1, 2]])
    assert regression.classes is classifier.classes is None


def test_copies_keep_the_classes():
    model = network()
    model.learn_classes(LABELS)
    copies = [copy.copy(model), pickle.loads(pickle.dumps(model)), model.astype("float64")]
    assert {one.classes for one in copies} == {("blue", "green", "red")}


def test_classes_are_learned_once():
    model = network()
    model.learn_classes(LABELS)
    rk.train(model, X[:2], ["red", "blue"], optimizer=rk.SGD(0.1), epochs=1)
    assert model.classes == ("blue", "green", "red")
    one_hot = np.eye(3)[[0, 1, 2]]
    assert model.evaluate(X[:3], one_hot) == model.evaluate(X[:3], ["blue", "green", "red"])


@pytest.mark.parametrize(
    ("y", "complaint"),
    [
        (["a", "b"], r"y holds 2 distinct labels \('a', 'b'\), but the model tells 3 classes"),
        (list("abcdefgh"), "y holds 8 distinct labels .* and 3 more"),
        (["a", "b", None], "y must hold labels of one type, but after 'a' row 2 holds None"),
        (["a", "b", np.nan], "after 'a' row 2 holds nan"),
        ([None, "a", "b"], "y must hold numbers or text, got None in row 0"),
        ([["a", "b"]], r"y has shape \(1, 2\): labels must have shape"),
        ([True, False], "y holds 2 distinct labels"),
    ],
)
def test_labels_that_are_no_classes_of_the_model_are_refused(y, complaint):
    with pytest.raises(rk.errors.InputError, match=complaint):
        network().learn_classes(y)


@pytest.mark.parametrize("unknown", ["violet", 0])
def test_a_label_that_was_not_learned_is_named(unknown):
    model = network()
    model.learn_classes(LABELS)
    with pytest.raises(rk.errors.InputError, match=f"y holds {unknown!r}, which is none of"):
        model.score(X[:2], [unknown, unknown])


def test_labels_before_training_and_for_numbers_are_refused():
    with pytest.raises(rk.errors.InputError, match="the model knows none yet"):
        network().score(X, LABELS)
    with pytest.raises(rk.errors.InputError, match="y must hold numbers for MeanSquaredError"):
        rk.train(network(1, rk.MeanSquaredError), X, LABELS, optimizer=rk.SGD(0.1), epochs=1)
    with pytest.raises(rk.errors.InputError, match="y must hold numbers for BinaryCrossEntropy"):
        network(2, rk.BinaryCrossEntropy).learn_classes(["a", "b"])
