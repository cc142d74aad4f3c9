import math
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from table_jobs import classification, regression, set_weights, table_job

import regkit as rk
from regkit.runs.config import Config
from regkit.runs.stationarity import Stationarity
from regkit.studies.paths.suitable_optimizer import (
    MOST_MOMENTUM,
    chose_no_optimizer,
    curvature,
    job_by_curvature,
    with_suitable_optimizer,
)


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


def by_curvature(folder, **settings):
    made = table_job(folder, *regression(folder).data.training)
    config = replace(with_suitable_optimizer(made.config, made), **settings)
    return config, job_by_curvature(config, ())


def test_smooth_penalties_lower_the_step(tmp_path):
    config, made = by_curvature(tmp_path, reg=("l2=50@dense1.weights", "l1=3@dense1.biases"))
    # The Hessian of 50·Σw² is 100·I; L1 has a kink at 0 and no curvature elsewhere.
    assert 1 / made.config.lr == pytest.approx(1 / config.lr + 100, rel=1e-6)


@pytest.mark.parametrize("reg", ["none", "l1=3,mode=prox@dense1.weights"])
def test_without_smooth_penalties_the_step_stays(reg, tmp_path):
    config, made = by_curvature(tmp_path, reg=(reg,))
    assert made.config == config
