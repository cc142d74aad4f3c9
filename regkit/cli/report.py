"""`regkit report`."""

from __future__ import annotations

from pathlib import Path

import click

from regkit.cli.completion import RunFolder
from regkit.cli.options import debug_option


@click.command(epilog="Example: regkit report study --out page.html")
@click.argument("sources", metavar="RUN_OR_STUDY...", nargs=-1, required=True, type=RunFolder())
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.html",
    help="The page.",
)
@click.option("--force", is_flag=True, help="Replace a page that exists.")
@debug_option
def report(sources: tuple[Path, ...], out: Path, force: bool) -> None:
    """Write one page about runs and studies: verdict, pictures, ledger, how to reproduce.

    The page needs no network and has the same bytes when it is made again. Imports no plugin.
    """
    from regkit.reports.report import report as write

    click.echo(write(*sources, out=out, force=force))
