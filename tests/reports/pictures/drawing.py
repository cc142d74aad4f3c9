"""What the tests of pictures share: drawing one, and looking at what is on it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from regkit.reports.pictures import (
    drawn_runs,
)
from regkit.reports.pictures.style import matplotlib_settings
from regkit.training import Record

NAMES = {"boundary", "gradient-norms", "losses", "scores", "weights"}
"""The pictures of a classifier with two inputs, none of whose weights is ever exactly 0."""
TWO_PENALTIES = ("l2=1e-3@dense1", "l1=1e-4@dense2.weights")
LABELS = ("l2@dense1", "l1@dense2.weights")


def draw(picture: Any, *paths: Path, chosen: str | None = None) -> Figure:
    with matplotlib_settings():
        return picture.draw(drawn_runs(paths, weights=chosen))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in (path / "metrics.jsonl").read_text().splitlines()]


def changed(line: dict[str, Any], **change: Any) -> dict[str, Any]:
    """A line with other parts, and sums that fit them."""
    return replace(Record.from_dict(line), **change).as_dict()


def rewrite(path: Path, records: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(record) + "\n" for record in records)
    (path / "metrics.jsonl").write_text(text)


def copied(path: Path, to: Path, *names: str) -> Path:
    to.mkdir()
    for name in names or [file.name for file in path.iterdir() if file.is_file()]:
        (to / name).write_bytes((path / name).read_bytes())
    return to


def legend(figure: Figure) -> list[str]:
    (found,) = figure.legends
    return [text.get_text() for text in found.get_texts()]


def by_look(figure: Figure, panel: Axes) -> dict[str, np.ndarray]:
    """The heights of a panel's lines, by the name that the shared legend gives to their look."""
    (found,) = figure.legends
    names = {
        (key.get_color(), key.get_linestyle()): text.get_text()
        for key, text in zip(found.get_lines(), found.get_texts(), strict=True)
    }
    return {
        names[line.get_color(), line.get_linestyle()]: np.asarray(line.get_ydata())
        for line in panel.get_lines()
    }


def assert_lines(figure: Figure, panel: Axes, expected: dict[str, list[float]]) -> None:
    found = by_look(figure, panel)
    assert set(found) == set(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)
