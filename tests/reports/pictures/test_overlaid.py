"""Runs in the same panels."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_runs import made_run
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from reports.pictures.drawing import LABELS, by_look, changed, copied, legend, lines, rewrite

from regkit.reports.pictures import drawn_runs, gradient_norms, losses, scores, zeros
from regkit.reports.pictures.style import DISTINCT_LOOKS, matplotlib_settings

SEEDS = range(3)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three seeds without a penalty, and three with one that record twice as often."""
    place = tmp_path_factory.mktemp("seeds")
    for seed in SEEDS:
        made_run(place / f"free-{seed}", reg=("none",), seed=seed)
        made_run(place / f"l2-{seed}", reg=("l2=1e-2",), seed=seed, log_every=10)
    return [place / f"{name}-{seed}" for name in ("free", "l2") for seed in SEEDS]


def overlay(picture: Any, *paths: Path) -> Figure:
    with matplotlib_settings():
        return picture.overlay(drawn_runs(paths, weights=None))


def by_title(figure: Figure) -> dict[str, Axes]:
    return {panel.get_title(): panel for panel in figure.axes}


def band(panel: Axes, number: int) -> tuple[np.ndarray, np.ndarray]:
    """The least and the largest values of one of a panel's bands, at its distinct epochs."""
    (path,) = panel.collections[number].get_paths()
    x, y = path.vertices.T
    ends = [(y[x == epoch].min(), y[x == epoch].max()) for epoch in np.unique(x)]
    return tuple(np.transpose(ends))


def test_seeds_become_their_mean_with_a_band_from_least_to_largest(runs: list[Path]) -> None:
    figure = overlay(losses, *runs)
    names = ["free-0 … free-2 (3 seeds)", "l2-0 … l2-2 (3 seeds)"]
    assert legend(figure) == names
    assert figure.legends[0].get_title().get_text() == (
        "line: mean over seeds; band: from the least to the largest value"
    )
    panels = by_title(figure)
    assert list(panels) == ["data loss", "validation data loss", "data loss + penalties", "l2"]
    measures = {
        "data loss": lambda record: record["data_loss"],
        "validation data loss": lambda record: record["validation"]["data_loss"],
        "data loss + penalties": lambda record: record["loss"],
        "l2": lambda record: record["penalties"]["l2"],
    }
    for title, panel in panels.items():
        groups = [runs[:3], runs[3:]] if "data loss" in title and "+" not in title else [runs[3:]]
        shown = by_look(figure, panel)
        assert list(shown) == names[-len(groups) :]
        for number, (group, values) in enumerate(zip(groups, shown.values(), strict=True)):
            found = np.array([[measures[title](record) for record in lines(one)] for one in group])
            np.testing.assert_allclose(values, found.mean(axis=0), rtol=1e-12)
            low, high = band(panel, number)
            np.testing.assert_allclose(low, found.min(axis=0), rtol=1e-12)
            np.testing.assert_allclose(high, found.max(axis=0), rtol=1e-12)


def test_a_mean_is_over_the_epochs_that_all_have(tmp_path: Path, runs: list[Path]) -> None:
    short = copied(runs[1], tmp_path / "short")
    rewrite(short, [lines(runs[1])[i] for i in (0, 2, 3)])
    figure = overlay(scores, runs[0], short)
    (line,) = by_title(figure)["training"].get_lines()
    assert line.get_xdata().tolist() == [0, 10, 15]
    expected = [np.mean([lines(run)[i]["accuracy"] for run in runs[:2]]) for i in (0, 2, 3)]
    assert line.get_ydata().tolist() == pytest.approx(expected)


def test_each_other_run_has_a_line_of_its_own_without_a_band(
    runs: list[Path], spiral: Path
) -> None:
    figure = overlay(zeros, runs[0], runs[3], spiral)
    assert legend(figure) == ["free-0", "l2-0", "run"]
    assert figure.legends[0].get_title().get_text() == ""
    for title, panel in by_title(figure).items():
        assert panel.get_ylim() == (-2, 102)
        assert not panel.collections
        for path, values in zip(
            (runs[0], runs[3], spiral), by_look(figure, panel).values(), strict=True
        ):
            assert values.tolist() == [100 * record["zeros"][title] for record in lines(path)]


def test_panels_share_epochs_and_one_quantitys_values(
    runs: list[Path], spiral: Path, sine: Path
) -> None:
    figure = overlay(losses, *runs, spiral, sine)
    first, second, third, *others = figure.axes
    shared = first.get_shared_y_axes()
    assert shared.joined(first, second)
    assert shared.joined(first, third)
    assert [(panel.get_title(), panel.get_ylabel()) for panel in others] == [
        ("data loss", "loss (mean squared error)"),
        ("validation data loss", ""),
        ("data loss + penalties", ""),
        ("l2", "penalty (part of the loss)"),
        *((label, "") for label in LABELS),
    ]
    assert not any(shared.joined(first, panel) for panel in others)
    assert all(first.get_shared_x_axes().joined(first, panel) for panel in figure.axes)


def test_gradient_norms_have_a_panel_each(runs: list[Path], spiral: Path) -> None:
    figure = overlay(gradient_norms, *runs, spiral)
    assert list(by_title(figure)) == ["data loss", "l2", *LABELS]


def test_of_many_lines_those_that_look_different_are_named(spiral: Path) -> None:
    (run,) = drawn_runs([spiral], weights=None)
    many = [replace(run, name=f"run {i}", config=None) for i in range(40)]
    with matplotlib_settings():
        figure = scores.overlay(many)
        figure.draw_without_rendering()
    assert legend(figure) == [
        *(f"run {i}" for i in range(DISTINCT_LOOKS)),
        f"{40 - DISTINCT_LOOKS} others",
    ]
    for panel in figure.axes:
        looks = [(line.get_color(), line.get_linestyle()) for line in panel.get_lines()]
        assert len(looks) == 40
        assert len(set(looks[:DISTINCT_LOOKS])) == DISTINCT_LOOKS
        assert set(looks[DISTINCT_LOOKS:]) == {("0.7", "-")}
        # The legend leaves the panels their room.
        assert panel.get_window_extent().height > figure.dpi * 1.5


def test_values_that_are_not_finite_leave_a_gap(tmp_path: Path, runs: list[Path]) -> None:
    broken = copied(runs[1], tmp_path / "broken")
    records = lines(runs[1])
    records[2]["data_loss"] = records[2]["loss"] = math.nan
    rewrite(broken, records)
    (line,) = by_title(overlay(losses, runs[0], broken))["data loss"].get_lines()
    assert np.isnan(line.get_ydata()).tolist() == [i == 2 for i in range(len(records))]


def test_a_band_that_begins_at_zero_ends_below_a_logarithmic_axis(
    tmp_path: Path, runs: list[Path]
) -> None:
    none = copied(runs[4], tmp_path / "none")
    zero = [changed(line, layers={"l2": {"dense1": 0.0}}) for line in lines(none)]
    rewrite(none, [zero[0], *lines(runs[4])[1:3], zero[3]])
    figure = overlay(losses, runs[3], none)
    figure.draw_without_rendering()
    panel = by_title(figure)["l2"]
    assert panel.get_yscale() == "log"
    (path,) = panel.collections[0].get_paths()
    bottom = panel.transAxes.transform((0, 0))[1]
    heights = panel.transData.transform(path.vertices)[:, 1]
    assert ((heights < bottom) == (path.vertices[:, 1] == 0)).all()
    assert (heights < bottom).any()
    assert np.isfinite(heights).all()


def test_a_long_name_keeps_the_number_of_its_seeds(runs: list[Path]) -> None:
    named = [
        replace(run, name=f"{'very ' * 9}long {i}")
        for i, run in enumerate(drawn_runs(runs[:2], weights=None))
    ]
    with matplotlib_settings():
        (name,) = legend(scores.overlay(named))
    assert name.endswith(" (2 seeds)")
    assert len(name) < 50
