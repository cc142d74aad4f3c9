"""`regkit plot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from regkit.cli.completion import RunFolder
from regkit.cli.options import debug_option, weights_option

if TYPE_CHECKING:
    from regkit.reports.pictures import FileFormat


@click.command(epilog="Example: regkit plot runs/a runs/b --out pictures")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=RunFolder())
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the pictures; required for several runs.  [default: RUN/plots]",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["png", "svg"]),
    default="png",
    show_default=True,
    help="File format of the pictures.",
)
@click.option(
    "--overlay",
    is_flag=True,
    help="Draw the lines of all runs in the same panels, as is done with more than 12.",
)
@weights_option
@debug_option
def plot(
    runs: tuple[Path, ...],
    out: Path | None,
    file_format: FileFormat,
    overlay: bool,
    weights: str | None,
) -> None:
    """Plot runs side by side: losses, scores, boundaries, fits, weights, zeros.

    Overlaid runs that differ in their seed alone become one line with a band.

    Prints the names of the files it writes and, on stderr, which weights it takes. A run that is
    still training is plotted up to its last record. Imports no plugin.
    """
    from regkit.reports.pictures import drawn_runs, save_pictures

    if out is None and len(runs) > 1:
        raise click.UsageError("several runs have no common folder: choose one with --out DIR")
    drawn = drawn_runs(runs, weights=weights)
    saved = save_pictures(drawn, out or runs[0] / "plots", file_format=file_format, overlay=overlay)
    for note in saved.notes:
        click.echo(f"Note: {note}", err=True)
    for file in saved.files:
        click.echo(file)
