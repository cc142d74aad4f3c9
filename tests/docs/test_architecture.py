"""The pages about the code say what is there: its rooms, its files, and who imports whom."""

import ast
import re
import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")
WHERE_IS = (DOCS / "where-is.md").read_text(encoding="utf-8")
PICTURE = DOCS / "_static" / "architecture.svg"
NAMED_PATH = re.compile(r"`((?:regkit|docs|tests|plugins)/[\w./-]*|\w+\.toml)`")
ROOM_ENTRY = re.compile(r"^\| `regkit/(\w+)(?:/|\.py)` \| .+ \|$", re.MULTILINE)
ANSWER = re.compile(r"^\| … .+\? \| `([^`]+)` \|$", re.MULTILINE)
NOT_ROOMS = {"__init__", "__pycache__"}


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(DOCS / "draw_architecture.py"))


def test_the_picture_is_what_the_imports_are_now(script):
    drawn = script["drawn"]()
    assert drawn == PICTURE.read_text(encoding="utf-8"), "run: python docs/draw_architecture.py"


def test_the_picture_is_written_where_it_is_told(script, tmp_path):
    script["main"](tmp_path / "drawn.svg")
    assert (tmp_path / "drawn.svg").read_bytes() == PICTURE.read_bytes()


def test_imports_in_functions_and_for_annotations_count(script):
    source = (
        "import regkit.errors\n"
        "if TYPE_CHECKING:\n    from regkit.nn.model import Model\n"
        "def late():\n    from regkit import hookspecs\n    import numpy\n"
    )
    assert set(script["_imported"](ast.parse(source))) == {"errors", "nn", "hookspecs"}


def test_every_import_in_the_picture_points_to_a_row_below(script):
    rows = script["rows"]()
    depth = {name: number for number, row in enumerate(rows) for name in row}
    rooms = [script["room"](name, list(depth)) for name in depth]
    assert all(depth[one] > depth[room.name] for room in rooms for one in room.imports)


def test_every_room_has_an_entry_in_the_order_of_the_layers():
    rooms = {
        path.stem
        for path in (ROOT / "regkit").iterdir()
        if (path.is_dir() or path.suffix == ".py") and path.stem not in NOT_ROOMS
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (
        one["layers"]
        for one in project["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers"
    )
    named = [name.strip() for row in layers for name in row.split("|")]
    entries = ROOM_ENTRY.findall(ARCHITECTURE)
    # In parentheses stands what has a place, but need not be there yet.
    assert entries == [name.strip("()") for name in named if name[0] != "(" or name[1:-1] in rooms]
    assert set(entries) == rooms


@pytest.mark.parametrize("page", [ARCHITECTURE, WHERE_IS], ids=["architecture", "where-is"])
def test_every_file_that_a_page_names_exists(page):
    named = NAMED_PATH.findall(page)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_each_of_ten_questions_is_answered_with_one_file():
    answers = ANSWER.findall(WHERE_IS)
    assert len(answers) == len(set(answers)) == 10
    assert all((ROOT / "regkit") in (ROOT / path).parents for path in answers)
    assert all((ROOT / path).is_file() for path in answers)
