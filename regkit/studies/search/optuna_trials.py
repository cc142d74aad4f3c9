"""Ranges and trials as Optuna has them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from regkit.extras import required
from regkit.studies.ranges import Range
from regkit.studies.search.trial import SweepTrial

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial, TrialState


def require_optuna() -> None:
    """Raise a MissingPackageError if Optuna cannot be imported."""
    required("optuna", package="optuna", extra="search", purpose="a sweep")


@contextmanager
def quiet_optuna() -> Iterator[None]:
    """Without what Optuna logs, which the sweep tells itself; the caller's own level comes back."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)


def direction(*, higher_is_better: bool) -> Literal["minimize", "maximize"]:
    """Optuna's word for what is sought."""
    return "maximize" if higher_is_better else "minimize"


def distributions_of(axes: Mapping[str, Range]) -> dict[str, BaseDistribution]:
    """The ranges, by title."""
    from optuna.distributions import FloatDistribution, IntDistribution

    return {
        title: IntDistribution(int(one.low), int(one.high), log=one.logarithmic)
        if one.integer
        else FloatDistribution(one.low, one.high, log=one.logarithmic)
        for title, one in axes.items()
    }


def state_of(trial: SweepTrial) -> TrialState:
    """Optuna's name of a trial's state."""
    from optuna.trial import TrialState

    return {
        "running": TrialState.RUNNING,
        "finished": TrialState.COMPLETE,
        "pruned": TrialState.PRUNED,
        "failed": TrialState.FAIL,
    }[trial.state]


def frozen(trial: SweepTrial, axes: Mapping[str, Range]) -> FrozenTrial:
    """A trial with all that a sampler looks at: a pruned one has its mean so far as both values."""
    from optuna.trial import create_trial

    state = state_of(trial)
    told = trial.state in ("finished", "pruned") and math.isfinite(trial.mean)
    return create_trial(
        state=state,
        value=trial.mean if told else None,
        params=dict(trial.values),
        distributions=distributions_of(axes),
        intermediate_values={len(trial.scores): trial.mean} if trial.state == "pruned" else {},
    )
