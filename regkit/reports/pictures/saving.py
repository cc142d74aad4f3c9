"""The pictures, drawn and written to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from regkit.errors import InputError, StorageError
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.runs.folder import RunFolder
from regkit.storage import reason, write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FileFormat = Literal["png", "svg"]

MOST_RUNS = 12
"""More would not fit side by side."""


class Picture(Protocol):
    """The interface of each picture's module."""

    def why_not(self, run: DrawnRun) -> str | None:
        """Why a run has no such picture; None if it has one."""

    def draw(self, runs: Sequence[DrawnRun]) -> Figure:
        """The picture of runs that have it, a column for each."""


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
    if len(runs) > MOST_RUNS:
        raise InputError(f"{len(runs)} runs do not fit side by side: plot up to {MOST_RUNS}")
    pictures = _pictures()
    from regkit.reports.pictures.style import matplotlib_settings

    saved = SavedPictures([], [])
    _make(folder)
    for name, picture in pictures.items():
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
                write_whole(path, _content(picture.draw(shown), file_format))
            saved.files.append(path)
    return saved


def _pictures() -> dict[str, Picture]:
    if find_spec("matplotlib") is None:
        raise InputError(
            "pictures need matplotlib, which is not installed: pip install 'regkit-nn[plot]'"
        )
    try:
        import matplotlib as matplotlib
    except (ImportError, ValueError, OSError) as error:
        raise InputError(
            f"pictures need matplotlib, which cannot be loaded: {error}; see MPLBACKEND and your "
            "matplotlibrc"
        ) from error
    from regkit.reports.pictures import boundary, gradient_norms, losses, scores, weights, zeros

    return {
        "losses": losses,
        "scores": scores,
        "boundary": boundary,
        "weights": weights,
        "zeros": zeros,
        "gradient-norms": gradient_norms,
    }


def _make(folder: Path) -> None:
    if folder.is_symlink() and RunFolder(folder.parent).holds_run:
        raise InputError(f"{folder} is a symbolic link: a run's folder must not lead out of itself")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot create the folder {folder}: {reason(error)}") from error


def _content(figure: Figure, file_format: FileFormat) -> bytes:
    buffer = BytesIO()
    # The date is the only content that would change between calls.
    metadata = {"Date": None} if file_format == "svg" else None
    figure.savefig(buffer, format=file_format, metadata=metadata)
    return buffer.getvalue()
