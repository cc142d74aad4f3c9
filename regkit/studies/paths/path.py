"""`regkit.path`: how strong should a penalty be?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

from regkit.arguments import boolean, integer, number
from regkit.arguments import path as as_path
from regkit.catalogue.plugin_files import classes_in
from regkit.errors import InputError
from regkit.regularizers import Configured
from regkit.regularizers.spec import RESERVED
from regkit.regularizers.table import Entry, Table
from regkit.runs.config import Config
from regkit.runs.data import run_data
from regkit.runs.job import job
from regkit.runs.prepared import TEST
from regkit.runs.stationarity import TOLERANCE
from regkit.runs.unseen import Fold
from regkit.studies.events import StudyWatcher
from regkit.studies.measures import checked_metric
from regkit.studies.paths.chain import DIRECTIONS, Direction
from regkit.studies.paths.linear import is_linear
from regkit.studies.paths.path_entries import as_entries, open_place, portable_path
from regkit.studies.paths.path_modes import in_mode_prox
from regkit.studies.paths.path_result import RULES, PathResult, Rule
from regkit.studies.paths.path_start import grid
from regkit.studies.paths.prepared_path import PreparedPath
from regkit.studies.paths.relu_scale import warn_of_relu_scale
from regkit.studies.paths.suitable_optimizer import chose_no_optimizer, with_suitable_optimizer
from regkit.studies.plan import StudyPlan, made_with, settings_of
from regkit.studies.processes import engine_for
from regkit.studies.ranges import STRENGTH
from regkit.studies.seeds import Seeds, checked_seeds
from regkit.studies.settings import Settings, as_config

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
    tolerance: float | None = None,
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
            It acts in mode `prox` where the class has one and no mode is given, and so do others
            that give exact zeros.
        folds: of the training rows, the same for every strength; from the first seed's split.
        seeds: of weights and order.
        direction: "dense" goes from the weakest strength to the strongest, a network from a
            training without the penalty; "sparse" goes back.
        refit: whether each point is trained once more without the penalty, with what is 0 kept at
            0, and measured then.
        executor: any `concurrent.futures.Executor`; by default processes on this machine.
        out: a folder for the study. The same call goes on with an interrupted one.
        strengths: their number. `auto` begins where nothing of what is selected is left and
            ends at a thousandth of that; without exact zeros it begins where nothing of the fit is
            left and ends at a millionth.
        metric: `data_loss` (the default), `accuracy`, `r2` or `rmse`, on each fold's rows.
        choose: which strength the saved run has, "1se" or "min".
        tolerance: a point has converged where its distance from stationarity is at most this share
            of the largest entry of the gradient where its chain begins; by default 1e-10 in
            float64 and 1e-5 in float32.
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
        as_entries(reg),
        folds,
        seeds,
        direction=direction,
        refit=refit,
        strengths=strengths,
        metric=metric,
        choose=choose,
        tolerance=tolerance,
        plugin_files=[Path(one) for one in plugin_files],
    )
    folder = None if out is None else as_path("out", out)
    return prepared.carry_out(engine_for(executor, workers), folder, watch)


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
    tolerance: float | None,
    plugin_files: Sequence[Path] = (),
) -> PreparedPath:
    """Check the arguments of `path`; errors are those of `path`."""
    base, arms = as_config(settings)
    if arms:
        raise InputError("a path has no arms: leave out [arms], or use them in regkit compare")
    classes = [cls for one in plugin_files for cls in classes_in(one)]
    numbers = checked_seeds(seeds, least=1)
    folds = integer("folds", folds, least=2)
    strengths = integer("strengths", strengths, least=2)
    if direction not in DIRECTIONS:
        raise InputError(f"direction must be 'dense' or 'sparse', got {direction!r}")
    if choose not in RULES:
        raise InputError(f"choose must be '1se' or 'min', got {choose!r}")
    boolean("refit", refit)
    if tolerance is None:
        tolerance = TOLERANCE[base.dtype]
    tolerance = number("tolerance", tolerance, above=0)
    if base.zero_small:
        raise InputError("a path sets weights to 0 by its penalty: leave out --zero-small")
    place, entry = open_place(reg, classes)
    ends = entry.ranges.get(STRENGTH)
    given = None if ends is None else grid(ends.low, ends.high, strengths)
    config = replace(base, seed=numbers[0])
    data = run_data(config, Fold(0, folds, numbers[0]))
    metric = checked_metric(metric, data.preparation.task, default="data_loss")
    if metric == "r2":
        _require_two_rows(config, folds)
    notes: list[str] = []
    by_curvature = is_linear(base) and chose_no_optimizer(base)
    if by_curvature:
        free = replace(config, reg=(RESERVED,))
        found = with_suitable_optimizer(config, job(free, classes, data=run_data(config)))
        config = replace(found, lr=_rounded(found.lr), momentum=_rounded(found.momentum))
        notes.append(
            f"a linear model is trained by SGD with lr {config.lr:.3g} (less beside smooth "
            f"penalties) and momentum {config.momentum:.3g}, by its curvature; give --optimizer "
            "and --lr for others"
        )
    # Without patience in the settings a path has none, though a table's training would have.
    config = replace(config, patience=base.patience or 0)
    entries, final = in_mode_prox(config, reg, place, classes, data, notes)
    penalty = final.regularizers[place]
    if getattr(penalty, "schedule", None) is not None:
        raise InputError(
            f"{entry.entry}: at each point of a path the strength stays what it is: leave out the "
            "schedule"
        )
    mode = getattr(penalty, "mode", "loss")
    if refit and mode != "prox":
        raise InputError(
            f"refit keeps at 0 what the penalty has set to 0, and {entry.entry} in mode {mode} "
            "gives no exact zeros: leave out --refit"
        )
    warn_of_relu_scale(final, place)
    config = replace(config, reg=tuple(entries))
    config = portable_path(config, place, classes)
    options: dict[str, Any] = {
        "reg": list(map(str, config.reg)),
        "seeds": list(numbers),
        "folds": folds,
        "strengths": strengths,
        "direction": direction,
        "refit": refit,
        "metric": metric,
        "choose": choose,
        "tolerance": tolerance,
        **({"by-curvature": True} if by_curvature else {}),
    }
    return PreparedPath(
        StudyPlan(
            KIND,
            options,
            settings_of(config),
            {},
            made_with(base, config.reg, plugin_files),
        ),
        config,
        place,
        given,
        strengths,
        folds,
        numbers,
        "dense" if direction == "dense" else "sparse",
        refit,
        metric,
        "min" if choose == "min" else "1se",
        tolerance,
        by_curvature,
        plugin_files,
        tuple(notes),
    )


def _require_two_rows(config: Config, folds: int) -> None:
    """R² compares with the mean of the rows that it is measured on."""
    for fold in range(folds):
        unseen = run_data(config, Fold(fold, folds, config.seed)).held_out[TEST]
        if len(unseen[0]) < 2:
            raise InputError(
                f"R² needs at least two rows to be measured on, and fold {fold} holds one: lower "
                "--folds, or leave out --metric r2"
            )


def _rounded(setting: float) -> float:
    """A setting of the plan, which must be the same with another number of BLAS threads."""
    return float(f"{setting:.6g}")
