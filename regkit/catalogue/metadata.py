"""The entry points of installed distributions, read once, and again when the path changes.

Nothing is imported here. The metadata of each distribution that offers regularizers are parsed
once; for the others only the names of the entry-point groups are read.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from regkit.catalogue.distributions import Distribution, distributions
from regkit.catalogue.entry_point import EntryPoint, entry_points
from regkit.warn import warn

GROUP = "regkit"


@dataclass(frozen=True)
class Offering:
    """A distribution with entry points in the group `regkit`.

    Attributes:
        folder: where its metadata lie.
        project: the path in the URL of an editable installation's project; None if it is none.
    """

    name: str
    version: str
    summary: str | None
    folder: Path
    project: str | None
    entry_points: tuple[EntryPoint, ...]

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders that may hold its modules, that of its metadata first."""
        if self.project is None:
            return (self.folder,)
        # Imported here: it loads an HTTP client, and only summaries need it.
        from urllib.request import url2pathname

        project = Path(url2pathname(self.project))
        return self.folder, project, project / "src"


def offerings() -> tuple[Offering, ...]:
    """Every distribution that offers regularizers; an unreadable one does not hide the others."""
    return _read(tuple((entry, _changed(entry)) for entry in sys.path))


def _changed(entry: str) -> int:
    """When a folder on the path last changed: installing and removing changes it."""
    try:
        return os.stat(entry or ".").st_mtime_ns  # noqa: PTH116 - asked often, and a path is slow
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _read(path: tuple[tuple[str, int], ...]) -> tuple[Offering, ...]:
    found = []
    for one in distributions():
        try:
            text = one.read("entry_points.txt") or ""
            if f"[{GROUP}]" in text:
                found.append(_offering(one, text))
        except Exception:  # noqa: BLE001 - damaged metadata may raise anything
            warn(
                "the metadata of a distribution cannot be read, so its regularizers are left out: "
                f"{one.name} in {one.root}"
            )
    return tuple(found)


def _offering(one: Distribution, text: str) -> Offering:
    fields = one.fields()
    return Offering(
        fields["Name"],
        fields["Version"],
        fields.get("Summary"),
        one.root,
        _editable_project(one),
        entry_points(text, GROUP),
    )


def _editable_project(one: Distribution) -> str | None:
    """The path in the URL of an editable installation's project, as PEP 610 records it."""
    origin = json.loads(one.read("direct_url.json") or "{}")
    url = urlsplit(origin.get("url", ""))
    editable = url.scheme == "file" and origin.get("dir_info", {}).get("editable")
    return url.path if editable else None
