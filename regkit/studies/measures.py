"""What a study measures: a metric, and whether more of it is better."""

from __future__ import annotations

from typing import Literal, get_args

from regkit.errors import InputError
from regkit.runs.evaluation import DetailedEvaluation
from regkit.suggestions import did_you_mean

Metric = Literal["accuracy", "r2", "data_loss", "rmse"]
METRICS: tuple[Metric, ...] = get_args(Metric)
HIGHER_IS_BETTER = ("accuracy", "r2")


def measures(evaluation: DetailedEvaluation) -> dict[str, float]:
    """Every metric that an evaluation has, by name."""
    found = evaluation.measures()
    return {"data_loss": found.pop("loss"), **found}


def are_measures(found: object) -> bool:
    """Whether it may be what `measures` gave, back from a file where NaN is None."""
    return (
        isinstance(found, dict)
        and "data_loss" in found
        and any(score in found for score in HIGHER_IS_BETTER)
        and all(is_figure(one) for one in found.values())
    )


def is_figure(value: object) -> bool:
    """Whether it is a number, or None in place of one that is not finite."""
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def checked_metric(metric: str | None, task: str, *, default: Metric | None = None) -> Metric:
    """The metric, or the default one of a task: accuracy or R².

    Raises:
        InputError: there is none of this name, or the task does not have it.
    """
    score: Metric = "accuracy" if task == "classification" else "r2"
    if metric is None:
        return default or score
    found = next((one for one in METRICS if one == metric), None)
    if found is None:
        hint = did_you_mean(str(metric), METRICS)
        raise InputError(
            f"unknown metric {metric!r}: {f'{hint} ' if hint else ''}there are {', '.join(METRICS)}"
        )
    others = ("rmse", "data_loss") if task == "regression" else ("data_loss",)
    if found not in (score, *others):
        applying = f"{', '.join((score, *others[:-1]))} and {others[-1]}"
        raise InputError(f"the metric {found} does not apply to {task}: {applying} do")
    return found


def higher_is_better(metric: str) -> bool:
    """Whether more of it is better."""
    return metric in HIGHER_IS_BETTER
