"""`regkit resume`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from regkit.cli.completion import RunFolder
from regkit.cli.options import (
    classes_from,
    debug_option,
    json_option,
    plugin_file_option,
    quiet_option,
)

if TYPE_CHECKING:
    from regkit.runs.session import RunSession


@click.command(epilog="Example: regkit resume runs/a --epochs 20000")
@click.argument("run", type=RunFolder())
@click.option("--epochs", type=int, help="Total number of epochs to train.")
@plugin_file_option
@json_option
@quiet_option
@debug_option
def resume(
    run: Path, epochs: int | None, plugin_files: tuple[Path, ...], as_json: bool, quiet: bool
) -> None:
    """Resume a run from its last checkpoint, bit for bit.

    A run without a checkpoint starts again; a finished run is left unchanged, and so is one that
    --patience stopped, whatever --epochs says.
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
            click.echo(_why_finished(run, session), err=True)
            return
        for change in changes:
            click.echo(f"Note: {change}; the run may not resume bit for bit", err=True)
        epochs_in_all = session.training.plan.epochs
        with reporter_for(epochs=epochs_in_all, as_json=as_json, quiet=quiet) as reporter:
            outcome = finish(session, watch=reporter, while_training=interruption.while_training)
    interruption.exit_if_stopped(outcome, run)


def _why_finished(run: Path, session: RunSession) -> str:
    training, config = session.training, session.job.config
    if training.stopped_at is None:
        return (
            f"{run} is finished after {training.epoch} epochs; "
            f"train further with: regkit resume {run} --epochs N"
        )
    return (
        f"{run} is finished: --patience {config.patience} stopped it at epoch "
        f"{training.stopped_at}, and more epochs would not change that; to train "
        f"longer, start anew: regkit train {run}/config.toml with another --patience and --out"
    )
