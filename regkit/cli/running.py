"""Running a session to its end, from `regkit train` and from `regkit resume`."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from regkit.cli.interruption import Interruption, interruptible

if TYPE_CHECKING:
    from regkit.cli.report import Report
    from regkit.runs.session import RunSession


def run(session: RunSession, report: Report) -> None:
    """Train to the end and say how it went.

    A session with a folder finishes its epoch on Ctrl-C or SIGTERM, saves, and says how to go on;
    one without has nothing to save and ends at once.
    """
    job, folder = session.job, session.folder
    started = time.perf_counter()
    keeping = nullcontext(Interruption()) if folder is None else interruptible(session.stop)
    with keeping as interruption, report:
        for record in session.records():
            report.epoch(record)
    if folder is not None and interruption.signal is not None and not session.finished:
        click.echo(
            f"{interruption.signal.name} after epoch {session.training.epoch - 1}; "
            f"go on with: regkit resume {folder.path}",
            err=True,
        )
        click.get_current_context().exit(interruption.exit_code)
    seconds = time.perf_counter() - started
    _say_why_it_stopped(session)
    if job.config.zero_small:
        before = job.held_out()
        report.zeroed(session.zero_small(), before, job.held_out())
    report.end(session.training.epoch, job.objective(), job.held_out(), seconds)
    if folder is not None:
        report.remark(f"saved in {folder.path}; see it with: regkit plot {folder.path}")


def _say_why_it_stopped(session: RunSession) -> None:
    stop = session.by_data_loss.stop_epoch
    penalized = session.by_penalized_loss.stop_epoch
    if stop is not None:
        click.echo(
            f"Note: stopped at epoch {stop}: the data loss on validation was best at epoch "
            f"{session.by_data_loss.best_epoch}",
            err=True,
        )
    if stop != penalized:
        when = f"at epoch {penalized}" if penalized is not None else "later or not at all"
        click.echo(f"Note: the penalized loss would have stopped the run {when}", err=True)
