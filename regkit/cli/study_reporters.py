"""The output of studies while they go on: a progress bar, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import click

from regkit.cli import say
from regkit.cli.terminals import is_piped, is_terminal
from regkit.cli.termination import Terminated
from regkit.errors import RegkitError
from regkit.studies.counts import counted
from regkit.studies.events import Begun, Finished, Planned, StudyEvent, TrainingRun, TrialEnded
from regkit.studies.folder import ROWS, plain, rows_in
from regkit.studies.task import FAILED


class StudyReporter:
    """Shows nothing but that cells failed; subclasses show more."""

    def __init__(self) -> None:
        self._begun = Begun(0)
        self._finished = 0
        self._trials = 0
        self._rows = 0
        self._failed: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __call__(self, event: StudyEvent) -> None:
        """Count."""
        match event:
            case Begun():
                self._begun = event
            case Planned(_, finished):
                self._finished += finished
            case TrialEnded():
                self._trials += 1
            case Finished(outcome):
                self._finished += 1
                self._rows += len(outcome.rows)
                self._failed += [row[FAILED] for row in outcome.rows if FAILED in row]

    @contextmanager
    def telling_how_to_go_on(self, out: Path | None) -> Iterator[None]:
        """If the context is left by a signal, say what is kept."""
        try:
            yield
        except (KeyboardInterrupt, Terminated):
            self.close()
            with suppress(OSError, RegkitError):
                if out is None:
                    done = self._done(self._finished)
                    say(f"{done} were finished; with --out they would have been kept")
                else:
                    # The signal may have come between keeping a row and telling of it.
                    done = self._done(len(rows_in(out / ROWS)))
                    say(f"{done} are kept in {out}; the same command goes on with them")
            raise

    def _done(self, tasks: int) -> str:
        """How far the study is, with so many finished tasks."""
        total = counted(self._begun.total, self._begun.of)
        if self._begun.of == "trial":
            return f"{self._trials} of {total} and {counted(tasks, 'training')}"
        return f"{tasks} of {total}"

    def close(self) -> None:
        """Nothing to close."""

    def end(self, result: dict[str, Any], text: str) -> None:
        """Show the result, given as plain data and as text."""
        if self._failed:
            say(f"Warning: {len(self._failed)} of {self._rows} failed: {self._failed[0]}")


class JsonCells(StudyReporter):
    """One JSON object a line on stdout: `{"event": "cell", …}`, and last `{"event": "end", …}`."""

    def __call__(self, event: StudyEvent) -> None:
        """A line for each row, and for each trial of a sweep."""
        super().__call__(event)
        match event:
            case Finished(outcome):
                for row in outcome.rows:
                    _print("cell", row)
            case TrialEnded(trial):
                _print("trial", trial)

    def end(self, result: dict[str, Any], text: str) -> None:
        """The last line."""
        _print("end", result)


class CellsBar(StudyReporter):
    """A progress bar on stderr, in a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None

    def __call__(self, event: StudyEvent) -> None:
        """Move the bar."""
        super().__call__(event)
        match event:
            case Planned(tasks, finished) if is_terminal(sys.stderr) and not is_piped(sys.stdout):
                if self._bar is None:
                    from tqdm import tqdm

                    self._bar = tqdm(
                        total=tasks, initial=finished, unit="cell", file=sys.stderr, leave=False
                    )
                else:
                    self._bar.total += tasks
                    self._bar.initial += finished  # They took no time.
                    self._bar.update(finished)
            case Finished() if self._bar is not None:
                self._bar.update()
            case TrainingRun(winner, seed):
                self.close()
                if is_terminal(sys.stderr):
                    say(f"training the run of {winner} with seed {seed}, on all rows")

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def end(self, result: dict[str, Any], text: str) -> None:
        """The result as text, where the bar was."""
        self.close()
        click.echo(text)


def study_reporter(*, as_json: bool, quiet: bool) -> StudyReporter:
    """The reporter for these flags."""
    if as_json:
        return JsonCells()
    return StudyReporter() if quiet else CellsBar()


def _print(event: str, data: dict[str, Any]) -> None:
    click.echo(json.dumps({"event": event, **plain(data)}, ensure_ascii=False))
