"""`regkit resume`."""

from __future__ import annotations

from pathlib import Path

import click

from regkit.cli.options import (
    classes_from,
    debug_option,
    json_option,
    plugin_file_option,
    quiet_option,
)


@click.command(epilog="Example: regkit resume runs/a --epochs 20000")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--epochs", type=int, help="Total number of epochs to train.")
@plugin_file_option
@json_option
@quiet_option
@debug_option
def resume(
    run: Path, epochs: int | None, plugin_files: tuple[Path, ...], as_json: bool, quiet: bool
) -> None:
    """Resume a run from its last checkpoint, bit for bit.

    A run without a checkpoint starts again; a finished run is left unchanged.
    """
    from regkit.cli.interruption import Interruption
    from regkit.cli.reporters import reporter_for
    from regkit.runs.execute import finish
    from regkit.runs.start import reopened

    interruption = Interruption()
    with reopened(
        run, plugin_files=plugin_files, classes=classes_from(plugin_files), epochs=epochs
    ) as (session, changes):
        if session.finished:
            click.echo(
                f"{run} is finished after {session.training.epoch} epochs; "
                f"train further with: regkit resume {run} --epochs N",
                err=True,
            )
            return
        for change in changes:
            click.echo(f"Note: {change}; the run may not resume bit for bit", err=True)
        epochs_in_all = session.training.plan.epochs
        with reporter_for(epochs=epochs_in_all, as_json=as_json, quiet=quiet) as reporter:
            outcome = finish(session, watch=reporter, while_training=interruption.while_training)
    interruption.exit_if_stopped(outcome, run)
