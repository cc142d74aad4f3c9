"""The decision boundary, and where there is none."""

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
from regkit.reports.pictures import (
    boundary,
    drawn_runs,
)
from regkit.runs.load import load_run


def test_on_the_boundary_two_classes_are_equally_likely(spiral: Path) -> None:
    (panel,) = draw(boundary, spiral).axes
    model = load_run(spiral).model
    points = np.concatenate(
        [
            path.vertices
            for contour in panel.collections
            if hasattr(contour, "levels")
            for path in contour.get_paths()
        ]
    )
    assert len(points) > 50
    best = np.sort(model.predict_proba(points), axis=1)
    np.testing.assert_allclose(best[:, -1], best[:, -2], atol=0.02)


def clouds(panel: Axes, *, hollow: bool) -> list[PathCollection]:
    """The points of a panel by class, of training, or hollow ones of validation."""
    found = [one for one in panel.collections if isinstance(one, PathCollection)]
    return [one for one in found if (len(one.get_facecolor()) == 0) == hollow]


def test_boundary_shows_training_and_validation_points_by_class(spiral: Path) -> None:
    figure = draw(boundary, spiral)
    (panel,) = figure.axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("x1", "x2")
    assert legend(figure) == ["0", "1", "2", "validation points, hollow"]
    training, unseen = (clouds(panel, hollow=hollow) for hollow in (False, True))
    pairs = [(training, datasets.spiral(20, 3, seed=3)), (unseen, datasets.spiral(100, 3, (3, 1)))]
    for shown, (X, y) in pairs:
        for number, cloud in enumerate(shown):
            np.testing.assert_allclose(cloud.get_offsets(), X[y == number], atol=1e-12)
        left, right, bottom, top = panel.images[0].get_extent()
        assert left < X[:, 0].min() < X[:, 0].max() < right
        assert bottom < X[:, 1].min() < X[:, 1].max() < top
    for full, hollow in zip(training, unseen, strict=True):
        np.testing.assert_array_equal(full.get_facecolor(), hollow.get_edgecolor())


def test_boundary_without_validation_shows_training_points_alone(tmp_path: Path) -> None:
    made_run(tmp_path / "run", val_samples=0, epochs=1)
    figure = draw(boundary, tmp_path / "run")
    assert legend(figure) == ["0", "1", "2"]
    assert len(clouds(figure.axes[0], hollow=False)) == 3
    assert not clouds(figure.axes[0], hollow=True)


def test_boundary_of_a_table_is_in_the_units_of_its_columns(table_run: Path) -> None:
    figure = draw(boundary, table_run)
    (panel,) = figure.axes
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("age", "pay")
    assert legend(figure) == ["$yes$", "_no", "validation points, hollow"]
    training = clouds(panel, hollow=False)
    assert sum(len(one.get_offsets()) for one in training) == 64
    assert sum(len(one.get_offsets()) for one in clouds(panel, hollow=True)) == 16
    full = {
        label: one.get_facecolor()[0, :3]
        for label, one in zip(legend(figure), training, strict=False)
    }
    saved = load_run(table_run)
    (image,) = panel.images
    pale = np.asarray(image.get_array())
    left, right, bottom, top = image.get_extent()
    found = set()
    for row, column in [(5, 5), (5, 295), (295, 5), (295, 295), (150, 40)]:
        age = left + (right - left) * column / 300
        pay = bottom + (top - bottom) * row / 300
        label = saved.predict(polars.DataFrame({"age": [age], "pay": [pay]}))[0]
        np.testing.assert_allclose(1 - 4 * (1 - pale[row, column]), full[label], atol=1e-9)
        found.add(label)
    assert len(found) == 2


def test_boundary_is_left_out_when_the_table_is_gone(tmp_path: Path, table_run: Path) -> None:
    table = tmp_path / "table.csv"
    table.unlink()
    (run,) = drawn_runs([table_run], weights=None)
    assert boundary.why_not(run) == f"{table} cannot be read: No such file or directory"


def test_boundary_is_left_out_when_the_table_has_changed(tmp_path: Path, table_run: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(table.read_text().replace("age", "years"))
    (run,) = drawn_runs([table_run], weights=None)
    assert boundary.why_not(run) == f"{table} has changed since the run was trained"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"data": "sine"}, "its model is a regression model"),
        (
            {"data": "sklearn:iris", "samples": 1000},
            "its model's inputs are not two columns of numbers",
        ),
        (
            {"data": "vertical", "classes": 22, "samples": 5},
            "its 22 classes are too many to distinguish",
        ),
    ],
)
def test_boundary_is_left_out_where_there_is_none(
    tmp_path: Path, settings: dict[str, Any], reason: str
) -> None:
    made_run(tmp_path / "run", **settings, epochs=1)
    (run,) = drawn_runs([tmp_path / "run"], weights=None)
    assert boundary.why_not(run) == reason
