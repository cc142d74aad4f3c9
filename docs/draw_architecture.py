"""Draws the rooms of regkit and what they import: `python docs/draw_architecture.py [FILE]`.

The rows are those of the layers contract in pyproject.toml. What a room is for is the first
sentence of its docstring, and what it imports is read from its files, imports for annotations
included. The picture depends on nothing else, and needs the standard library alone.
"""

from __future__ import annotations

import ast
import sys
import textwrap
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
PACKAGE = "regkit"
PICTURE = ROOT / "docs" / "_static" / "architecture.svg"

WIDTH = 760
MARGIN = 20
GAP = 8
PADDING = 11
LINE = 17
HEADER = 54
BASELINE = 12
NAME_COLUMN = 130
"""A box that fills its row has its name beside the text; in narrower ones it stands above."""

CHARACTER = 6.4
SLACK = 12
"""How wide a character is on average, and by how much a line may be wider than that says."""

STYLE = """\
    text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #1e293b; }
    .title { font-size: 16px; font-weight: 600; }
    .name { font: 600 14px ui-monospace, "DejaVu Sans Mono", monospace; }
    .imports { fill: #475569; font-size: 11.5px; }
    .folder { fill: #eff6ff; stroke: #7c9cc4; }
    .file { fill: #f8fafc; stroke: #b6c2d1; }"""


@dataclass(frozen=True)
class Room:
    """A folder or a file of the package.

    Attributes:
        name: as imports write it.
        is_folder: whether it is a folder.
        purpose: the first sentence of its docstring.
        imports: the rooms that it imports, from the top row to the bottom one.
    """

    name: str
    is_folder: bool
    purpose: str
    imports: Sequence[str]

    @property
    def title(self) -> str:
        """The name as it stands in the file system."""
        return f"{self.name}/" if self.is_folder else f"{self.name}.py"


@dataclass(frozen=True)
class Box:
    """A room with its text broken into lines."""

    room: Room
    width: float

    @property
    def has_row(self) -> bool:
        """Whether it has a row of its own."""
        return self.width > WIDTH / 2

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What is said of the room, each line with its class in the style."""
        width = self.width - 2 * PADDING - SLACK - (NAME_COLUMN if self.has_row else 0)
        imports = f"imports {', '.join(self.room.imports) or 'nothing'}"
        return [
            (kind, line)
            for kind, text in (("purpose", self.room.purpose), ("imports", imports))
            for line in textwrap.wrap(text, int(width / CHARACTER))
        ]

    @property
    def height(self) -> int:
        """In pixels."""
        return 2 * PADDING + LINE * (len(self.lines) + (not self.has_row)) - 3

    def drawn(self, x: float, y: float, height: float) -> Iterator[str]:
        """The box at a place, as tall as its row."""
        kind = "folder" if self.room.is_folder else "file"
        yield (
            f'  <rect class="{kind}" x="{x:g}" y="{y:g}" width="{self.width:g}" '
            f'height="{height:g}" rx="6"/>'
        )
        x, y = x + PADDING, y + PADDING + BASELINE
        yield _text("name", x, y, self.room.title)
        x, y = (x + NAME_COLUMN, y) if self.has_row else (x, y + LINE)
        for number, (kind, line) in enumerate(self.lines):
            yield _text(kind, x, y + LINE * number, line)


def rows() -> list[list[str]]:
    """The names of the rooms, row by row from the top, as the layers contract has them.

    A name in parentheses is a place that is kept for a room; it counts once the room is there.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    named = [[name.strip() for name in row.split("|")] for row in layers]
    built = [[name.strip("()") for name in row if _is_there(name)] for row in named]
    return [row for row in built if row]


def _is_there(name: str) -> bool:
    path = ROOT / PACKAGE / name.strip("()")
    return not name.startswith("(") or path.is_dir() or path.with_suffix(".py").is_file()


def room(name: str, order: Sequence[str]) -> Room:
    """What is to be said of a room; `order` is all of them, from top to bottom."""
    folder = ROOT / PACKAGE / name
    files = sorted(folder.rglob("*.py")) or [folder.with_suffix(".py")]
    main = folder / "__init__.py" if folder.is_dir() else files[0]
    imported = {one for file in files for one in _imported(_parsed(file))} - {name}
    return Room(
        name,
        folder.is_dir(),
        _first_sentence(_parsed(main)),
        [one for one in order if one in imported],
    )


def drawn() -> str:
    """The picture."""
    order = [name for row in rows() for name in row]
    body = []
    y = HEADER
    for row in rows():
        width = (WIDTH - 2 * MARGIN - GAP * (len(row) - 1)) / len(row)
        boxes = [Box(room(name, order), width) for name in row]
        height = max(box.height for box in boxes)
        for column, box in enumerate(boxes):
            body += box.drawn(MARGIN + column * (width + GAP), y, height)
        y += height + GAP
    height = y - GAP + MARGIN
    title = "The rooms of regkit: each imports only rooms below it"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            'role="img" aria-labelledby="title">',
            f'  <title id="title">{title}</title>',
            f"  <style>\n{STYLE}\n  </style>",
            f'  <rect width="{WIDTH}" height="{height}" rx="10" fill="#ffffff"/>',
            _text("title", MARGIN, 34, title),
            *body,
            "</svg>\n",
        ]
    )


def main(picture: Path) -> None:
    """Write the picture into a file."""
    picture.write_text(drawn(), encoding="utf-8")


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'  <text class="{kind}" x="{x:g}" y="{y:g}">{escape(text)}</text>'


def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _first_sentence(module: ast.Module) -> str:
    docstring = " ".join((ast.get_docstring(module) or "").split("\n\n")[0].split())
    return docstring.partition(". ")[0].rstrip(".").replace("`", "")


def _imported(module: ast.Module) -> Iterator[str]:
    """The rooms that a file imports anywhere in it."""
    for node in ast.walk(module):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"a relative import, line {node.lineno}: write it in full")
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            package, _, rest = name.partition(".")
            if package == PACKAGE and rest:
                yield rest.partition(".")[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else PICTURE)
