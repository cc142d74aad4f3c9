"""Carrying out a study that a command has prepared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from regkit.cli.estimates import echo_estimate
from regkit.cli.options import classes_from
from regkit.cli.study_options import StudyFlags
from regkit.cli.study_reporters import study_reporter
from regkit.errors import InputError
from regkit.studies.duration import Estimate
from regkit.studies.events import StudyWatcher
from regkit.studies.execution import Engine
from regkit.studies.processes import engine_for


class Result(Protocol):
    """What a study found; as text, a table and a verdict."""

    @property
    def run(self) -> Path | None:
        """The folder of the winner's run, if there is one."""

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data."""


R = TypeVar("R", bound=Result, covariant=True)


class Prepared(Protocol[R]):
    """A study whose arguments are checked."""

    def estimate(self, workers: int | None, classes: Sequence[type]) -> Estimate:
        """How long it would take."""

    def carry_out(self, engine: Engine, out: Path | None, watch: StudyWatcher | None = None) -> R:
        """Do what is missing."""


def carry_out(prepared: Prepared[R], flags: StudyFlags, which_run: Callable[[R], str]) -> R | None:
    """Do what the flags ask for, and print it; None if that was an estimate.

    Args:
        prepared: the study.
        flags: those that studies share.
        which_run: says of the result which run was saved.

    Raises:
        InputError: `--workers` and `--dask` are both given, or one cannot be used.
    """
    if flags.dry_run:
        classes = classes_from(flags.plugin_files)
        echo_estimate(prepared.estimate(flags.workers, classes), as_json=flags.as_json)
        return None
    engine = _engine(flags)
    reporter = study_reporter(as_json=flags.as_json, quiet=flags.quiet)
    with reporter, reporter.telling_how_to_go_on(flags.out):
        found = prepared.carry_out(engine, flags.out, reporter)
    lines = [str(found)]
    if found.run is not None:
        lines.append(f"saved in {flags.out}; {which_run(found)}: {found.run}")
    reporter.end(found.as_dict(), "\n".join(lines))
    return found


def _engine(flags: StudyFlags) -> Engine:
    if flags.dask is None:
        return engine_for(None, flags.workers)
    if flags.workers is not None:
        raise InputError("--workers is for processes on this machine: leave it out with --dask")
    from regkit.studies.cluster import dask_cluster

    return dask_cluster(flags.dask)
