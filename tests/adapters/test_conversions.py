"""`docs/conversions.md`: each row is tested, and what the tests of the rows read and train.

The tests of each library are in `test_conversions_….py` beside this file. They evaluate both cells
of a row as they stand on the page.
"""

import ast
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from page_parts import CODE, code_in, parts_of

import regkit as rk

HERE = Path(__file__).parent
PAGE = parts_of(HERE.parents[1] / "docs" / "conversions.md")
ROWS = {
    there: (here, where)
    for header, *rows in PAGE.tables
    if header[1:] == ["regkit", "where"]
    for there, here, where in rows
}
# Odd, since a subgradient at 0 that is not 0 comes back to 0 after every second step.
STEPS = 51


def evaluated(code, names):
    return eval(code, {"__builtins__": {}, "sqrt": math.sqrt, **names})


def setting(row, **names):
    """What the left cell makes, where these names mean these things."""
    return evaluated(code_in(row), names)


def converted(row, **names):
    """The regularizer of the middle cell, with λ and ρ by the right one."""
    here, where = ROWS[row]
    formulas = (code[2].split(" = ") for code in CODE.finditer(where))
    values = {symbol: evaluated(formula, names) for symbol, formula in formulas}
    return rk.regularizer(re.sub("[λρ]", lambda one: repr(float(values[one[0]])), code_in(here)))


def assert_converts(regularizer, ours, theirs, tolerance):
    """Training with the regularizer gives their numbers, and training with another does not.

    Args:
        regularizer: by the page.
        ours: from a regularizer, or None, to the trained numbers.
        theirs: the numbers of the other library.
        tolerance: the largest difference of numbers that are called equal.
    """
    assert_allclose(ours(regularizer), theirs, rtol=0, atol=tolerance)
    for other in (None, *neighbours(regularizer)):
        assert np.max(np.abs(ours(other) - theirs)) > 5 * tolerance, other


def neighbours(regularizer):
    """The same with one of its numbers 2 % smaller."""
    for name in ("radius",) if regularizer.constraint else ("strength", "l1_ratio"):
        if value := getattr(regularizer, name, 0):
            yield replace(regularizer, **{name: 0.98 * value})


def minimizer(X, y, loss, outputs=1):
    """Trains a linear model to its minimum: a regularizer in, its weights over its biases out."""
    with_ones = np.column_stack([X, np.ones(len(X))])
    curvature = np.linalg.eigvalsh(with_ones.T @ with_ones / len(X))[-1]
    curvature *= {"MeanSquaredError": 2 / outputs, "BinaryCrossEntropy": 1 / 4}.get(
        type(loss).__name__, 1 / 2
    )

    def minimized(regularizer):
        model = rk.Model([rk.Dense(X.shape[1], outputs)], loss, dtype="float64")
        given = [] if regularizer is None else [replace(regularizer, mode="prox")]
        optimizer = rk.SGD(1 / curvature, momentum=0.8)
        rk.train(model, X, y, optimizer=optimizer, regularizers=given, epochs=800, log_every=800)
        (dense,) = model.parameter_layers
        return np.vstack([dense.weights, dense.biases])

    return minimized


def table():
    """Inputs that are not standardized, and the outputs of a linear model with two of them."""
    rng = np.random.default_rng(0)
    X = 1 + rng.standard_normal((50, 4)) * [0.6, 0.8, 1.0, 1.2]
    truth = np.array([[1.5, 0.3], [-1.0, 0.2], [0.4, 0.05], [0.0, 0.0]])
    return X, X @ truth + 2 + 0.5 * rng.standard_normal((50, 2))


def rows_of_classes():
    """The inputs and the classes of a network's training."""
    rng = np.random.default_rng(1)
    X = rng.standard_normal((30, 4))
    # Nothing but a penalty acts on the weights that leave this input.
    X[:, 3] = 0
    return X, np.arange(30) % 3


def start():
    """The weights and biases of a network of 4, 5 and 3 neurons before its training."""
    rng = np.random.default_rng(2)
    return [rng.standard_normal(shape) for shape in ((4, 5), (1, 5), (5, 3), (1, 3))]


def stepped(make_optimizer, arrays):
    """Trains a network for `STEPS` steps: a regularizer in, all its parameters in a row out."""

    def trained(regularizer):
        layers = [rk.Dense(4, 5), rk.ReLU(), rk.Dense(5, 3)]
        model = rk.Model(layers, rk.SoftmaxCrossEntropy(), dtype="float64")
        ours = [array for layer in model.parameter_layers for array in layer.params.values()]
        for own, given in zip(ours, arrays, strict=True):
            own[...] = given
        given = [] if regularizer is None else [regularizer]
        optimizer = make_optimizer()
        rk.train(
            model,
            *rows_of_classes(),
            optimizer=optimizer,
            regularizers=given,
            epochs=STEPS,
            log_every=STEPS,
        )
        return in_a_row(ours)

    return trained


def in_a_row(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_named_by_a_test(row):
    files = HERE.glob("test_conversions_*.py")
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_bytes()))]
    assert row in [node.value for node in nodes if isinstance(node, ast.Constant)]


def test_the_page_has_a_table_for_each_library():
    libraries = [header[0] for header, *_ in PAGE.tables if header[1:] == ["regkit", "where"]]
    assert libraries == ["scikit-learn", "glmnet", "PyTorch", "Keras", "optax"]
    assert len(ROWS) == sum(len(rows) for header, *rows in PAGE.tables if "where" in header)
