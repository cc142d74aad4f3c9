"""The pictures, drawn and written to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regkit.errors import InputError, StorageError
from regkit.reports.pictures.content import FileFormat, content
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.kinds import MOST_RUNS, Picture, overlaid_pictures, pictures, suiting
from regkit.runs.folder import RunFolder
from regkit.storage import reason, write_whole

MOST_PATHS = 3
"""A note names so many runs, and counts the rest."""


@dataclass(frozen=True)
class SavedPictures:
    """What was drawn.

    Attributes:
        files: the files that were written.
        notes: a line for each matter that they do not show by themselves: which weights are drawn,
            which pictures runs of their kind could have and do not, and what is done with more
            runs than fit.
    """

    files: list[Path]
    notes: list[str]


def save_pictures(
    runs: Sequence[DrawnRun],
    folder: Path,
    *,
    file_format: FileFormat = "png",
    overlay: bool = False,
) -> SavedPictures:
    """Draw every picture that the runs have into a folder; pictures of that name are replaced.

    The same runs give the same bytes, with the same matplotlib.

    Args:
        runs: to be shown side by side. More than 12 are overlaid in the pictures that allow it; in
            the others the first 12 are shown.
        folder: where the files go; it is created if needed.
        file_format: "png" or "svg".
        overlay: whether to overlay fewer, too.

    Raises:
        InputError: matplotlib is not installed.
        StorageError: a file cannot be written.
    """
    kinds, overlaid = pictures(), overlaid_pictures()
    from regkit.reports.pictures.style import matplotlib_settings

    _make(folder)
    files, notes = [], []
    with_model: set[Path] = set()
    if len(runs) > MOST_RUNS and not overlay:
        names = ", ".join(overlaid)
        notes.append(f"{len(runs)} runs do not fit side by side: overlaid in {names}")
    for name, picture in kinds.items():
        shown, left_out = _having(picture, suiting(name, runs))
        for why, without in left_out.items():
            notes.append(f"{name} is left out for {_listed(without)}: {why}")
        draw = picture.draw
        if name in overlaid and (overlay or len(runs) > MOST_RUNS):
            draw = overlaid[name].overlay
        elif name not in overlaid:
            if len(shown) > MOST_RUNS:
                notes.append(f"{name} shows the first {MOST_RUNS} of {len(shown)} runs")
            shown = shown[:MOST_RUNS]
            with_model |= {run.path for run in shown}
        if shown:
            path = folder / f"{name}.{file_format}"
            with matplotlib_settings():
                write_whole(path, content(draw(shown), file_format))
            files.append(path)
    weights = [
        f"{run.path} is drawn with {run.saved.weights_title}"
        for run in runs
        if run.saved is not None and run.path in with_model
    ]
    return SavedPictures(files, weights + notes)


def _having(
    picture: Picture, runs: Sequence[DrawnRun]
) -> tuple[list[DrawnRun], dict[str, list[Path]]]:
    """The runs that have a picture, and the others by the reason why they do not."""
    shown: list[DrawnRun] = []
    left_out: dict[str, list[Path]] = {}
    for run in runs:
        why = picture.why_not(run)
        if why is None:
            shown.append(run)
        else:
            left_out.setdefault(why, []).append(run.path)
    return shown, left_out


def _listed(paths: Sequence[Path]) -> str:
    if len(paths) <= MOST_PATHS:
        return ", ".join(map(str, paths))
    return f"{paths[0]} and {len(paths) - 1} more"


def _make(folder: Path) -> None:
    if folder.is_symlink() and RunFolder(folder.parent).holds_run:
        raise InputError(f"{folder} is a symbolic link: a run's folder must not lead out of itself")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot create the folder {folder}: {reason(error)}") from error
