"""Names given by users, as a picture shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from regkit.errors import InputError

LONGEST = 32


def shortened(name: str, longest: int = LONGEST) -> str:
    """A name on one line, without its middle if it is too long."""
    line = " ".join(name.split())
    half = (longest - 1) // 2
    return line if len(line) <= longest else f"{line[:half]}…{line[-half:]}"


def distinct(names: Sequence[str], longest: int) -> list[str]:
    """The names shortened, after their number where some would look alike."""
    found = [shortened(name, longest) for name in names]
    if len(set(found)) < len(found):
        found = [shortened(f"{at} {name}", longest) for at, name in enumerate(names)]
    return found


def in_natural_order(paths: Sequence[Path]) -> list[Path]:
    """Paths in the order in which a shell lists them, with numbers by size: l2 before l10.

    Paths in any other order were put into it by their giver, and keep it.
    """
    names = [str(path) for path in paths]
    if names != sorted(names):
        return list(paths)
    return sorted(
        paths, key=lambda path: [(part.isdecimal() and int(part), part) for part in _parts(path)]
    )


def _parts(path: Path) -> list[str]:
    """The digits and what stands between them, in turn."""
    return re.split(r"([0-9]+)", str(path))


def run_names(paths: Sequence[Path]) -> list[str]:
    """A name for each run: the shortest end of its path that is unique.

    Raises:
        InputError: a folder is given twice.
    """
    whole = [path.resolve() for path in paths]
    for path, place in zip(paths, whole, strict=True):
        if whole.count(place) > 1:
            raise InputError(f"{path} is given twice")
    depth = 1
    while len({place.parts[-depth:] for place in whole}) < len(whole):
        depth += 1
    return ["/".join(place.parts[-depth:]) for place in whole]
