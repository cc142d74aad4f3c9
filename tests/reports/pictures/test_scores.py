"""Accuracy or R² over epochs."""

from pathlib import Path

from reports.pictures.drawing import assert_lines, copied, draw, lines, rewrite

from regkit.reports.pictures import (
    losses,
    scores,
)


def test_scores_are_those_of_the_metrics(spiral: Path) -> None:
    figure = draw(scores, spiral)
    (panel,) = figure.axes
    assert panel.get_ylabel() == "accuracy (share of right answers)"
    assert_lines(
        figure,
        panel,
        {
            "training": [record["accuracy"] for record in lines(spiral)],
            "validation": [record["validation"]["accuracy"] for record in lines(spiral)],
        },
    )


def test_a_regression_shows_mean_squared_error_and_r2(sine: Path) -> None:
    figure = draw(scores, sine)
    (panel,) = figure.axes
    assert panel.get_ylabel() == "R²"
    assert_lines(
        figure,
        panel,
        {
            "training": [record["r2"] for record in lines(sine)],
            "validation": [record["validation"]["r2"] for record in lines(sine)],
        },
    )
    assert draw(losses, sine).axes[0].get_ylabel() == "loss (mean squared error)"


def test_an_r2_far_below_zero_does_not_hide_the_others(tmp_path: Path, sine: Path) -> None:
    run = copied(sine, tmp_path / "run")
    first, *others = lines(run)
    rewrite(run, [first | {"r2": -1000.0}, *others])
    (panel,) = draw(scores, run).axes
    assert panel.get_ylim()[0] == -1
    assert panel.get_lines()[0].get_ydata()[0] == -1000
