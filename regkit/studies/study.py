"""Carrying out a study: what is missing is done, and kept as soon as it is finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from regkit.studies.events import Finished, Planned, StudyEvent, StudyWatcher
from regkit.studies.execution import Engine, run_tasks
from regkit.studies.folder import Check, StudyFolder, plain
from regkit.studies.plan import StudyPlan
from regkit.studies.task import Outcome, Row, Task, require_own
from regkit.warn import warn

MOST_WARNINGS = 5
"""So many different warnings of cells are shown."""


class Study:
    """A study that is being carried out.

    Attributes:
        folder: None if nothing is saved.
    """

    def __init__(
        self, folder: StudyFolder | None, engine: Engine, watch: StudyWatcher | None
    ) -> None:
        self.folder = folder
        self._engine = engine
        self._watch: StudyWatcher = watch or _nobody
        self._rows: dict[str, list[Row]] = {} if folder is None else folder.finished
        self._warned: set[str] = set()
        self._keys: list[str] = []

    def rows(self, tasks: Sequence[Task]) -> list[Row]:
        """The rows of these tasks, in their order; those that are missing are done first.

        Raises:
            InputError: the engine cannot do them, or the folder's rows are not those of a task.
            StorageError: a row cannot be written.
        """
        require_own(tasks, self._rows)
        missing = [task for task in tasks if task.key not in self._rows]
        self._keys += [task.key for task in tasks]
        self._watch(Planned(len(tasks), len(tasks) - len(missing)))
        if missing:
            run_tasks(missing, self._engine, self._done)
        return [row for task in tasks for row in self._rows[task.key]]

    def complete(self, result: dict[str, Any]) -> None:
        """Save the summary, and all rows in the order of their tasks."""
        if self.folder is not None:
            self.folder.complete(self._keys, result)

    def tell(self, event: StudyEvent) -> None:
        """Tell whoever watches."""
        self._watch(event)

    def _done(self, outcome: Outcome) -> None:
        if self.folder is None:
            self._rows[outcome.key] = plain(outcome.rows)
        else:
            self.folder.add(outcome)
        for text in outcome.warnings:
            self._warn(text)
        self._watch(Finished(outcome))

    def _warn(self, text: str) -> None:
        if text in self._warned or len(self._warned) > MOST_WARNINGS:
            return
        self._warned.add(text)
        if len(self._warned) <= MOST_WARNINGS:
            warn(f"{text} (in a cell of the study)")
        else:
            warn("further warnings of the study's cells are not shown")


@contextmanager
def carried_out(
    plan: StudyPlan,
    *,
    out: Path | None,
    engine: Engine,
    watch: StudyWatcher | None = None,
    check: Check | None = None,
) -> Iterator[Study]:
    """A study, new or continued.

    Args:
        plan: what determines its rows.
        out: its folder; None to save nothing.
        engine: where its tasks are performed.
        watch: called with each event.
        check: called with the folder, if there is one, before anything in it changes.

    Raises:
        InputError: the folder holds something else.
        StorageError: it cannot be written to.
    """
    if out is None:
        with engine:
            yield Study(None, engine, watch)
        return
    with StudyFolder.opened(out, plan, check) as folder, engine:
        yield Study(folder, engine, watch)


def _nobody(event: object) -> None:
    """The default watcher, which does nothing."""
