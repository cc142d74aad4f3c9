"""The gradient norms over epochs."""

from pathlib import Path

from reports.pictures.drawing import LABELS, assert_lines, copied, draw, lines, rewrite

from regkit.reports.pictures import (
    drawn_runs,
    gradient_norms,
)


def test_gradient_norms_are_those_of_data_and_each_penalty(spiral: Path) -> None:
    figure = draw(gradient_norms, spiral)
    (panel,) = figure.axes
    records = lines(spiral)
    assert panel.get_ylabel() == "gradient (Euclidean norm)"
    assert_lines(
        figure,
        panel,
        {
            "data loss" if name == "data" else name: [r["gradient_norms"][name] for r in records]
            for name in ("data", *LABELS)
        },
    )


def test_records_without_gradient_norms_have_no_such_picture(tmp_path: Path, spiral: Path) -> None:
    run = copied(spiral, tmp_path / "run")
    rewrite(run, [line | {"gradient_norms": None} for line in lines(run)])
    (found,) = drawn_runs([run], weights=None)
    assert gradient_norms.why_not(found) == (
        "its records hold no gradient norms: train with --gradient-norms"
    )
