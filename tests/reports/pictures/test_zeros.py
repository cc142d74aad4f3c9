"""The share of weights that are exactly 0, over epochs."""

from pathlib import Path

from reports.pictures.drawing import assert_lines, copied, draw, lines, rewrite

from regkit.reports.pictures import (
    zeros,
)


def test_zeros_are_in_percent_of_each_layer(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    shares = [{"dense1": 0.125 * i, "dense2": 1 / (i + 1)} for i in range(len(lines(run)))]
    rewrite(run, [line | {"zeros": share} for line, share in zip(lines(run), shares, strict=True)])
    figure = draw(zeros, run)
    (panel,) = figure.axes
    assert panel.get_ylabel() == "weights exactly 0 (% of the layer)"
    assert panel.get_ylim() == (-2, 102)
    assert_lines(
        figure,
        panel,
        {name: [100 * share[name] for share in shares] for name in ("dense1", "dense2")},
    )
