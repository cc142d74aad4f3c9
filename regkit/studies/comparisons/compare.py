"""`regkit.compare`: does it help, by more than seed noise?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

from regkit.arguments import integer
from regkit.arguments import path as as_path
from regkit.catalogue.plugin_files import classes_in
from regkit.errors import InputError
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import SYNTHETIC, Config
from regkit.runs.config_file import toml_of
from regkit.runs.data import run_data
from regkit.runs.job import job
from regkit.runs.prepared import RunData
from regkit.runs.unseen import Share
from regkit.studies.comparisons.arms import Arm, arm_of, arms_of
from regkit.studies.comparisons.cell import Candidate, Cell
from regkit.studies.comparisons.comparison import Comparison
from regkit.studies.comparisons.distinct_arms import baseline_of
from regkit.studies.comparisons.prepared_comparison import PreparedComparison
from regkit.studies.events import StudyWatcher
from regkit.studies.measures import checked_metric
from regkit.studies.plan import StudyPlan, made_with, settings_of
from regkit.studies.processes import engine_for
from regkit.studies.seeds import Seeds, checked_seeds
from regkit.studies.settings import Settings, as_config, portable, with_seed
from regkit.studies.unseen_share import unseen_share

KIND = "compare"
SEEDS = range(10)


def compare(
    settings: Settings,
    arms: Mapping[str, Any] | None = None,
    seeds: Seeds = SEEDS,
    *,
    baseline: str | None = None,
    metric: str | None = None,
    tune: int | None = None,
    test_share: float | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    plugin_files: Iterable[str | os.PathLike[str]] = (),
    watch: StudyWatcher | None = None,
) -> Comparison:
    """Train each arm with the same seeds, and say whether they differ by more than seed noise.

    A seed moves data, split, weights and order, all alike in every arm. The metric is measured on
    rows that training, tuning, patience and the choice of the best weights never saw: a share of a
    table, or 3000 fresh rows of a synthetic set. Where training stops by patience the best weights
    are measured, otherwise the last ones.

    Args:
        settings: what the arms share: a mapping of the names of `regkit train`'s settings, a
            `Config` of `regkit.runs.config`, or a configuration file, which may hold `[arms.NAME]`.
        arms: lists of specs, tables or regularizers by name; or mappings with `reg` and settings
            of the arm's own. Without any, those of the file, or `none` beside the settings'
            regularizers.
        seeds: at least two, or their number.
        baseline: the arm to compare with; `none` if there is such an arm, else the first.
        metric: `accuracy`, `r2`, `data_loss` or `rmse`; accuracy or R² by default.
        tune: the number of strengths that each arm tries within each seed, of which the best on
            the validation rows is measured.
        test_share: the share of a table's rows to measure on; 0.2 by default. Synthetic sets and a
            test file have rows of their own.
        executor: any `concurrent.futures.Executor`; by default processes on this machine.
        workers: the number of these processes; by default that of the CPUs.
        out: a folder for the study. The same call goes on with an interrupted one.
        plugin_files: files that define regularizers that are not installed.
        watch: called with each event.

    Raises:
        InputError: an argument cannot be used, or `out` holds another study.
        RegkitError: a setting of an arm cannot be used.
        KeyboardInterrupt: Ctrl-C; finished cells are kept in `out`.
    """
    prepared = prepare_comparison(
        settings,
        arms,
        seeds,
        baseline=baseline,
        metric=metric,
        tune=tune,
        test_share=test_share,
        plugin_files=[Path(path) for path in plugin_files],
    )
    folder = None if out is None else as_path("out", out)
    return prepared.carry_out(engine_for(executor, workers), folder, watch)


def prepare_comparison(
    settings: Settings,
    arms: Mapping[str, Any] | Sequence[Arm] | None,
    seeds: Seeds,
    *,
    baseline: str | None,
    metric: str | None,
    tune: int | None,
    test_share: float | None,
    plugin_files: Sequence[Path] = (),
) -> PreparedComparison:
    """Check the arguments of `compare`, and plan its cells; errors are those of `compare`."""
    base, in_file = as_config(settings)
    classes = [cls for path in plugin_files for cls in classes_in(path)]
    given = _arms(arms, in_file, base)
    name = baseline_of(given, baseline, classes)
    numbers = checked_seeds(seeds, least=2)
    if tune is not None:
        tune = integer("tune", tune, least=2)
    share = unseen_share(base, test_share)
    data: RunData | None = None
    candidates: dict[str, list[tuple[str, Config]]] = {}
    for arm in given:
        candidates[arm.name] = [
            (json.dumps(strengths), portable(config, classes))
            for strengths, config in arm.candidates(base, tune, classes)
        ]
        # The first cell of each arm is built, so that what cannot be used is said at once.
        first = with_seed(candidates[arm.name][0][1], numbers[0])
        data = data or run_data(first, Share(share))
        job(first, classes, data=data).set_up()
    assert data is not None
    metric = checked_metric(metric, data.preparation.task)
    if tune is not None and data.validation is None:
        raise InputError(
            "--tune chooses strengths on the validation rows, and there are none: leave out "
            "--val 0 or --val-samples 0"
        )
    unseen = len(data.held_out["test"][0])
    if metric == "r2" and unseen < 2:
        raise InputError(
            f"R² needs at least two rows to be measured on, and the comparison holds out {unseen}: "
            "choose a larger --test-share, or --metric data_loss"
        )
    options: dict[str, Any] = {
        "seeds": list(numbers),
        "baseline": name,
        "metric": metric,
        "test-share": share,
        **({} if tune is None else {"tune": tune}),
    }
    entries = [entry for found in candidates.values() for _, one in found for entry in one.reg]
    plan = StudyPlan(
        KIND,
        options,
        settings_of(portable(replace(base, reg=()), classes)),
        {arm.name: arm.as_table() for arm in given},
        made_with(base, dict.fromkeys(entries), plugin_files),
    )
    paths = tuple(str(path.absolute()) for path in plugin_files)
    cells = [
        Cell(
            f"{arm.name}, seed {seed}",
            arm.name,
            seed,
            tuple(
                Candidate(toml_of(with_seed(config, seed)), strengths)
                for strengths, config in candidates[arm.name]
            ),
            paths,
            share,
            metric,
        )
        for seed in numbers
        for arm in given
    ]
    return PreparedComparison(
        plan,
        cells,
        given,
        {arm.name: candidates[arm.name][0][1] for arm in given},
        name,
        numbers,
        metric,
        _test_to_train(base, data),
        base.data not in SYNTHETIC and (base.test is not None or base.val_last),
        plugin_files,
    )


def _arms(
    arms: Mapping[str, Any] | Sequence[Arm] | None, in_file: Mapping[str, Any], base: Config
) -> Sequence[Arm]:
    if arms is None:
        if in_file:
            return arms_of(in_file)
        return [arm_of(RESERVED), Arm(" ".join(map(str, base.reg)), base.reg, {})]
    if isinstance(arms, Mapping):
        return arms_of(arms)
    given = [one for one in arms if isinstance(one, Arm)]
    return given if len(given) == len(arms) else arms_of(arms)


def _test_to_train(config: Config, data: RunData) -> float | None:
    """Rows tested by rows trained on, if each seed splits the same table in another way."""
    if config.data in SYNTHETIC or config.test is not None or config.val_last:
        return None
    own = 0 if data.validation is None or config.val_file else len(data.validation[0])
    return len(data.held_out["test"][0]) / (len(data.training[0]) + own)
