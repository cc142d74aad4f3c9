"""Evaluations in detail, held against scikit-learn's metrics.

Covers: regkit/cli/evaluation_text.py
"""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_runs import made_run
from sklearn import metrics

import regkit as rk
from regkit.cli.evaluation_text import evaluation_text
from regkit.data import Preparation
from regkit.data.input_column import InputColumn
from regkit.runs.evaluation import detailed_evaluation

SIZES = st.integers(2, 5)


def classifier(classes, inputs):
    """A linear model whose outputs are its inputs."""
    model = rk.Model([rk.Dense(inputs, classes)], rk.SoftmaxCrossEntropy(), dtype="float64")
    model.layers[0].weights[...] = np.eye(inputs, classes)
    labels = tuple(f"class {number}" for number in range(classes))
    columns = tuple(InputColumn(f"x{number}") for number in range(inputs))
    return model, Preparation("classification", "y", labels, columns)


@given(SIZES, st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_classes_in_detail_are_scikit_learns(classes, rows, seed):
    rng = np.random.default_rng(seed)
    # Few distinct outputs, so that probabilities tie.
    X = rng.integers(0, 3, (rows, classes)).astype(float)
    y = rng.integers(0, classes, rows)
    model, preparation = classifier(classes, classes)
    found = detailed_evaluation(model, preparation, X, y)
    predicted = model.predict(X)
    labels = np.arange(classes)
    assert found.accuracy == metrics.accuracy_score(y, predicted)
    np.testing.assert_array_equal(
        found.report.confusion, metrics.confusion_matrix(y, predicted, labels=labels)
    )
    wanted = metrics.precision_recall_fscore_support(
        y, predicted, labels=labels, zero_division=np.nan
    )
    per_class = found.report.per_class
    for name, values in zip(("precision", "recall", "f1", "support"), wanted, strict=True):
        got = [getattr(one, name) for one in per_class]
        np.testing.assert_allclose(got, values, equal_nan=True, rtol=1e-12)
    if classes == 2 and len(set(y.tolist())) == 2:
        probabilities = model.predict_proba(X)[:, 1]
        assert found.report.auc == pytest.approx(metrics.roc_auc_score(y, probabilities))
    else:
        assert found.report.auc is None
    assert json.loads(json.dumps(found.as_dict(), allow_nan=False))["accuracy"] == found.accuracy


def test_regression_is_measured_in_the_targets_units():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((30, 2)), 250_000 + 1_000 * rng.standard_normal(30)
    model = rk.Model([rk.Dense(2, 1)], rk.MeanSquaredError(), dtype="float64")
    columns = (InputColumn("a"), InputColumn("b"))
    preparation = Preparation("regression", "y", (), columns, y.mean(), y.std())
    scaled = (y - y.mean()) / y.std()
    found = detailed_evaluation(model, preparation, X, scaled)
    predicted = preparation.answers(model.predict(X))
    assert found.rmse == pytest.approx(metrics.root_mean_squared_error(y, predicted))
    assert found.r2 == pytest.approx(metrics.r2_score(y, predicted))
    assert found.report is None
    assert list(found.as_dict()) == ["r2", "loss", "rmse"]
    text = evaluation_text("test", found, "the last weights")
    assert text == f"test: {found} (the last weights)"
    assert f"rmse {found.rmse:.4g}" in text


def shown(classes, y, X=None):
    model, preparation = classifier(classes, classes)
    X = np.eye(classes)[y] if X is None else X
    found = detailed_evaluation(model, preparation, X, np.asarray(y))
    return evaluation_text("validation", found, "the best weights").splitlines()


def test_the_text_shows_the_matrix_and_who_is_who():
    lines = shown(2, [0, 0, 0, 1, 1], np.eye(2)[[0, 0, 1, 1, 1]])
    assert lines[0].startswith("validation: accuracy 0.800, loss ")
    assert lines[1] == "area under the ROC curve of 'class 1': 0.833"
    assert lines[3:6] == [
        "  class    precision  recall     F1  rows",
        "  class 0      1.000   0.667  0.800     3",
        "  class 1      0.667   1.000  0.800     2",
    ]
    assert lines[7:] == [
        "true class by row, predicted class by column:",
        "           class 0  class 1",
        "  class 0        2        1",
        "  class 1        0        2",
    ]


def test_many_classes_show_their_most_frequent_confusions():
    y = list(range(20)) * 2
    X = np.eye(20)[[*range(20), *([7] * 20)]]
    lines = shown(20, y, X)
    start = lines.index("most frequent confusions (true class, predicted class, rows):")
    assert len(lines) - start == 14
    assert lines[start + 2].split() == ["class", "0", "class", "7", "1"]
    assert max(map(len, lines)) <= 80


def test_a_class_that_never_occurs_has_no_recall():
    line = next(one for one in shown(3, [0, 1]) if one.startswith("  class 2"))
    assert line.split()[2:] == ["-", "-", "-", "0"]


def test_evaluate_prints_all_of_it_and_names_the_weights(regkit, workplace):
    made_run(workplace / "run", epochs=6)
    text = regkit("evaluate", "run").out
    assert "(the best weights (lowest validation loss), after 6 epochs)" in text
    assert "true class by row, predicted class by column:" in text
    found = json.loads(regkit("evaluate", "run", "--weights", "last", "--json").out)
    assert (found["weights"], found["epoch"]) == ("last.safetensors", 6)
    assert np.sum(found["confusion"]) == sum(one["support"] for one in found["per_class"])
    assert found["classes"] == [0, 1, 2]
    assert regkit("evaluate", "run", "--weights", "last").out.startswith("validation: accuracy ")
