"""Which of regkit's files are entered while something runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import regkit

PACKAGE = Path(regkit.__file__).parent


@contextmanager
def entered() -> Iterator[set[Path]]:
    """The files of regkit of which a function is called inside, relative to the package."""
    files: set[Path] = set()

    def look(frame: FrameType, event: str, argument: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(PACKAGE):
            files.add(path.relative_to(PACKAGE))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield files
    finally:
        sys.setprofile(before)


def rooms(files: set[Path]) -> set[str]:
    """The folders of the package in which the files lie; files beside them belong to none."""
    return {path.parts[0] for path in files if len(path.parts) > 1}
