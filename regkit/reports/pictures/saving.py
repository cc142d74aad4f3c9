"""The pictures, drawn and written to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regkit.errors import InputError, StorageError
from regkit.reports.pictures.content import FileFormat, content
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.kinds import pictures, require_room
from regkit.runs.folder import RunFolder
from regkit.storage import reason, write_whole


@dataclass(frozen=True)
class SavedPictures:
    """The files that were written, and a line for each picture that a run does not have."""

    files: list[Path]
    left_out: list[str]


def save_pictures(
    runs: Sequence[DrawnRun], folder: Path, *, file_format: FileFormat = "png"
) -> SavedPictures:
    """Draw every picture that the runs have into a folder; pictures of that name are replaced.

    The same runs give the same bytes, with the same matplotlib.

    Args:
        runs: to be shown side by side; 12 at most.
        folder: where the files go; it is created if needed.
        file_format: "png" or "svg".

    Raises:
        InputError: there are too many runs, or matplotlib is not installed.
        StorageError: a file cannot be written.
    """
    require_room(len(runs))
    kinds = pictures()
    from regkit.reports.pictures.style import matplotlib_settings

    saved = SavedPictures([], [])
    _make(folder)
    for name, picture in kinds.items():
        shown = []
        for run in runs:
            reason = picture.why_not(run)
            if reason is None:
                shown.append(run)
            else:
                saved.left_out.append(f"{name} is left out for {run.path}: {reason}")
        if shown:
            path = folder / f"{name}.{file_format}"
            with matplotlib_settings():
                write_whole(path, content(picture.draw(shown), file_format))
            saved.files.append(path)
    return saved


def _make(folder: Path) -> None:
    if folder.is_symlink() and RunFolder(folder.parent).holds_run:
        raise InputError(f"{folder} is a symbolic link: a run's folder must not lead out of itself")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot create the folder {folder}: {reason(error)}") from error
