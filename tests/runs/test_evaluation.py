"""Evaluations in detail, held against scikit-learn's metrics.

Covers: regkit/cli/evaluation_text.py
"""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_runs import made_run
from sklearn import metrics

import regkit as rk
from regkit.cli.evaluation_text import evaluation_text
from regkit.cli.rows import cells
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
    y = list(range(40)) * 2
    X = np.eye(40)[[*range(40), *([7] * 40)]]
    lines = shown(40, y, X)
    start = lines.index("most frequent confusions (true class, predicted class, rows):")
    assert len(lines) - start == 14
    assert lines[start + 2].split() == ["class", "0", "class", "7", "1"]


def test_of_many_classes_those_with_the_lowest_f1_show():
    y = list(range(40))
    predicted = [*range(39), 0]
    lines = shown(40, y, np.eye(40)[predicted])
    assert lines[2] == "the 20 classes of 40 with the lowest F1 (--json has all):"
    shown_classes = [line.split()[1] for line in lines[4:24]]
    assert shown_classes[:2] == ["39", "0"]
    assert lines[24] == ""


LABELS = {
    "long": [f"a very long name of a class, number {number}" for number in range(10)],
    "wide": ["数字" * 20 + str(number) for number in range(10)],
    "of control characters": [f"\x1b[31m\n{number}" * 3 for number in range(10)],
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_tables_fit_80_columns_whatever_the_labels(labels, classes):
    model, preparation = classifier(classes, classes)
    named = replace(preparation, classes=tuple(labels[:classes]))
    y = np.repeat(np.arange(classes), 1000)
    found = detailed_evaluation(model, named, np.eye(classes)[y], y)
    head, *lines = evaluation_text("validation", found, "the best weights").splitlines()
    assert head.startswith("validation: accuracy 1.000")
    assert max(map(cells, lines)) <= 80
    assert all(line.isprintable() for line in lines)
    assert "true class by row, predicted class by column:" in lines
    matrix = [line.split()[-classes:] for line in lines[-classes:]]
    assert np.array_equal(np.array(matrix, dtype=int), 1000 * np.eye(classes))
    # What tells the labels apart is their end, and shows.
    rows = {line.split("  ")[1] for line in lines[-classes:]}
    assert len(rows) == classes


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
