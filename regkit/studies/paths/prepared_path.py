"""A path whose arguments are checked, and how it is carried out."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from regkit.catalogue.plugin_files import classes_in
from regkit.errors import InputError, RegkitWarning
from regkit.runs.config import Config
from regkit.runs.config_file import toml_of
from regkit.runs.execute import execute
from regkit.runs.unseen import Fold
from regkit.studies.duration import Estimate, Work, estimate
from regkit.studies.events import Begun, StudyWatcher
from regkit.studies.execution import Engine
from regkit.studies.paths.chain import Chain, Direction
from regkit.studies.paths.linear import is_linear
from regkit.studies.paths.network_start import TRAININGS
from regkit.studies.paths.path_entries import at_strength
from regkit.studies.paths.path_result import PathResult, Rule, path_result
from regkit.studies.paths.path_start import PathStart, grid
from regkit.studies.plan import StudyPlan
from regkit.studies.processes import usable_cpus
from regkit.studies.study import carried_out
from regkit.studies.task import FAILED
from regkit.training.blas_threads import one_thread
from regkit.warn import warn


@dataclass(frozen=True)
class PreparedPath:
    """A path whose arguments are checked, before its first training.

    Attributes:
        plan: what determines its rows.
        config: the settings of a training; those of the path's place are left open.
        place: which of its regularizers has the path's strength.
        given: the strengths, if they are; otherwise a short search finds where they begin.
        count: their number.
        by_curvature: whether learning rate and momentum go by the curvature of data and penalties.
        notes: what was chosen for the user, in words.
    """

    plan: StudyPlan
    config: Config
    place: int
    given: tuple[float, ...] | None
    count: int
    folds: int
    seeds: Sequence[int]
    direction: Direction
    refit: bool
    metric: str
    rule: Rule
    tolerance: float
    by_curvature: bool
    plugin_files: Sequence[Path]
    notes: Sequence[str] = ()

    def carry_out(
        self, engine: Engine, out: Path | None, watch: StudyWatcher | None = None
    ) -> PathResult:
        """Do what is missing, choose, and save the chosen model if there is a folder for it."""
        with carried_out(self.plan, out=out, engine=engine, watch=watch) as study:
            study.tell(Begun(self._chains + (self.given is None)))
            strengths = self.given
            if strengths is None:
                (row,) = study.rows([self.start()])
                if FAILED in row:
                    raise InputError(f"the path has no start: {row[FAILED]}")
                strengths = grid(row["start"] * row["ratio"], row["start"], self.count)
            chains = self.chains(strengths)
            rows = study.rows(chains)
            found = path_result(
                rows,
                metric=self.metric,
                folds=self.folds,
                rule=self.rule,
                tolerance=self.tolerance,
                notes=self.notes,
            )
            if study.folder is not None and self._can_be_saved(found):
                if not study.folder.is_complete:
                    self._save(chains[0], found.chosen, study.folder.run)
                found = found.with_run(study.folder.run)
            study.complete(found.as_dict())
        return found

    def estimate(self, workers: int | None, classes: Sequence[type]) -> Estimate:
        """How long the chains would take, by a short trial."""
        trainings = self._chains * self.count * (2 if self.refit else 1)
        if self.given is None and not is_linear(self.config):
            trainings += TRAININGS
        return estimate(
            [Work(at_strength(self.config, self.place, 1e-3, classes), trainings)],
            cells=self._chains,
            workers=workers or usable_cpus(),
            unseen=Fold(0, self.folds, self.seeds[0]),
            classes=classes,
        )

    def start(self) -> PathStart:
        """The task that finds where the strengths begin."""
        return PathStart("start", self._text, self.place, self.by_curvature, self._files)

    @property
    def _chains(self) -> int:
        """One on all training rows, and one for each fold and seed."""
        return 1 + self.folds * len(self.seeds)

    @property
    def _text(self) -> str:
        return toml_of(replace(self.config, seed=self.seeds[0]))

    @property
    def _files(self) -> tuple[str, ...]:
        return tuple(str(one.absolute()) for one in self.plugin_files)

    def chains(self, strengths: tuple[float, ...]) -> list[Chain]:
        """First the one on all training rows, then one for each fold and seed."""
        parts: list[tuple[int | None, int]] = [(None, self.seeds[0])]
        parts += [(fold, seed) for fold in range(self.folds) for seed in self.seeds]
        return [
            Chain(
                "all rows" if fold is None else f"fold {fold}, seed {seed}",
                self._text,
                self.place,
                strengths,
                self.direction,
                seed,
                self.seeds[0],
                fold,
                self.folds,
                self.refit,
                self.tolerance,
                self.by_curvature,
                self._files,
            )
            for fold, seed in parts
        ]

    def _can_be_saved(self, found: PathResult) -> bool:
        """Whether there is a model with the chosen strength."""
        if found.choice is None:
            return False
        if found.nonzeros[found.strengths.index(found.chosen)] is None:
            warn(
                f"the training on all rows failed at the chosen strength {found.chosen:.4g}, so "
                "that no run is saved"
            )
            return False
        return True

    def _save(self, chain: Chain, strength: float, run: Path) -> None:
        """Follow the chain to the chosen strength again, and save its model there as a run.

        So no weights travel from workers, and none are kept of the other strengths.
        """
        classes = [cls for one in self.plugin_files for cls in classes_in(one)]
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore", RegkitWarning)  # The chains have told their doubts.
            model = next(model for at, _, model in chain.follow() if at == strength)
            execute(
                replace(
                    chain.settings_at(strength),
                    epochs=0,
                    patience=0,
                    min_delta=0.0,
                    out=str(run),
                ),
                classes=classes,
                plugin_files=self.plugin_files,
                force=True,
                model=model,
            )
