"""The pictures of runs on the pages are made by the commands that the pages show."""

import runpy
from pathlib import Path

import pytest
from page_parts import parts_of

DOCS = Path(__file__).parents[2] / "docs"
LIGHT = 150_000


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(DOCS / "draw_runs.py"))


def test_the_commands_are_those_that_save_something(script):
    text = "$ regkit a --out b\nc\n$ regkit d\n$ regkit e \\\n>   --out f\n$ ls --out g\n"
    assert script["commands"](text) == ["regkit a --out b", "regkit e \\\n  --out f"]


def test_each_picture_comes_from_a_page_that_plots_and_shows_it(script):
    for name, (page, _) in script["PICTURES"].items():
        assert (
            sum(one.startswith("regkit plot ") for one in script["commands"](page.read_text())) == 1
        )
        shown = {(page.parent / link).resolve() for link in parts_of(page).links}
        assert (DOCS / "img" / name).resolve() in shown


def test_pictures_are_light(script):
    sizes = {path.name: path.stat().st_size for path in (DOCS / "img").iterdir()}
    # Another script photographs a page.
    assert set(sizes) == {*script["PICTURES"], "report.png"}
    assert max(sizes.values()) < LIGHT
