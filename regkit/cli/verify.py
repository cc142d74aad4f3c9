"""`regkit verify`."""

from __future__ import annotations

from pathlib import Path

import click

from regkit.cli.completion import RunFolder
from regkit.cli.options import classes_from, debug_option, plugin_file_option


@click.command(epilog="Example: regkit verify runs/a")
@click.argument("run", type=RunFolder())
@plugin_file_option
@debug_option
def verify(run: Path, plugin_files: tuple[Path, ...]) -> None:
    """Replay a run and report the first difference and what has changed since.

    The exit code is 2 if anything differs. Nothing is written.
    """
    from regkit.runs.verify import verify as replay

    found = replay(run, plugin_files=plugin_files, classes=classes_from(plugin_files))
    for name in found.changed_files:
        click.echo(f"changed: {run / name} is not what the run wrote")
    for change in found.changes:
        click.echo(f"changed: {change}")
    if found.same:
        click.echo(f"{run}: nothing differs in {found.records} records and the parameters")
        return
    if found.replayed:
        click.echo(f"{run}: {found.records} records and the parameters are the same")
        click.get_current_context().exit(2)
    where = (
        f"the first difference is at epoch {found.first_difference}"
        if found.first_difference is not None
        else "the records are the same, but the parameters differ"
    )
    changed = found.changes or found.changed_files
    reason = "" if changed else ", though nothing in the manifest has changed"
    click.echo(f"{run}: {where}{reason}")
    click.get_current_context().exit(2)
