import numpy as np
import pytest
from table_jobs import regression, table_job

import regkit as rk
from regkit.studies.paths.penalty_curvature import penalty_curvature

D = np.diff(np.eye(10), axis=0)


class Fused(rk.Regularizer):
    """Squared differences of neighbours: curved along some directions alone."""

    name = "fused_squares"

    def value(self, w):
        return np.square(D @ w).sum()

    def grad(self, w):
        return 2 * D.T @ (D @ w)


class LogCosh(rk.Regularizer):
    """Most curved at 0, by 1/width."""

    name = "log_cosh"
    width: float = 0.1

    def value(self, w):
        return (self.width * np.log(np.cosh(w / self.width))).sum()

    def grad(self, w):
        return np.tanh(w / self.width)


@pytest.mark.parametrize(
    ("penalty", "expected"),
    [
        (rk.L2(3.0, on="dense1.weights"), 6.0),
        (rk.L2(3.0, on="dense1.weights", mode="decoupled"), 6.0),
        (rk.L1(3.0, on="dense1.weights"), 0.0),
        # λ(1 − ρ)·Σw², which has the curvature 2λ(1 − ρ), beside the kink.
        (rk.ElasticNet(3.0, l1_ratio=0.25, on="dense1.weights"), 4.5),
        (LogCosh(2.0, on="dense1.weights"), 20.0),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_is_the_largest_of_the_penaltys_second_derivatives(penalty, expected, dtype, tmp_path):
    X, y = regression(tmp_path).data.training
    made = table_job(tmp_path, X, y, regularizers=[penalty], dtype=dtype)
    made.model.parameters[...] = 5
    found = penalty_curvature(made, penalty)
    assert found == pytest.approx(expected, rel=1e-5 if dtype == "float64" else 2e-2, abs=2e-3)
    assert (made.model.parameters == 5).all()


def test_power_iteration_comes_close_where_directions_differ(tmp_path):
    X, y = regression(tmp_path).data.training
    penalty = Fused(1.0, on="dense1.weights")
    made = table_job(tmp_path, X, y, regularizers=[penalty])
    expected = np.linalg.eigvalsh(2 * D.T @ D)[-1]
    # Momentum allows for more than twice the step.
    assert 0.9 * expected < penalty_curvature(made, penalty) < 1.001 * expected
