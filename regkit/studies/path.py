"""`regkit.path`: how strong should a penalty be?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from regkit.arguments import boolean, integer
from regkit.arguments import path as as_path
from regkit.catalogue.plugin_files import classes_in
from regkit.errors import InputError
from regkit.regularizers import Configured
from regkit.regularizers.spec import RESERVED
from regkit.regularizers.table import Entry, Table, read
from regkit.runs.config import Config
from regkit.runs.config_file import toml_of
from regkit.runs.data import run_data
from regkit.runs.execute import execute
from regkit.runs.job import Job, job
from regkit.runs.unseen import Fold
from regkit.studies.cell import FAILED
from regkit.studies.chain import DIRECTIONS, Chain, Direction
from regkit.studies.duration import Estimate, Work, estimate
from regkit.studies.events import StudyWatcher
from regkit.studies.execution import Engine
from regkit.studies.linear import chose_no_optimizer, is_linear, with_suitable_optimizer
from regkit.studies.measures import checked_metric
from regkit.studies.path_result import RULES, PathResult, Rule, path_result
from regkit.studies.path_start import PathStart, grid
from regkit.studies.plan import StudyPlan, made_with, settings_of
from regkit.studies.processes import engine_for, usable_cpus
from regkit.studies.ranges import STRENGTH, OpenEntry, Range, opened
from regkit.studies.relu_scale import warn_of_relu_scale
from regkit.studies.seeds import Seeds, checked_seeds
from regkit.studies.settings import Settings, as_config, portable
from regkit.studies.study import carried_out
from regkit.training.blas_threads import one_thread
from regkit.warn import warn

KIND = "path"
STRENGTHS = 30
FOLDS = 5


def path(
    settings: Settings,
    reg: str | Table | Mapping[str, Any] | Configured | Sequence[Any],
    folds: int = FOLDS,
    seeds: Seeds = range(1),
    direction: Direction = "dense",
    refit: bool = False,
    executor: Executor | None = None,
    out: str | os.PathLike[str] | None = None,
    *,
    strengths: int = STRENGTHS,
    metric: str | None = None,
    choose: Rule = "1se",
    workers: int | None = None,
    plugin_files: Iterable[str | os.PathLike[str]] = (),
    watch: StudyWatcher | None = None,
) -> PathResult:
    """Train along a path of strengths, on all training rows and without each fold in turn.

    Each training starts from the weights of the strength before it, and ends when its objective is
    stationary, or after the epochs of the settings; what is not stationary then is marked. A linear
    model is trained by SGD with momentum and the step that its curvature allows, unless optimizer
    or learning rate are given.

    Args:
        settings: those of `regkit train`, as for `regkit.compare`; their own `reg` is not used.
        reg: a spec whose strength is `auto` or a range `LOW..HIGH`; or a list with one such.
            It acts in mode `prox` where the class has one and no mode is given.
        folds: of the training rows, the same for every strength; from the first seed's split.
        seeds: of weights and order.
        direction: "dense" goes from the weakest strength to the strongest, "sparse" back.
        refit: whether each point is trained once more without the penalty, with what is 0 kept at
            0, and measured then.
        executor: any `concurrent.futures.Executor`; by default processes on this machine.
        out: a folder for the study. The same call goes on with an interrupted one.
        strengths: their number. `auto` begins where nothing of what is selected is left and
            ends at a thousandth of that.
        metric: `data_loss` (the default), `accuracy`, `r2` or `rmse`, on each fold's rows.
        choose: which strength the saved run has, "1se" or "min".
        workers: the number of processes; by default that of the CPUs.
        plugin_files: files that define regularizers that are not installed.
        watch: called with each event.

    Raises:
        InputError: an argument cannot be used, or `out` holds another study.
        RegkitError: a setting cannot be used.
        KeyboardInterrupt: Ctrl-C; finished chains are kept in `out`.
    """
    prepared = prepare_path(
        settings,
        _entries(reg),
        folds,
        seeds,
        direction=direction,
        refit=refit,
        strengths=strengths,
        metric=metric,
        choose=choose,
        plugin_files=[Path(one) for one in plugin_files],
    )
    folder = None if out is None else as_path("out", out)
    return prepared.carry_out(engine_for(executor, workers), folder, watch)


@dataclass(frozen=True)
class PreparedPath:
    """A path whose arguments are checked, before its first training.

    Attributes:
        plan: what determines its rows.
        config: the settings of a training; those of the path's place are left open.
        place: which of its regularizers has the path's strength.
        range: the strengths, if they are given.
    """

    plan: StudyPlan
    config: Config
    place: int
    range: Range | None
    strengths: int
    folds: int
    seeds: Sequence[int]
    direction: Direction
    refit: bool
    metric: str
    rule: Rule
    plugin_files: Sequence[Path]

    def carry_out(
        self, engine: Engine, out: Path | None, watch: StudyWatcher | None = None
    ) -> PathResult:
        """Do what is missing, choose, and save the chosen model if there is a folder for it."""
        with carried_out(self.plan, out=out, engine=engine, watch=watch) as study:
            if self.range is None:
                (row,) = study.rows([self.start()])
                if FAILED in row:
                    raise InputError(f"the path has no start: {row[FAILED]}")
                strengths = grid(row["start"], self.strengths)
            else:
                low, high = self.range.low, self.range.high
                strengths = grid(high, self.strengths, low / high)
            chains = self.chains(strengths)
            rows = study.rows(chains)
            found = path_result(rows, metric=self.metric, folds=self.folds, rule=self.rule)
            if study.folder is not None and found.choice is not None:
                if not study.folder.is_complete:
                    self._save(chains[0], found.chosen, study.folder.run)
                found = found.with_run(study.folder.run)
            study.complete(found.as_dict())
        return found

    def estimate(self, workers: int | None, classes: Sequence[type]) -> Estimate:
        """How long the chains would take, by a short trial."""
        chains = len(self.seeds) * self.folds + 1
        trainings = chains * self.strengths * (2 if self.refit else 1)
        entry = opened(self.config.reg[self.place], classes).with_strength(1e-3)
        reg = [entry if place == self.place else one for place, one in enumerate(self.config.reg)]
        return estimate(
            [Work(replace(self.config, reg=tuple(reg)), trainings)],
            cells=chains,
            workers=workers or usable_cpus(),
            unseen=Fold(0, self.folds, self.seeds[0]),
            classes=classes,
        )

    def start(self) -> PathStart:
        """The task that finds where the strengths begin."""
        return PathStart("start", self._text, self.place, self._files)

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
                self._files,
            )
            for fold, seed in parts
        ]

    def _save(self, chain: Chain, strength: float, run: Path) -> None:
        """Follow the chain to the chosen strength again, and save its model there as a run.

        So no weights travel from workers, and none are kept of the other strengths.
        """
        classes = [cls for one in self.plugin_files for cls in classes_in(one)]
        with one_thread():
            model = next(model for at, _, model in chain.follow() if at == strength)
            config = replace(chain.settings_at(strength), epochs=0, patience=0, out=str(run))
            execute(
                replace(config, split_seed=None, data_seed=None),
                classes=classes,
                plugin_files=self.plugin_files,
                force=True,
                model=model,
            )


def prepare_path(
    settings: Settings,
    reg: Sequence[Entry],
    folds: int,
    seeds: Seeds,
    *,
    direction: str,
    refit: bool,
    strengths: int,
    metric: str | None,
    choose: str,
    plugin_files: Sequence[Path] = (),
) -> PreparedPath:
    """Check the arguments of `path`; errors are those of `path`."""
    base, _ = as_config(settings)
    classes = [cls for one in plugin_files for cls in classes_in(one)]
    numbers = checked_seeds(seeds, least=1)
    folds = integer("folds", folds, least=2)
    strengths = integer("strengths", strengths, least=2)
    if direction not in DIRECTIONS:
        raise InputError(f"direction must be 'dense' or 'sparse', got {direction!r}")
    if choose not in RULES:
        raise InputError(f"choose must be '1se' or 'min', got {choose!r}")
    boolean("refit", refit)
    place, entry = _open_place(reg, classes)
    seeded = replace(base, seed=numbers[0])
    data = run_data(seeded, Fold(0, folds, numbers[0]))
    entries = list(reg)

    def made(mode: str | None) -> Job:
        given = entry.entry if mode is None else entry.with_values({"mode": mode})
        at = opened(given, classes).with_strength(_weak(entry))
        trial = [at if number == place else one for number, one in enumerate(reg)]
        return job(replace(seeded, reg=tuple(trial), patience=0), classes, data=data)

    plain = made(None)
    if "mode" not in read(entry.entry).fields and _has_prox(plain.regularizers[place]):
        try:
            made("prox").set_up()
        except InputError as error:
            warn(f"{entry.entry} stays in mode loss, without exact zeros: {error}")
        else:
            entries[place] = entry.with_values({"mode": "prox"})
            warn(f"{entry.entry} is taken in mode prox, which gives exact zeros")
    final = made("prox" if entries[place] is not entry.entry else None)
    if refit and getattr(final.regularizers[place], "mode", "loss") != "prox":
        raise InputError(
            f"refit keeps at 0 what the penalty has set to 0, and {entry.entry} in mode "
            f"{getattr(final.regularizers[place], 'mode', 'loss')} gives no exact zeros"
        )
    config = replace(seeded, reg=tuple(entries))
    if is_linear(base) and chose_no_optimizer(base):
        whole = job(replace(seeded, reg=(RESERVED,), patience=0), classes, data=run_data(seeded))
        config = with_suitable_optimizer(config, whole)
        warn(
            f"a linear model is trained by SGD with lr {config.lr:.3g} and momentum "
            f"{config.momentum:.3g}, by its curvature; give --optimizer and --lr for others"
        )
    final.set_up()
    warn_of_relu_scale(final, place)
    metric = checked_metric(metric, data.preparation.task, default="data_loss")
    config = _whole_paths(config, place, classes)
    options: dict[str, Any] = {
        "reg": list(map(str, config.reg)),
        "seeds": list(numbers),
        "folds": folds,
        "strengths": strengths,
        "direction": direction,
        "refit": refit,
        "metric": metric,
        "choose": choose,
    }
    return PreparedPath(
        StudyPlan(
            KIND,
            options,
            settings_of(config),
            {},
            made_with(base, [str(one) for one in config.reg], plugin_files),
        ),
        config,
        place,
        entry.ranges.get(STRENGTH),
        strengths,
        folds,
        numbers,
        "dense" if direction == "dense" else "sparse",
        refit,
        metric,
        "min" if choose == "min" else "1se",
        plugin_files,
    )


def _entries(reg: Any) -> list[Entry]:
    given = [reg] if isinstance(reg, str | Table | Mapping | Configured) else list(reg)
    found: list[Entry] = []
    for one in given:
        if isinstance(one, Mapping):
            found.append(Table.of(one))
        else:
            found.append(str(one) if isinstance(one, Configured) else one)
    return found


def _open_place(reg: Sequence[Entry], classes: Sequence[type]) -> tuple[int, OpenEntry]:
    """The one regularizer whose strength is left open."""
    entries = [opened(one, classes) for one in reg if one != RESERVED]
    open_ones = [(place, one) for place, one in enumerate(entries) if one.is_open]
    for _, one in open_ones:
        others = [name for name in one.ranges if name != STRENGTH]
        if others:
            raise InputError(
                f"{one.entry}: a path goes along the strength alone: give {others[0]} one value"
            )
    if len(open_ones) != 1:
        count = "none has" if not open_ones else f"{len(open_ones)} have"
        raise InputError(
            f"a path needs one regularizer with the strength auto or LOW..HIGH, {count}: give for "
            "example --reg 'l1=auto@dense1.weights'"
        )
    return open_ones[0]


def _whole_paths(config: Config, place: int, classes: Sequence[type]) -> Config:
    """The settings as they travel, with the path's place left open."""
    given = opened(config.reg[place], classes)
    closed = [
        given.with_strength(1.0) if number == place else one
        for number, one in enumerate(config.reg)
    ]
    moved = portable(replace(config, reg=tuple(closed)), classes)
    left_open = read(given.entry).fields[STRENGTH]
    reg = [
        opened(one, classes).with_values({STRENGTH: left_open}) if number == place else one
        for number, one in enumerate(moved.reg)
    ]
    return replace(moved, reg=tuple(reg))


def _weak(entry: OpenEntry) -> float:
    """A strength at which the penalty can be set up."""
    return entry.ranges[STRENGTH].low if STRENGTH in entry.ranges else 1e-6


def _has_prox(penalty: object) -> bool:
    """Whether a penalty of the user's own has proximal points and may act by them."""
    modes = getattr(penalty, "modes", ())
    return "prox" in modes and callable(getattr(penalty, "prox", None))
