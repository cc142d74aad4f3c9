"""The next trial of a sweep, as a function of the seed, its number, and what is known of others.

A fresh sampler is asked for each trial, so that it makes no difference whether a sweep was
interrupted, and how many workers it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from regkit.errors import InputError
from regkit.extras import required
from regkit.studies.ranges import Range
from regkit.studies.search.optuna_trials import direction, distributions_of, frozen, quiet_optuna
from regkit.studies.search.trial import SweepTrial
from regkit.suggestions import did_you_mean
from regkit.training.blas_threads import one_thread

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler

SamplerName = Literal["tpe", "qmc", "gp", "random"]
SAMPLERS: tuple[SamplerName, ...] = get_args(SamplerName)


def checked_sampler(name: str) -> SamplerName:
    """The sampler of this name.

    Raises:
        InputError: there is none.
        MissingPackageError: it needs a package that is not installed.
    """
    found = next((one for one in SAMPLERS if one == name), None)
    if found is None:
        hint = did_you_mean(str(name), SAMPLERS)
        raise InputError(
            f"unknown sampler {name!r}: {f'{hint} ' if hint else ''}there are {', '.join(SAMPLERS)}"
        )
    if found == "gp":
        required("torch", package="torch", extra="torch", purpose="the sampler gp")
    return found


def next_values(
    sampler: SamplerName,
    axes: Mapping[str, Range],
    history: Sequence[SweepTrial],
    *,
    seed: int,
    higher_is_better: bool,
) -> dict[str, float]:
    """The numbers of the next trial, by title.

    Args:
        sampler: its name.
        axes: what is searched.
        history: all earlier trials in order; those of the same batch are running.
        seed: of the sweep.
        higher_is_better: false for losses and errors.
    """
    if sampler == "qmc":
        return _sobol(axes, len(history), seed)
    import optuna

    if sampler == "gp":
        # It looks at finished trials alone, and would try again what was pruned.
        history = [
            replace(one, state="finished") if one.state == "pruned" else one for one in history
        ]
    with quiet_optuna(), one_thread():
        study = optuna.create_study(
            sampler=_fresh(sampler, seed, len(history)),
            direction=direction(higher_is_better=higher_is_better),
        )
        study.add_trials([frozen(one, axes) for one in history])
        values = study.ask(distributions_of(axes)).params
    return {title: values[title] for title in axes}


def _fresh(sampler: SamplerName, seed: int, number: int) -> BaseSampler:
    """A sampler that has forgotten everything, with a seed of this trial's own."""
    from optuna.samplers import GPSampler, RandomSampler, TPESampler

    own = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
    if sampler == "gp":
        return GPSampler(seed=own)
    return TPESampler(seed=own) if sampler == "tpe" else RandomSampler(seed=own)


def _sobol(axes: Mapping[str, Range], number: int, seed: int) -> dict[str, float]:
    """A point of the scrambled Sobol sequence.

    It is the sequence of Optuna's QMCSampler. That one draws the first trial at random, and counts
    in its storage, where a kill between counting and adding leaves out a point.
    """
    from scipy.stats.qmc import Sobol

    points = Sobol(len(axes), scramble=True, seed=seed)
    if number:
        points.fast_forward(number)
    (point,) = points.random(1).tolist()
    return {title: one.at(t) for (title, one), t in zip(axes.items(), point, strict=True)}
