"""The losses over epochs, and each penalty below them."""

from pathlib import Path

from made_runs import made_run
from reports.pictures.drawing import LABELS, assert_lines, draw, legend, lines

from regkit.reports.pictures import (
    losses,
    scores,
)


def test_losses_are_those_of_the_metrics_with_penalties_apart(spiral: Path) -> None:
    figure = draw(losses, spiral)
    above, below = figure.axes
    records = lines(spiral)
    assert above.get_ylabel() == "loss (cross-entropy, nats)"
    assert below.get_ylabel() == "penalty (part of the loss)"
    assert below.get_xlabel() == "epoch"
    assert_lines(
        figure,
        above,
        {
            "data loss": [record["data_loss"] for record in records],
            "validation data loss": [record["validation"]["data_loss"] for record in records],
            "data loss + penalties": [record["loss"] for record in records],
        },
    )
    assert_lines(
        figure,
        below,
        {label: [record["penalties"][label] for record in records] for label in LABELS},
    )
    for line in (*above.get_lines(), *below.get_lines()):
        assert list(line.get_xdata()) == [0, 5, 10, 15, 20, 25, 30]


def test_without_validation_or_regularizers_their_lines_are_absent(tmp_path: Path) -> None:
    run = tmp_path / "run"
    made_run(run, data="sklearn:iris", samples=1000, reg=("none",), val=0.0)
    figure = draw(losses, run)
    (panel,) = figure.axes
    assert legend(figure) == ["data loss"]
    assert legend(draw(scores, run)) == ["training"]
    assert len(panel.get_lines()) == 1
