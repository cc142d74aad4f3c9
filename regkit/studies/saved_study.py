"""A study that was saved, read from its folder. No plugin is imported."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from regkit.errors import InputError
from regkit.runs.folder import CONFIG
from regkit.storage import read_whole, regular
from regkit.studies.comparisons.comparison import Comparison, comparison_of
from regkit.studies.folder import MOST_BYTES, PLAN, RESULT, ROWS, StudyFolder, plain, rows_in
from regkit.studies.paths.path_result import PathResult, path_result
from regkit.studies.ranges import Range
from regkit.studies.search.repeats import repeats_of
from regkit.studies.search.sweep_result import SweepResult, sweep_result

KINDS = ("compare", "path", "sweep")


@dataclass(frozen=True)
class SavedStudy:
    """A finished study.

    Attributes:
        path: its folder.
        plan: `plan.toml`, as plain data.
        result: judged anew, from its rows.
    """

    path: Path
    plan: Mapping[str, Any]
    result: Comparison | PathResult | SweepResult


def holds_study(path: Path) -> bool:
    """Whether a study was started in a folder."""
    return regular(path / PLAN) is not None


def saved_study(path: Path) -> SavedStudy:
    """The study in a folder.

    Raises:
        InputError: it is not finished yet, or its files are damaged or do not agree.
    """
    try:
        plan = tomllib.loads(_text(path / PLAN))
        kind = str(plan["study"]["kind"])
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path / PLAN} is not the plan of a study: {error}") from error
    except (KeyError, TypeError) as error:
        raise InputError(f"{path / PLAN} is not the plan of a study: no [study] kind") from error
    rows = [row for found in rows_in(path / ROWS).values() for row in found]
    if regular(path / RESULT) is None:
        raise InputError(
            f"{path} holds a study that is not finished ({len(rows)} rows so far): the command "
            "that started it goes on with it"
        )
    if kind not in KINDS:
        raise InputError(f"{path / PLAN}: a study of kind {kind!r} is not known")
    advice = f"remove {RESULT}, and the command that started the study judges its rows again"
    try:
        told = json.loads(_text(path / RESULT))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path / RESULT} is damaged ({error}): {advice}") from error
    try:
        result = _judged(kind, plan, rows, told)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(
            f"{path} holds a damaged study, whose {PLAN}, {ROWS} and {RESULT} do not fit each "
            f"other: {advice}"
        ) from error
    if plain(result.as_dict()) != told:
        raise InputError(
            f"{path / ROWS} and {path / RESULT} do not agree: one of them was changed; {advice}"
        )
    run = StudyFolder(path).run
    if regular(run / CONFIG) is not None:
        result = replace(result, run=run)
    return SavedStudy(path, plan, result)


def _judged(
    kind: str, plan: Mapping[str, Any], rows: list[dict[str, Any]], told: Mapping[str, Any]
) -> Comparison | PathResult | SweepResult:
    study = plan["study"]
    if kind == "compare":
        return comparison_of(
            rows,
            names=list(plan["arms"]),
            baseline=study["baseline"],
            seeds=study["seeds"],
            metric=study["metric"],
            test_to_train=told["test_to_train"],
            same_test_rows=told["same_test_rows"],
        )
    if kind == "path":
        return path_result(
            [row for row in rows if "fold" in row],
            metric=study["metric"],
            folds=study["folds"],
            rule=study["choose"],
            tolerance=study["tolerance"],
        )
    return sweep_result(
        rows,
        metric=study["metric"],
        sampler=study["sampler"],
        axes={title: Range(**one) for title, one in told["ranges"].items()},
        repeats=repeats_of(study["seeds"], study.get("folds")),
    )


def _text(path: Path) -> str:
    return read_whole(path, most=MOST_BYTES).decode(errors="replace")
