"""A comparison, ready to be carried out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from regkit.runs.config import Config
from regkit.runs.config_file import config_from_text
from regkit.runs.unseen import Share
from regkit.studies.comparisons.arms import Arm
from regkit.studies.comparisons.cell import Cell
from regkit.studies.comparisons.comparison import Comparison, comparison_of
from regkit.studies.duration import Estimate, Work, estimate
from regkit.studies.events import Begun, StudyWatcher, TrainingRun
from regkit.studies.execution import Engine
from regkit.studies.plan import StudyPlan
from regkit.studies.processes import usable_cpus
from regkit.studies.settings import with_seed
from regkit.studies.study import carried_out
from regkit.studies.winners_run import train_winner


@dataclass(frozen=True)
class PreparedComparison:
    """A comparison whose arguments are checked, before its first cell.

    Attributes:
        plan: what determines its rows.
        cells: one for each arm and seed, in order.
        arms: in order.
        configs: the settings of each arm, by name, without a seed.
    """

    plan: StudyPlan
    cells: Sequence[Cell]
    arms: Sequence[Arm]
    configs: Mapping[str, Config]
    baseline: str
    seeds: Sequence[int]
    metric: str
    test_to_train: float | None
    same_test_rows: bool
    plugin_files: Sequence[Path]

    def carry_out(
        self, engine: Engine, out: Path | None, watch: StudyWatcher | None = None
    ) -> Comparison:
        """Do what is missing, judge it, and train the winner if there is a folder for it."""
        with carried_out(self.plan, out=out, engine=engine, watch=watch) as study:
            study.tell(Begun(len(self.cells)))
            rows = study.rows(self.cells)
            found = comparison_of(
                rows,
                names=[arm.name for arm in self.arms],
                baseline=self.baseline,
                seeds=self.seeds,
                metric=self.metric,
                test_to_train=self.test_to_train,
                same_test_rows=self.same_test_rows,
            )
            if study.folder is not None and found.run_seed is not None:
                done = study.folder.is_complete
                if not done:
                    study.tell(TrainingRun(found.winner, found.run_seed))
                    done = train_winner(
                        found.winner,
                        self._winners_config(found, found.run_seed),
                        found.run_seed,
                        study.folder.run,
                        self.plugin_files,
                    )
                found = replace(found, run=study.folder.run if done else None)
            study.complete(found.as_dict())
        return found

    def estimate(self, workers: int | None, classes: Sequence[type]) -> Estimate:
        """How long the cells would take, by a short trial of each arm."""
        work = []
        for arm in self.arms:
            (first, *_) = (cell for cell in self.cells if cell.arm == arm.name)
            config = with_seed(self.configs[arm.name], self.seeds[0])
            work.append(Work(config, len(self.seeds) * len(first.candidates)))
        share = self.cells[0].test_share
        return estimate(
            work,
            cells=len(self.cells),
            workers=workers or usable_cpus(),
            unseen=Share(share),
            classes=classes,
        )

    def _winners_config(self, found: Comparison, seed: int) -> Config:
        """The winner's settings; where strengths were tuned, those that this seed chose."""
        winner = found.arms[found.winner]
        if not winner.strengths:
            return self.configs[winner.name]
        chosen = json.dumps(winner.strengths[seed])
        return next(
            config_from_text(candidate.settings, f"arm {winner.name!r}")
            for cell in self.cells
            for candidate in cell.candidates
            if cell.arm == winner.name and candidate.strengths == chosen
        )
