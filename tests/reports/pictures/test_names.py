"""Names in pictures."""

from pathlib import Path

import pytest
from reports.pictures.drawing import legend

from regkit.errors import InputError
from regkit.reports.pictures import (
    boundary,
    drawn_runs,
)
from regkit.reports.pictures.names import LONGEST, in_natural_order, run_names, shortened
from regkit.reports.pictures.style import matplotlib_settings


def test_names_with_dollars_underscores_and_line_breaks_are_text(table_run: Path) -> None:
    with matplotlib_settings():
        figure = boundary.draw(drawn_runs([table_run], weights=None))
        figure.draw_without_rendering()
    assert legend(figure)[:2] == ["$yes$", "_no"]
    assert shortened("one\ntwo") == "one two"
    long = shortened("first" + 50 * "x" + "last")
    assert len(long) <= LONGEST
    assert long.startswith("first")
    assert long.endswith("last")


def test_runs_are_named_by_the_least_that_tells_them_apart() -> None:
    assert run_names([Path("runs/a"), Path("runs/b")]) == ["a", "b"]
    assert run_names([Path("x/runs/a"), Path("y/runs/a")]) == ["x/runs/a", "y/runs/a"]
    with pytest.raises(InputError, match=r"runs/\.\./runs/a is given twice"):
        run_names([Path("runs/../runs/a"), Path("runs/a")])


def test_what_a_shell_lists_is_put_in_order_by_its_numbers() -> None:
    listed = [Path(name) for name in ("l1", "l10", "l2", "l2x")]
    assert in_natural_order(listed) == [Path(name) for name in ("l1", "l2", "l2x", "l10")]
    chosen = [Path(name) for name in ("none", "l10", "l2")]
    assert in_natural_order(chosen) == chosen
