"""The entry points of installed distributions, read once a process and again when the path changes.

Nothing is imported here. Of each distribution that offers regularizers the metadata are parsed
once; of the others only the names of the entry-point groups are looked at.
"""

from __future__ import annotations

import re
import sys
import warnings
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, EntryPoint, distribution, distributions
from pathlib import Path

from regkit.errors import RegkitWarning

GROUP = "regkit"


@dataclass(frozen=True)
class Offering:
    """A distribution with entry points in the group `regkit`."""

    name: str
    version: str
    summary: str | None
    root: Path
    entry_points: tuple[EntryPoint, ...]


def offerings() -> tuple[Offering, ...]:
    """Every distribution that offers regularizers; one that cannot be read hides no other."""
    return _read(tuple((entry, _changed(entry)) for entry in sys.path))


def normalized(distribution: str) -> str:
    """A distribution's name as PyPA's name normalization (PEP 503) has it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _changed(entry: str) -> int:
    """When a folder on the path last changed: installing and removing changes it."""
    try:
        return Path(entry or ".").stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _read(path: tuple[tuple[str, int], ...]) -> tuple[Offering, ...]:
    found: dict[str, Offering] = {}
    for candidate in distributions():
        try:
            if f"[{GROUP}]" not in (candidate.read_text("entry_points.txt") or ""):
                continue
            name = normalized(candidate.name)
            if name not in found:
                # The first of a name on the path hides the others, as it does for imports.
                found[name] = _offering(distribution(name))
        except Exception:  # noqa: BLE001 - whatever a damaged one brings
            warnings.warn(
                "the metadata of a distribution cannot be read, so its regularizers are left out: "
                f"{_called(candidate)} in {candidate.locate_file('')}",
                RegkitWarning,
                stacklevel=2,
            )
    return tuple(found.values())


def _called(candidate: Distribution) -> str:
    try:
        return str(candidate.name)
    except Exception:  # noqa: BLE001 - its name may be what is damaged
        return "one without a name"


def _offering(chosen: Distribution) -> Offering:
    metadata = chosen.metadata
    return Offering(
        metadata["Name"],
        metadata["Version"],
        metadata["Summary"] if "Summary" in metadata else None,  # noqa: SIM401 - it has no get
        Path(str(chosen.locate_file(""))),
        tuple(chosen.entry_points.select(group=GROUP)),
    )
