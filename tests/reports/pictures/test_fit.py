"""What a regression model has learned.

Covers: regkit/reports/pictures/points.py
"""

from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest
from made_runs import made_run
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from reports.pictures.drawing import draw, legend

from regkit import datasets
from regkit.reports.pictures import drawn_runs, fit, points
from regkit.runs.config import Config
from regkit.runs.load import load_run


def offsets(panel: Axes) -> list[np.ndarray]:
    """The points of training, then those of validation; these are hollow."""
    found = [one for one in panel.collections if isinstance(one, PathCollection)]
    assert [len(one.get_facecolor()) for one in found] == [1, 0][: len(found)]
    return [np.asarray(one.get_offsets()) for one in found]


@pytest.fixture
def rents(tmp_path: Path) -> Path:
    """A table of one number, one category and a target, all far from 0 and 1."""
    chance = np.random.default_rng(0)
    area = chance.uniform(20, 120, 60)
    floor = np.where(chance.random(60) < 0.5, "low", "high")
    rent = 300 + 12 * area + 100 * (floor == "high") + chance.normal(0, 30, 60)
    path = tmp_path / "rents.csv"
    polars.DataFrame({"area": area, "floor": floor, "rent": rent}).write_csv(path)
    return path


def train(path: Path, table: Path, **settings: Any) -> None:
    made_run(path, data=str(table), target="rent", samples=Config.samples, **settings)


def test_the_curve_is_what_the_model_predicts_over_its_one_input(sine: Path) -> None:
    figure = draw(fit, sine)
    (panel,) = figure.axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("x1", "y")
    assert legend(figure) == ["training points", "validation points", "fitted curve"]
    (curve,) = panel.get_lines()
    x, y = (np.asarray(one) for one in curve.get_data())
    assert (np.diff(x) > 0).all()
    np.testing.assert_allclose(load_run(sine).model.predict(x[:, None]), y, atol=1e-6)
    training, unseen = offsets(panel)
    for shown, (X, actual) in [(training, datasets.sine(20)), (unseen, datasets.sine(100, (3, 1)))]:
        np.testing.assert_allclose(shown[:, 0], X[:, 0], atol=1e-7)
        np.testing.assert_allclose(shown[:, 1], np.ravel(actual), atol=1e-7)
        assert x[0] < X.min()
        assert x[-1] > X.max()


def test_a_curve_is_in_the_units_of_the_table(tmp_path: Path, rents: Path) -> None:
    train(tmp_path / "run", rents, drop=("floor",), epochs=200)
    (panel,) = draw(fit, tmp_path / "run").axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("area", "rent")
    x, y = panel.get_lines()[0].get_data()
    predicted = load_run(tmp_path / "run").predict(polars.DataFrame({"area": x}))
    np.testing.assert_allclose(y, predicted, rtol=1e-5)
    table = polars.read_csv(rents)
    shown = np.concatenate(offsets(panel))
    np.testing.assert_allclose(np.sort(shown[:, 0]), np.sort(table["area"]), rtol=1e-6)
    np.testing.assert_allclose(np.sort(shown[:, 1]), np.sort(table["rent"]), rtol=1e-6)


def test_several_inputs_show_predicted_over_actual_values(tmp_path: Path, rents: Path) -> None:
    train(tmp_path / "run", rents, epochs=200)
    figure = draw(fit, tmp_path / "run")
    figure.draw_without_rendering()
    (panel,) = figure.axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("rent, actual", "rent, predicted")
    assert legend(figure) == ["training points", "validation points", "predicted = actual"]
    table = polars.read_csv(rents)
    predicted = dict(zip(table["rent"], load_run(tmp_path / "run").predict(table), strict=True))
    training, unseen = offsets(panel)
    assert (len(training), len(unseen)) == (48, 12)
    for actual, height in np.concatenate([training, unseen]):
        rent = min(predicted, key=lambda one: abs(one - actual))
        assert (rent, predicted[rent]) == pytest.approx((actual, height), rel=1e-5)
    (diagonal,) = panel.get_lines()
    assert diagonal.get_slope() == 1
    assert len(set(diagonal.get_xy1())) == 1
    assert panel.get_xlim() == panel.get_ylim()


def test_one_category_alone_has_no_curve(tmp_path: Path, rents: Path) -> None:
    train(tmp_path / "run", rents, drop=("area",), epochs=1)
    (panel,) = draw(fit, tmp_path / "run").axes
    assert panel.get_xlabel() == "rent, actual"


def test_runs_on_the_same_columns_share_axes(tmp_path: Path, sine: Path, rents: Path) -> None:
    made_run(tmp_path / "short", data="sine", samples=7, epochs=1, lr=1.0)
    train(tmp_path / "rents", rents, epochs=1)
    first, other, second = draw(fit, sine, tmp_path / "rents", tmp_path / "short").axes
    assert first.get_xlim() == second.get_xlim() != other.get_xlim()
    assert first.get_ylim() == second.get_ylim() != other.get_ylim()
    for panel in (first, second):
        (curve,) = panel.get_lines()
        places = np.transpose(curve.get_data())
        inside = panel.transAxes.inverted().transform(panel.transData.transform(places))
        assert 0 < inside.min() < inside.max() < 1


def test_without_validation_there_are_training_points_alone(tmp_path: Path) -> None:
    made_run(tmp_path / "run", data="sine", val_samples=0, epochs=1)
    figure = draw(fit, tmp_path / "run")
    assert legend(figure) == ["training points", "fitted curve"]
    assert len(offsets(figure.axes[0])) == 1


def test_a_classifier_has_none(spiral: Path) -> None:
    (run,) = drawn_runs([spiral], weights=None)
    assert fit.why_not(run) == "its model is a classifier"


def test_it_is_left_out_when_the_table_is_gone(tmp_path: Path, rents: Path) -> None:
    train(tmp_path / "run", rents, epochs=1)
    rents.unlink()
    (run,) = drawn_runs([tmp_path / "run"], weights=None)
    assert fit.why_not(run) == f"{rents} cannot be read: No such file or directory"


@pytest.mark.parametrize("count", [1, 2, 2999, 3000, 3001, 10_000])
def test_of_many_points_evenly_spaced_ones_are_drawn(count: int) -> None:
    rows = points.evenly(count)
    assert len(rows) == min(count, points.MOST_POINTS)
    assert (rows[0], rows[-1]) == (0, count - 1)
    assert np.ptp(np.diff(rows)) <= 1 if count > 1 else True
