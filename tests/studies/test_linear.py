import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LinearRegression
from table_jobs import set_weights, table_job

import regkit as rk
from regkit.runs.config import Config
from regkit.studies.linear import (
    MOST_MOMENTUM,
    chose_no_optimizer,
    constant_loss,
    curvature,
    is_linear,
    set_to_zero,
    with_suitable_optimizer,
)
from regkit.studies.stationarity import Stationarity


def regression(folder, sample_weight=None):
    X, y = load_diabetes(return_X_y=True)
    X = X / X.std(axis=0) * np.linspace(0.5, 2, 10) + 1
    return table_job(folder, X, y / 50, sample_weight)


def classification(folder, sample_weight=None):
    X, y = load_breast_cancer(return_X_y=True)
    return table_job(folder, X[:, :4] / X[:, :4].std(axis=0), y, sample_weight)


def hessian(made):
    """By differences of the gradient at the current parameters."""
    measure, parameters = Stationarity(made), made.model.parameters
    rows = []
    for place, before in enumerate(parameters.copy()):
        parameters[place] = before + 1e-5
        above = measure.gradient()
        parameters[place] = before - 1e-5
        rows.append((above - measure.gradient()) / 2e-5)
        parameters[place] = before
    return np.array(rows)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_curvature_of_a_squared_error_is_that_of_the_hessian(weighted, tmp_path):
    weights = np.random.default_rng(0).uniform(0, 5, 442) if weighted else None
    made = regression(tmp_path, weights)
    eigenvalues = np.linalg.eigvalsh(hessian(made))
    assert curvature(made) == pytest.approx((eigenvalues[-1], eigenvalues[0]), rel=1e-5)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_curvature_of_cross_entropy_is_an_upper_bound_and_reached_at_zero(weighted, tmp_path):
    weights = np.random.default_rng(0).uniform(0, 5, 569) if weighted else None
    made = classification(tmp_path, weights)
    largest, least = curvature(made)
    assert least is None
    set_weights(made, 0.0, 0.0)
    # With two classes the bound is sharp where both are equally likely.
    assert largest == pytest.approx(np.linalg.eigvalsh(hessian(made))[-1], rel=1e-6)
    for seed in range(3):
        made.model.parameters[...] = np.random.default_rng(seed).normal(size=10)
        assert np.linalg.eigvalsh(hessian(made))[-1] < largest


def test_the_optimizer_is_the_heavy_ball_method(tmp_path):
    made = regression(tmp_path)
    found = with_suitable_optimizer(made.config, made)
    largest, least = curvature(made)
    assert (found.optimizer, found.lr, found.decay) == ("sgd", 1 / largest, 0.0)
    assert found.momentum == min((1 - math.sqrt(least / largest)) ** 2, MOST_MOMENTUM)
    assert found.reg == made.config.reg


def test_columns_that_depend_on_each_other_leave_a_momentum_below_one(tmp_path):
    X = np.random.default_rng(0).normal(size=(50, 3))
    made = table_job(tmp_path, np.column_stack([X, X]), X[:, 0])
    assert with_suitable_optimizer(made.config, made).momentum == MOST_MOMENTUM


def test_a_constant_column_does_not_slow_the_others(tmp_path):
    X = np.random.default_rng(0).normal(size=(50, 3))
    plain = table_job(tmp_path, X, X[:, 0])
    # Standardized, a constant column holds zeros.
    with pytest.warns(rk.errors.RegkitWarning, match="constant"):
        made = table_job(tmp_path, np.column_stack([X, np.zeros(50)]), X[:, 0])
    assert curvature(made) == pytest.approx(curvature(plain))


def test_the_suitable_optimizer_converges(tmp_path):
    made = regression(tmp_path)
    config = replace(with_suitable_optimizer(made.config, made), epochs=4000, log_every=4000)
    made = table_job(
        tmp_path,
        *made.data.training,
        **{name: getattr(config, name) for name in ("lr", "momentum", "decay", "epochs")},
    )
    for _ in made.set_up().records():
        pass
    theirs = LinearRegression().fit(*made.data.training)
    layer = made.model.parameter_layers[0]
    np.testing.assert_allclose(layer.params["weights"][:, 0], theirs.coef_, atol=1e-8)
    np.testing.assert_allclose(layer.params["biases"].ravel(), theirs.intercept_, atol=1e-8)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("task", [regression, classification])
def test_the_best_constant_is_stationary_and_its_loss_is_known(task, weighted, tmp_path):
    rows = len(task(tmp_path).data.training[0])
    weights = np.random.default_rng(0).uniform(0, 5, rows) if weighted else None
    made = task(tmp_path, weights)
    set_to_zero(made, [("dense1", "weights")])
    layer, model = made.model.parameter_layers[0], made.model
    assert not layer.params["weights"].any()
    gradient = Stationarity(made).gradient()
    assert np.abs(gradient[model.span("dense1", "biases")]).max() < 1e-12
    assert made.objective(0).data_loss == pytest.approx(constant_loss(made), rel=1e-12)


def test_what_is_not_selected_is_at_its_optimum_beside_zeros(tmp_path):
    made = regression(tmp_path)
    made = replace(made, config=with_suitable_optimizer(made.config, made))
    X, y = made.data.training
    made = table_job(
        tmp_path,
        X,
        y,
        regularizers=[rk.L1(1.0, on="biases", mode="prox")],
        lr=made.config.lr,
        momentum=made.config.momentum,
    )
    set_to_zero(made, [("dense1", "biases")])
    theirs = LinearRegression(fit_intercept=False).fit(X, y)
    layer = made.model.parameter_layers[0]
    assert not layer.params["biases"].any()
    np.testing.assert_allclose(layer.params["weights"][:, 0], theirs.coef_, atol=1e-7)


def test_another_penalty_of_the_biases_is_heeded(tmp_path):
    made = regression(tmp_path)
    X, y = made.data.training
    penalties = [rk.L1(1.0, on="weights", mode="prox"), rk.L2(0.5, on="biases")]
    made = table_job(tmp_path, X, y, regularizers=penalties)
    set_to_zero(made, [("dense1", "weights")])
    layer = made.model.parameter_layers[0]
    assert not layer.params["weights"].any()
    # (b − mean)² + ½b² is least at ⅔ of the mean.
    np.testing.assert_allclose(layer.params["biases"].ravel(), y.mean() * 2 / 3, rtol=1e-9)


def test_selected_biases_are_zero_too(tmp_path):
    made = regression(tmp_path)
    set_to_zero(made, [("dense1", "weights"), ("dense1", "biases")])
    assert not made.model.parameters.any()


def test_a_class_without_rows_has_a_finite_bias(tmp_path):
    made = classification(tmp_path)
    X, y = made.data.training
    made = replace(made, data=replace(made.data, training=(X[y == 0], y[y == 0])))
    set_to_zero(made, [("dense1", "weights")])
    assert np.isfinite(made.model.parameters).all()
    assert constant_loss(made) == 0


@pytest.mark.parametrize(
    ("changes", "chosen"),
    [
        ({}, False),
        ({"epochs": 7, "hidden": ()}, False),
        ({"lr": 0.1}, True),
        ({"optimizer": "sgd"}, True),
        ({"lr_schedule": "warmup:5"}, True),
        ({"batch_size": 8}, True),
    ],
)
def test_an_optimizer_is_chosen_by_any_of_its_settings(changes, chosen):
    assert chose_no_optimizer(Config(**changes)) is not chosen


def test_a_model_without_hidden_layers_is_linear():
    assert is_linear(Config(hidden=()))
    assert not is_linear(Config())
