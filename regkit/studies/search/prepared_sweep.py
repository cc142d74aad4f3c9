"""A sweep, ready to be carried out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from regkit.runs.config_file import toml_of
from regkit.studies.duration import Estimate, Work, estimate
from regkit.studies.events import Begun, StudyWatcher, TrainingRun, TrialEnded
from regkit.studies.execution import Engine
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
from regkit.studies.search.trial_database import require_database, try_database
from regkit.studies.search.trial_storage import TrialStorage, opened_storage
from regkit.studies.settings import with_seed
from regkit.studies.study import Study, carried_out
from regkit.studies.task import Row
from regkit.studies.winners_run import train_winner


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
            require_database(self.storage)
        with carried_out(self.plan, out=out, engine=engine, watch=watch) as study:
            study.tell(Begun(self.trials, "trial"))
            with opened_storage(
                out,
                self.storage,
                self._name(out),
                self.space.axes,
                higher_is_better=higher_is_better(self.metric),
            ) as storage:
                for first in range(0, self.trials, self.batch):
                    numbers = range(first, min(first + self.batch, self.trials))
                    ended = self._raced(study, self._asked(storage, done, numbers), done, rows)
                    for trial in ended:
                        storage.tell(trial)
                        study.tell(TrialEnded(trial.as_dict()))
                    done += ended
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
        study: Study,
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
            new = study.rows([cell for _, _, cell in cells]) if cells else []
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
        """The name of the study in a storage: its folder's, and what tells other plans apart."""
        plan = self.plan.without_growing().to_toml()
        digest = hashlib.sha256(plan.encode()).hexdigest()[:12]
        return f"{'sweep' if out is None else out.absolute().name}-{digest}"


def _running(trials: Iterable[SweepTrial]) -> list[SweepTrial]:
    return [one for one in trials if one.state == "running"]
