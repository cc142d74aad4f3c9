from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from table_jobs import classification, regression, table_job

import regkit as rk
from regkit.runs.config import Config
from regkit.runs.stationarity import Stationarity
from regkit.studies.paths.linear import constant_loss, is_linear, set_to_zero
from regkit.studies.paths.suitable_optimizer import with_suitable_optimizer


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


def test_a_model_without_hidden_layers_is_linear():
    assert is_linear(Config(hidden=()))
    assert not is_linear(Config())
