"""`regkit.sweep`: which numbers are best, several at once?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from regkit.arguments import boolean, integer
from regkit.arguments import path as as_path
from regkit.arguments import seed as checked_seed
from regkit.catalogue.plugin_files import classes_in
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.studies.events import StudyWatcher
from regkit.studies.measures import checked_metric
from regkit.studies.plan import StudyPlan, made_with, settings_of, version_of
from regkit.studies.processes import engine_for
from regkit.studies.search.open_settings import OpenSetting
from regkit.studies.search.optuna_trials import require_optuna
from regkit.studies.search.prepared_sweep import PreparedSweep
from regkit.studies.search.repeats import repeats_of
from regkit.studies.search.samplers import checked_sampler
from regkit.studies.search.space import search_space
from regkit.studies.search.sweep_data import (
    checked_folds,
    require_rows,
    share_of_choosing_rows,
    tried_at_both_ends,
)
from regkit.studies.search.sweep_result import SweepResult
from regkit.studies.search.sweep_settings import swept_settings
from regkit.studies.seeds import Seeds, checked_seeds
from regkit.studies.settings import Settings, as_config
from regkit.studies.unseen_share import unseen_share

KIND = "sweep"
TRIALS = 40
BATCH = 8
SEEDS = 3


def sweep(
    settings: Settings,
    *,
    trials: int = TRIALS,
    batch: int = BATCH,
    sampler: str = "tpe",
    sampler_seed: int = 0,
    seeds: Seeds | None = None,
    folds: int | None = None,
    metric: str | None = None,
    prune: bool = True,
    test_share: float | None = None,
    storage: str | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    plugin_files: Iterable[str | os.PathLike[str]] = (),
    watch: StudyWatcher | None = None,
) -> SweepResult:
    """Try numbers from ranges, and choose those that do best on the validation rows.

    Each trial is trained with the same seeds, on the same splits or folds, so that differences are
    paired. What is chosen is also measured on rows by which nothing was chosen.

    Args:
        settings: those of `regkit train`, as for `regkit.compare`. A number of a regularizer or of
            a setting may be a range, such as `{"reg": ["l2=1e-5..1e-1"], "lr": "1e-3..1e-1"}`:
            `lr`, `decay`, `batch-size`, `hidden` (a list may hold several, `"16..128,32"`),
            `dropout`, `momentum`, `epochs`, `patience`, `min-delta`.
        trials: their number. With more of them, and the same call otherwise, a sweep in `out` goes
            on: it ends as if it had been asked for so many from the start.
        batch: so many trials are asked for at a time, with what is known of those before.
        sampler: `tpe`, `qmc`, `gp` or `random`.
        sampler_seed: its random seed.
        seeds: of each trial, or their number; by default 3, or 1 with folds.
        folds: of the rows that the measurement leaves, in place of the settings' validation rows.
        metric: `data_loss` (the default), `accuracy`, `r2` or `rmse`.
        prune: whether trials that are told worse than the best one are dropped before they have
            had all seeds and folds.
        test_share: the share of a table's rows by which nothing is chosen; 0.2 by default.
            Synthetic sets and a test file have rows of their own.
        storage: the URL of a database for Optuna's trials, in place of the journal in `out`.
        executor: any `concurrent.futures.Executor`; by default processes on this machine.
        workers: the number of these processes; by default that of the CPUs.
        out: a folder for the study. The same call goes on with an interrupted one.
        plugin_files: files that define regularizers that are not installed.
        watch: called with each event.

    Raises:
        InputError: an argument cannot be used, or `out` holds another study.
        MissingPackageError: Optuna is not installed, or PyTorch for `gp`.
        RegkitError: a setting cannot be used.
        KeyboardInterrupt: Ctrl-C; finished cells are kept in `out`.
    """
    config, open_settings = swept_settings(settings)
    folder = None if out is None else as_path("out", out)
    prepared = prepare_sweep(
        config,
        open_settings,
        trials=trials,
        batch=batch,
        sampler=sampler,
        sampler_seed=sampler_seed,
        seeds=seeds,
        folds=folds,
        metric=metric,
        prune=prune,
        test_share=test_share,
        storage=storage,
        saved=folder is not None,
        plugin_files=[Path(one) for one in plugin_files],
    )
    return prepared.carry_out(engine_for(executor, workers), folder, watch)


def prepare_sweep(
    config: Config,
    open_settings: Mapping[str, OpenSetting],
    *,
    trials: int,
    batch: int,
    sampler: str,
    sampler_seed: int,
    seeds: Seeds | None,
    folds: int | None,
    metric: str | None,
    prune: bool,
    test_share: float | None,
    storage: str | None,
    saved: bool,
    plugin_files: Sequence[Path] = (),
) -> PreparedSweep:
    """Check the arguments of `sweep`; errors are those of `sweep`.

    `saved` says whether there is a folder for the study.
    """
    require_optuna()
    name = checked_sampler(sampler)
    base, _ = as_config(config)
    classes = [cls for one in plugin_files for cls in classes_in(one)]
    space = search_space(base, open_settings, classes).portable(classes)
    trials = integer("trials", trials, least=1)
    batch = integer("batch", batch, least=1)
    sampler_seed = checked_seed(sampler_seed, "sampler_seed")
    if folds is not None:
        folds = checked_folds(base, folds)
    if seeds is None:
        seeds = 1 if folds else SEEDS
    numbers = checked_seeds(seeds, least=1)
    boolean("prune", prune)
    share = unseen_share(base, test_share)
    if storage is not None and not (isinstance(storage, str) and storage):
        raise InputError(f"storage must be a URL such as sqlite:///trials.db, got {storage!r}")
    if storage is not None and not saved:
        raise InputError(
            "a storage holds the trials, and a folder what was trained: give --out as well"
        )
    repeats = repeats_of(numbers, folds)
    data = tried_at_both_ends(space, repeats[0], share, classes)
    metric = checked_metric(metric, data.preparation.task, default="data_loss")
    require_rows(data, metric)
    options: dict[str, Any] = {
        "reg": [str(one.entry) for one in space.entries],
        "trials": trials,
        "batch": batch,
        "sampler": name,
        "sampler-seed": sampler_seed,
        "seeds": list(numbers),
        **({} if folds is None else {"folds": folds}),
        "metric": metric,
        "prune": prune,
        "test-share": share,
    }
    samplers_package = {"qmc": "scipy", "gp": "torch"}.get(name)
    plan = StudyPlan(
        KIND,
        options,
        {**settings_of(space.config), **space.as_settings()},
        {},
        made_with(base, space.end(0.0).reg, plugin_files)
        | version_of("optuna")
        | (version_of(samplers_package) if samplers_package else {}),
        growing="trials",
    )
    return PreparedSweep(
        plan,
        space,
        trials,
        batch,
        name,
        sampler_seed,
        repeats,
        prune,
        metric,
        share,
        share_of_choosing_rows(base, data, folds),
        storage,
        plugin_files,
    )
