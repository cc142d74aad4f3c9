"""Pictures from Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from regkit.arguments import boolean
from regkit.arguments import path as as_path
from regkit.errors import InputError
from regkit.reports.pictures.content import FileFormat, content
from regkit.reports.pictures.curves import Curves
from regkit.reports.pictures.drawn_run import DrawnRun, drawn_run, require_records
from regkit.reports.pictures.kinds import MOST_RUNS, overlaid_pictures, pictures
from regkit.reports.pictures.names import run_names, shortened
from regkit.runs.folder import RunFolder
from regkit.runs.saved import SavedRun
from regkit.storage import write_whole
from regkit.suggestions import did_you_mean
from regkit.training import Record

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Drawable = str | Path | SavedRun | Sequence[Record]


def plot(
    *runs: Drawable,
    picture: str = "losses",
    names: Sequence[str] | None = None,
    weights: str | None = None,
    out: str | Path | None = None,
    overlay: bool = False,
) -> Figure:
    """A picture of one or several trainings, side by side or in the same panels.

    Args:
        runs: what `regkit.train` returned, what `regkit.load` returned, or the folder of a run.
        picture: `"losses"` (losses and penalties by epoch), `"scores"`, `"zeros"` or
            `"gradient-norms"`; of runs with saved weights also `"weights"`, and `"boundary"` of a
            classifier with two inputs or `"fit"` of a regression.
        names: a title for each; by default the name of the folder, or a number.
        weights: which weights of a folder are drawn, as for `regkit.load`.
        out: a `.png` or `.svg` file to write, too.
        overlay: whether all are drawn in the same panels, for losses, scores, zeros and gradient
            norms; more than 12 always are. Those that differ in their seed alone become one line,
            the mean over the epochs that they have in common, with a band from the least to the
            largest value: runs by their saved settings, histories where they have equal `names`.

    Returns:
        A matplotlib figure, which notebooks show.

    Raises:
        InputError: there is nothing to draw, there is no such picture, a run does not have it, it
            cannot be overlaid, or matplotlib is not installed.
        StorageError: `out` cannot be written.
    """
    if not runs:
        raise InputError("give what is to be drawn: a history, a run or its folder")
    kinds = pictures()
    if picture not in kinds:
        hint = did_you_mean(picture, kinds) or f"there are {', '.join(kinds)}"
        raise InputError(f"picture {picture!r} is not known: {hint}")
    overlaid = None
    if boolean("overlay", overlay) or len(runs) > MOST_RUNS:
        overlaid = overlaid_pictures().get(picture)
        if overlaid is None and overlay:
            raise InputError(f"picture {picture!r} cannot be overlaid: leave out overlay=True")
        if overlaid is None:
            raise InputError(
                f"{len(runs)} runs do not fit side by side in picture {picture!r}: "
                f"draw up to {MOST_RUNS}"
            )
    file = None if out is None else as_path("out", out)
    file_format = None if file is None else _format_of(file)
    drawn = [
        _drawn(one, shortened(name), weights)
        for one, name in zip(runs, _names(runs, names), strict=True)
    ]
    for run in drawn:
        reason = kinds[picture].why_not(run)
        if reason is not None:
            raise InputError(f"{run.name} has no picture {picture!r}: {reason}")
    from regkit.reports.pictures.style import matplotlib_settings

    with matplotlib_settings():
        figure = kinds[picture].draw(drawn) if overlaid is None else overlaid.overlay(drawn)
        if file is not None and file_format is not None:
            write_whole(file, content(figure, file_format))
    return figure


def _format_of(file: Path) -> FileFormat:
    for known in get_args(FileFormat):
        if file.suffix.lower() == f".{known}":
            return cast("FileFormat", known)
    raise InputError(f"{file} must end in .png or .svg")


def _names(runs: Sequence[Drawable], names: Sequence[str] | None) -> list[str]:
    if names is not None:
        if isinstance(names, str) or len(names) != len(runs):
            raise InputError(f"names must be a list of {len(runs)}, got {names!r}")
        return [str(name) for name in names]
    folders = [_folder(one) for one in runs]
    titles = iter(run_names([one for one in folders if one is not None]))
    return [
        f"training {number}" if folder is None else next(titles)
        for number, folder in enumerate(folders, start=1)
    ]


def _folder(one: Drawable) -> Path | None:
    if isinstance(one, SavedRun):
        return one.path
    return Path(one) if isinstance(one, str | Path) else None


def _drawn(one: Drawable, name: str, weights: str | None) -> DrawnRun:
    if isinstance(one, SavedRun):
        records = one.records
        require_records(records, RunFolder(one.path), one.config)
        return DrawnRun(name, one.path, Curves.of(records, one.path), one, one.config)
    if isinstance(one, str | Path):
        return drawn_run(Path(one), name, weights)
    records = list(one) if isinstance(one, Iterable) else [one]
    if not all(isinstance(record, Record) for record in records):
        raise InputError(f"a history, a run or its folder can be drawn, got {type(one).__name__}")
    if not records:
        raise InputError(f"{name} has no records to draw")
    return DrawnRun(name, Path(name), Curves.of(records, Path(name)), None)
