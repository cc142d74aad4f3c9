"""A study's folder: its plan, a row for each finished cell, and what came of it.

plan.toml       what determines the rows; the command that started the study goes on with it
rows.jsonl      a row a finished cell, with no times and no names of machines
timings.jsonl   how long each task took, and where
result.json     the summary, once the study is complete
run/            the winner, a run as `regkit train` saves it
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from regkit.errors import InputError, StorageError
from regkit.runs.folder import CONFIG
from regkit.storage import UNFINISHED, append, read_whole, reason, regular, write_whole
from regkit.studies.plan import StudyPlan
from regkit.studies.task import Outcome, Row

PLAN = "plan.toml"
ROWS = "rows.jsonl"
TIMINGS = "timings.jsonl"
RESULT = "result.json"
RUN = "run"
LOCK = ".lock"

TASK = "task"
COUNT = "of"
"""The keys that a row has in the file beside its own: its task, and the number of its rows."""

Check = Callable[["StudyFolder"], None]

MOST_BYTES = 2**30
"""No file of rows is larger."""


class StudyFolder:
    """The files of one study.

    Attributes:
        finished: the rows of each finished task, by its key.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = path / RUN
        self.finished: dict[str, list[Row]] = {}
        self._timings: dict[str, dict[str, Any]] = {}
        self._has_grown = False

    @classmethod
    @contextmanager
    def opened(
        cls, path: Path, plan: StudyPlan, check: Check | None = None
    ) -> Iterator[StudyFolder]:
        """The folder of a new study, or of one with the same plan, locked while the context lasts.

        A study that has grown is not complete any more, and keeps its rows.

        Args:
            path: the folder.
            plan: what determines the study's rows.
            check: called with the folder before anything in it changes; what it raises leaves the
                files as they were.

        Raises:
            InputError: it holds something else, another process is at work there, or the plan
                cannot be written as text.
            StorageError: it cannot be written to.
        """
        folder = cls(path)
        text = plan.to_toml()
        folder._require_usable(plan)
        with folder._locked():
            folder._require_usable(plan)
            folder._read()
            is_new = not (path / PLAN).exists()
            folder._has_grown = not is_new and plan.has_grown_from(folder._plan_text())
            if check is not None:
                check(folder)
            if is_new or folder._has_grown:
                (path / RESULT).unlink(missing_ok=True)
                write_whole(path / PLAN, text.encode())
            folder._has_grown = False
            folder._tidy()
            yield folder

    @property
    def is_complete(self) -> bool:
        """Whether the study, as large as it is now, came to its end, with the winner's run."""
        if self._has_grown:
            return False
        return (self.path / RESULT).exists() and (self.run / CONFIG).exists()

    def add(self, outcome: Outcome) -> None:
        """Keep what a task gave.

        Raises:
            StorageError: it cannot be written; the earlier rows are intact.
        """
        self.finished[outcome.key] = plain(outcome.rows)
        append(self.path / ROWS, _lines(outcome.key, outcome.rows))
        timing = {TASK: outcome.key, "seconds": outcome.seconds, "host": outcome.host}
        self._timings[outcome.key] = timing
        append(self.path / TIMINGS, _line(timing))

    def complete(self, keys: Sequence[str], result: dict[str, Any]) -> None:
        """Write rows and timings in the order of the tasks, whatever order they finished in.

        Raises:
            StorageError: a file cannot be written.
        """
        rows = b"".join(_lines(key, self.finished[key]) for key in keys)
        timings = b"".join(_line(self._timings[key]) for key in keys if key in self._timings)
        write_whole(self.path / ROWS, rows)
        write_whole(self.path / TIMINGS, timings)
        write_whole(self.path / RESULT, json.dumps(plain(result), indent=1).encode() + b"\n")

    def _require_usable(self, plan: StudyPlan) -> None:
        path = self.path
        if path.exists() and not path.is_dir():
            raise InputError(f"{path} is a file, not a folder")
        if self.run.is_symlink() or (self.run.exists() and not self.run.is_dir()):
            raise InputError(f"{self.run} is not a folder: the winner's run is saved there")
        for name in (PLAN, ROWS, TIMINGS, RESULT, LOCK):
            regular(path / name)
        if (path / CONFIG).exists():
            raise InputError(f"{path} holds a run: choose another folder for the study")
        if not (path / PLAN).exists():
            if any((path / name).exists() for name in (ROWS, TIMINGS, RESULT)):
                raise InputError(
                    f"{path} holds files of a study without its plan: choose another folder"
                )
            return
        try:
            difference = plan.difference(self._plan_text())
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path / PLAN} is not the plan of a study: {error}") from error
        if difference is not None:
            raise InputError(
                f"{path} holds a study with another plan: {difference}; choose another folder, or "
                "give what it was started with"
            )

    def _plan_text(self) -> str:
        return read_whole(self.path / PLAN, most=MOST_BYTES).decode(errors="replace")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / LOCK)
            lock.acquire(timeout=0)
        except Timeout as error:
            raise InputError(f"another process is at work on the study {self.path}") from error
        except (OSError, ValueError) as error:
            raise StorageError(f"cannot write to {self.path}: {reason(error)}") from error
        try:
            yield
        finally:
            lock.release()

    def _read(self) -> None:
        """Take up finished tasks."""
        self.finished = rows_in(self.path / ROWS)
        self._timings = {key: {TASK: key, **entry} for key, entry in _entries(self.path / TIMINGS)}

    def _tidy(self) -> None:
        """Drop what a kill left of a task in the middle."""
        for left in self.path.glob(UNFINISHED):
            left.unlink(missing_ok=True)
        _tidy(self.path / ROWS, (_lines(key, rows) for key, rows in self.finished.items()))
        _tidy(self.path / TIMINGS, map(_line, self._timings.values()))


def rows_in(path: Path) -> dict[str, list[Row]]:
    """The rows of each task that is finished, by its key.

    Raises:
        InputError: a line is not a row.
    """
    counts: dict[str, int] = {}
    found: dict[str, list[Row]] = {}
    for key, entry in _entries(path):
        counts[key] = entry.pop(COUNT, 1)
        found.setdefault(key, []).append(entry)
    return {key: rows for key, rows in found.items() if len(rows) == counts[key]}


def plain(value: Any) -> Any:
    """The value as JSON gives it back: NaN and infinity become None, tuples lists, keys text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _lines(key: str, rows: Sequence[Row]) -> bytes:
    count = {COUNT: len(rows)} if len(rows) != 1 else {}
    return b"".join(_line({TASK: key, **count, **row}) for row in rows)


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(plain(entry), ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The task of each line, and the rest; a last line that a kill cut off is left out."""
    if regular(path) is None:
        return
    *whole, _ = read_whole(path, most=MOST_BYTES).split(b"\n")
    for number, text in enumerate(whole, start=1):
        try:
            entry = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number} is not JSON: {error}") from error
        key = entry.pop(TASK, None) if isinstance(entry, dict) else None
        if not isinstance(key, str):
            raise InputError(f"{path}, line {number} is not a row of a study")
        yield key, entry


def _tidy(path: Path, lines: Iterable[bytes]) -> None:
    """Leave these lines alone in the file, so that what is appended starts a line."""
    whole = b"".join(lines)
    if regular(path) is not None and read_whole(path, most=MOST_BYTES) != whole:
        write_whole(path, whole)
