"""Draws the pictures of runs that the pages show: `python docs/draw_runs.py [FOLDER]`.

It runs the commands of the page that save runs or plot them, as they stand there, and keeps one of
the pictures, with fewer colours, which makes the file a third of its size.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

DOCS = Path(__file__).parent
PICTURES: Mapping[str, tuple[Path, str]] = {
    "boundary.png": (DOCS.parent / "README.md", "pictures/boundary.png"),
    "losses.png": (DOCS / "tutorial.md", "pictures/losses.png"),
}
"""Each picture, the page whose commands make it, and the name under which they save it."""

COMMAND = re.compile(r"^\$ (regkit .*(?:\n> .*)*)", re.MULTILINE)
COLOURS = 32


def main(folder: Path) -> None:
    """Write all pictures into the folder."""
    for name, (page, saved_as) in PICTURES.items():
        with TemporaryDirectory() as workplace:
            for command in commands(page.read_text(encoding="utf-8")):
                subprocess.run(command, shell=True, check=True, cwd=workplace)
            picture = Image.open(Path(workplace, saved_as)).convert("RGB")
        few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(folder / name, optimize=True)


def commands(text: str) -> list[str]:
    """The commands of a page that save something in a folder: runs, and pictures of them."""
    found = (one.replace("\n> ", "\n") for one in COMMAND.findall(text))
    return [one for one in found if " --out " in one]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else DOCS / "img")
