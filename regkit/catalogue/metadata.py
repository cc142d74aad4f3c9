"""The entry points of installed distributions, read once, and again when the path changes.

Nothing is imported here. The metadata of each distribution that offers regularizers are parsed
once; for the others only the names of the entry-point groups are read.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, EntryPoint, distribution, distributions
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from regkit.warn import warn

GROUP = "regkit"


@dataclass(frozen=True)
class Offering:
    """A distribution with entry points in the group `regkit`.

    Attributes:
        roots: where its modules may lie: beside its metadata or, for an editable installation, in
            its project's folder.
    """

    name: str
    version: str
    summary: str | None
    roots: tuple[Path, ...]
    entry_points: tuple[EntryPoint, ...]


def offerings() -> tuple[Offering, ...]:
    """Every distribution that offers regularizers; an unreadable one does not hide the others."""
    return _read(tuple((entry, _changed(entry)) for entry in sys.path))


def normalized(distribution: str) -> str:
    """A distribution's name, normalized as in PEP 503."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _changed(entry: str) -> int:
    """When a folder on the path last changed: installing and removing changes it."""
    try:
        return os.stat(entry or ".").st_mtime_ns  # noqa: PTH116 - asked often, and a path is slow
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
                # The first of a name on the path hides the others, as for imports.
                found[name] = _offering(distribution(name))
        except Exception:  # noqa: BLE001 - damaged metadata may raise anything
            warn(
                "the metadata of a distribution cannot be read, so its regularizers are left out: "
                f"{_called(candidate)} in {candidate.locate_file('')}"
            )
    return tuple(found.values())


def _called(candidate: Distribution) -> str:
    try:
        return str(candidate.name)
    except Exception:  # noqa: BLE001 - its name may be damaged
        return "one without a name"


def _editable_root(chosen: Distribution) -> list[Path]:
    """The project's folder of an editable installation, as PEP 610 records it."""
    origin = json.loads(chosen.read_text("direct_url.json") or "{}")
    url = urlsplit(origin.get("url", ""))
    if url.scheme != "file" or not origin.get("dir_info", {}).get("editable"):
        return []
    folder = Path(url2pathname(url.path))
    return [folder, folder / "src"]


def _offering(chosen: Distribution) -> Offering:
    metadata = chosen.metadata
    return Offering(
        metadata["Name"],
        metadata["Version"],
        metadata["Summary"] if "Summary" in metadata else None,  # noqa: SIM401 - it has no get
        (Path(str(chosen.locate_file(""))), *_editable_root(chosen)),
        tuple(chosen.entry_points.select(group=GROUP)),
    )
