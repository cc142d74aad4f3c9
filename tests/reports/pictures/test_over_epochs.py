"""Panels of lines over epochs: axes, scales, single records."""

import math
from pathlib import Path

import pytest
from made_runs import made_run
from reports.pictures.drawing import changed, copied, draw, lines, rewrite

from regkit.reports.pictures import (
    losses,
    scores,
)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([1e-6, 1.0], "log"),
        ([0.0, 1e-6, 1.0], "log"),
        ([math.nan, 1e-9, 1.0], "log"),
        ([0.5, 1.0], "linear"),
        ([-1e-6, 1.0], "linear"),
        ([0.0, 0.0], "linear"),
    ],
)
def test_an_axis_is_logarithmic_where_values_are_positive_and_far_apart(
    tmp_path: Path, spiral: Path, values: list[float], scale: str
) -> None:
    run = copied(spiral, tmp_path / "run")
    rewrite(
        run,
        [
            changed(line, layers={"l2@dense1": {"dense1": value}}, gradient_norms=None)
            for line, value in zip(lines(run), values, strict=False)
        ],
    )
    figure = draw(losses, run)
    assert figure.axes[1].get_yscale() == scale


def test_a_penalty_that_a_logarithm_cannot_show_is_named(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    rewrite(
        run,
        [
            changed(
                line,
                layers={
                    "tiny": {"dense1": 1e-9},
                    "large": {"dense1": 1.0},
                    "none_of_it": {"dense1": 0.0},
                },
            )
            for line in lines(run)
        ],
    )
    assert draw(losses, run).axes[1].get_xlabel() == "epoch\n0 throughout:\nnone_of_it"


def test_runs_of_different_tasks_have_scales_of_their_own(spiral: Path, sine: Path) -> None:
    panels = draw(scores, spiral, sine).axes
    assert [panel.get_ylabel() for panel in panels] == ["accuracy (share of right answers)", "R²"]
    assert not panels[0].get_shared_y_axes().joined(*panels)


def test_runs_of_one_task_share_a_scale_beside_another_task(
    spiral: Path, sine: Path, plain: Path
) -> None:
    figure = draw(losses, spiral, plain, sine)
    figure.draw_without_rendering()
    above = figure.axes[:3]
    first, second, third = above
    assert first.get_shared_y_axes().joined(first, second)
    assert not first.get_shared_y_axes().joined(first, third)
    assert [panel.get_ylabel()[:11] for panel in above] == ["loss (cross", "", "loss (mean "]
    assert [panel.yaxis.get_tick_params()["labelleft"] for panel in above] == [True, False, True]


def test_a_logarithmic_scale_is_one_for_all_runs(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "small")
    small = [changed(line, layers={"l2": {"dense1": 1e-9}}) for line in lines(run)]
    rewrite(run, small)
    figure = draw(losses, run, spiral)
    figure.draw_without_rendering()
    heights = [
        panel.transAxes.inverted().transform(panel.transData.transform((0, 1e-6)))[1]
        for panel in figure.axes[2:]
    ]
    assert heights[0] == pytest.approx(heights[1])
    assert 0.2 < heights[0] < 0.8


def test_a_single_record_is_a_dot(tmp_path: Path) -> None:
    made_run(tmp_path / "run", epochs=1)
    (panel,) = draw(scores, tmp_path / "run").axes
    assert [line.get_marker() for line in panel.get_lines()] == ["o", "o"]
    left, right = panel.get_xlim()
    assert [tick for tick in panel.get_xticks() if left <= tick <= right] == [0]
