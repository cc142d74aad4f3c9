"""A sweep, ready to be carried out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from regkit.runs.config_file import toml_of
from regkit.studies.duration import Estimate, Work, estimate
from regkit.studies.events import Begun, StudyWatcher, TrainingRun, TrialEnded
from regkit.studies.execution import Engine
from regkit.studies.folder import StudyFolder
from regkit.studies.measures import higher_is_better
from regkit.studies.plan import StudyPlan
from regkit.studies.processes import usable_cpus
from regkit.studies.search.racing import worse_trials
from regkit.studies.search.repeats import Repeat, rungs
from regkit.studies.search.samplers import SamplerName, next_values
from regkit.studies.search.space import SearchSpace
from regkit.studies.search.sweep_cell import SweepCell
from regkit.studies.search.sweep_result import SweepResult, best_of
from regkit.studies.search.trial import SweepTrial
from regkit.studies.search.trial_database import require_database, shown, try_database
from regkit.studies.search.trial_storage import TrialStorage, opened_storage
from regkit.studies.settings import with_seed
from regkit.studies.study import Study, carried_out
from regkit.studies.task import Row, Task, require_own
from regkit.studies.winners_run import train_winner
from regkit.warn import warn

RowsOf = Callable[[Sequence[Task]], list[Row]]
"""Gives the rows of tasks, in their order."""


@dataclass(frozen=True)
class PreparedSweep:
    """A sweep whose arguments are checked, before its first trial.

    Attributes:
        plan: what determines its rows.
        space: what is searched.
        trials: their number.
        batch: so many are asked for at a time, with what is known of those before.
        sampler: by whom.
        sampler_seed: the seed of that.
        repeats: of each trial, in order.
        prune: whether trials that are told worse are dropped before their last repeat.
        metric: by which they are compared.
        test_share: the share of a table's rows by which nothing is chosen.
        test_to_train: rows that choose by rows trained on, where the repeats split one table.
        storage: the URL of a database; None for the journal in the study's folder.
    """

    plan: StudyPlan
    space: SearchSpace
    trials: int
    batch: int
    sampler: SamplerName
    sampler_seed: int
    repeats: Sequence[Repeat]
    prune: bool
    metric: str
    test_share: float
    test_to_train: float | None
    storage: str | None
    plugin_files: Sequence[Path]

    def carry_out(
        self, engine: Engine, out: Path | None, watch: StudyWatcher | None = None
    ) -> SweepResult:
        """Do what is missing, choose, and train the best trial's run if there is a folder."""
        done: list[SweepTrial] = []
        rows: list[Row] = []
        if self.storage is not None:
            try_database(self.storage)
        with carried_out(
            self.plan, out=out, engine=engine, watch=watch, check=self._require_fitting
        ) as study:
            study.tell(Begun(self.trials, "trial"))
            is_complete = study.folder is not None and study.folder.is_complete
            with self._opened_storage(out, in_memory=is_complete) as storage:
                if is_complete and self.storage is not None:
                    self._tell_what_is_missing(storage, self.storage)
                for batch in self._batches(study.rows, storage, rows):
                    for trial in batch:
                        storage.tell(trial)
                        study.tell(TrialEnded(trial.as_dict()))
                    done += batch
            found = SweepResult(
                self.metric, self.sampler, self.space.axes, done, self.repeats, rows
            )
            if study.folder is not None and found.best is not None:
                saved = study.folder.is_complete or self._saved(study, found.best, study.folder.run)
                found = found.with_run(study.folder.run) if saved else found
            study.complete(found.as_dict())
        return found

    def estimate(self, workers: int | None, classes: Sequence[type]) -> Estimate:
        """How long the cells would take without pruning, by a short trial in the middle.

        Raises:
            InputError: the storage cannot be used.
        """
        if self.storage is not None:
            try_database(self.storage)
        cells = self.trials * len(self.repeats)
        first = self.repeats[0]
        return estimate(
            [Work(with_seed(self.space.end(0.5), first.split_seed), cells)],
            cells=cells,
            workers=workers or usable_cpus(),
            unseen=first.unseen(self.test_share),
            classes=classes,
        )

    def cell(self, trial: SweepTrial, repeat: Repeat) -> SweepCell:
        """The task of one repeat of a trial."""
        return SweepCell(
            f"{trial.name}, {repeat.name}",
            trial.number,
            json.dumps(dict(trial.values)),
            toml_of(self.space.at(trial.values)),
            repeat,
            tuple(str(one.absolute()) for one in self.plugin_files),
            self.test_share,
            self.metric,
        )

    def _require_fitting(self, folder: StudyFolder) -> None:
        """Check storage and rows of a study that may go on, before anything changes.

        Raises:
            InputError: the storage cannot be used, or they do not fit each other.
        """
        with self._opened_storage(folder.path, in_memory=True) as storage:
            asked = [
                SweepTrial(number, values)
                for number in range(self.trials)
                if (values := storage.values(number)) is not None
            ]
            cells = [self.cell(trial, repeat) for trial in asked for repeat in self.repeats]
            require_own(cells, folder.finished)
            if folder.finished.keys() - {cell.key for cell in cells}:
                # The storage was lost, and trials that have rows are asked for again.
                with suppress(_UntrainedError):
                    for _ in self._batches(partial(_kept, folder.finished), storage, []):
                        pass
        if self.storage is not None and not folder.is_complete:
            require_database(self.storage)

    def _opened_storage(
        self, out: Path | None, *, in_memory: bool
    ) -> AbstractContextManager[TrialStorage]:
        return opened_storage(
            out,
            self.storage,
            self._name(out),
            self.space.axes,
            higher_is_better=higher_is_better(self.metric),
            in_memory=in_memory,
        )

    def _tell_what_is_missing(self, storage: TrialStorage, url: str) -> None:
        """Warn if a finished study's trials are not in a storage, which is left as it is."""
        if storage.values(self.trials - 1) is None:
            warn(f"the study is finished: the storage {shown(url)} is not given its trials")

    def _batches(
        self, rows_of: RowsOf, storage: TrialStorage, rows: list[Row]
    ) -> Iterator[list[SweepTrial]]:
        """The trials of each batch as they ended; their rows are added to the given ones."""
        done: list[SweepTrial] = []
        for first in range(0, self.trials, self.batch):
            numbers = range(first, min(first + self.batch, self.trials))
            ended = self._raced(rows_of, self._asked(storage, done, numbers), done, rows)
            yield ended
            done += ended

    def _asked(
        self, storage: TrialStorage, done: Sequence[SweepTrial], numbers: range
    ) -> list[SweepTrial]:
        """The trials of a batch: those that the storage holds, and new ones."""
        batch: list[SweepTrial] = []
        for number in numbers:
            values = storage.values(number)
            if values is None:
                values = next_values(
                    self.sampler,
                    self.space.axes,
                    [*done, *batch],
                    seed=self.sampler_seed,
                    higher_is_better=higher_is_better(self.metric),
                )
                storage.add(SweepTrial(number, values))
            batch.append(SweepTrial(number, values))
        return batch

    def _raced(
        self,
        rows_of: RowsOf,
        batch: Sequence[SweepTrial],
        done: Sequence[SweepTrial],
        rows: list[Row],
    ) -> list[SweepTrial]:
        """The trials of a batch as they ended; their rows are added to the given ones."""
        found = {one.number: one for one in batch}
        for count in rungs(len(self.repeats), prune=self.prune):
            cells = [
                (one.number, repeat, self.cell(one, repeat))
                for one in _running(found.values())
                for repeat in self.repeats[len(one.scores) : count]
            ]
            new = rows_of([cell for _, _, cell in cells]) if cells else []
            rows += new
            for (number, repeat, _), row in zip(cells, new, strict=True):
                found[number] = found[number].with_row(repeat, row, self.metric)
            if count < len(self.repeats):
                for number in self._worse(_running(found.values()), done):
                    found[number] = replace(found[number], state="pruned")
        return [
            replace(one, state="finished") if one.state == "running" else one
            for one in found.values()
        ]

    def _worse(self, running: Sequence[SweepTrial], done: Sequence[SweepTrial]) -> set[int]:
        return worse_trials(
            running,
            best_of(done, self.metric),
            higher_is_better=higher_is_better(self.metric),
            test_to_train=self.test_to_train,
        )

    def _saved(self, study: Study, best: SweepTrial, run: Path) -> bool:
        seed = self.repeats[0].seed
        study.tell(TrainingRun(best.name, seed))
        return train_winner(best.name, self.space.at(best.values), seed, run, self.plugin_files)

    def _name(self, out: Path | None) -> str:
        """The name of the study in a storage: what tells other plans apart.

        In a database, where there are others, it says in which folder the rows are. A journal
        goes with its folder, wherever that is moved or copied.
        """
        plan = self.plan.without_growing().to_toml()
        digest = hashlib.sha256(plan.encode()).hexdigest()[:12]
        whose = "sweep" if out is None or self.storage is None else out.absolute().name
        return f"{whose}-{digest}"


class _UntrainedError(Exception):
    """Rows are missing."""


def _kept(finished: Mapping[str, list[Row]], tasks: Sequence[Task]) -> list[Row]:
    """The rows of tasks that are all finished.

    Raises:
        InputError: rows are not those of their task.
        _UntrainedError: one is not finished.
    """
    require_own(tasks, finished)
    if any(task.key not in finished for task in tasks):
        raise _UntrainedError
    return [row for task in tasks for row in finished[task.key]]


def _running(trials: Iterable[SweepTrial]) -> list[SweepTrial]:
    return [one for one in trials if one.state == "running"]
