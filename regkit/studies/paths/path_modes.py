"""Mode `prox` for the regularizers of a path, which gives exact zeros."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from regkit.errors import InputError
from regkit.hooks.modes import PROX
from regkit.regularizers.table import Entry, read
from regkit.runs.config import Config
from regkit.runs.job import Job, job
from regkit.runs.prepared import RunData
from regkit.studies.paths.path_entries import gives_zeros, weak
from regkit.studies.paths.point import without_warnings_of_collapse
from regkit.studies.ranges import opened
from regkit.warn import warn


def in_mode_prox(
    config: Config,
    reg: Sequence[Entry],
    place: int,
    classes: Sequence[type],
    data: RunData,
    notes: list[str],
) -> tuple[list[Entry], Job]:
    """The regularizers in the modes of a path, and a job with them.

    Where no mode is given, the one with the path's strength acts in mode `prox` if it can, and
    others do if they give exact zeros there: a subgradient beside it would come to rest nowhere.

    Args:
        config: the settings of a training.
        reg: its regularizers.
        place: which of them has the path's strength.
        classes: regularizer classes that are not installed.
        data: what is trained on.
        notes: to which is added what was chosen.

    Raises:
        RegkitError: a regularizer cannot be used.
    """
    entries = list(reg)
    found = _set_up(config, entries, place, classes, data)
    for number in (place, *(one for one in range(len(entries)) if one != place)):
        given, penalty = entries[number], found.regularizers[number]
        if "mode" in read(given).fields or not _has_prox(penalty):
            continue
        if number != place and not getattr(penalty, "sparsifying", False):
            continue
        entries[number] = opened(given, classes).with_values({"mode": PROX.name})
        try:
            found = _set_up(config, entries, place, classes, data)
        except InputError as error:
            entries[number] = given
            warn(f"{given} stays in mode loss, without exact zeros: {error}")
        else:
            gives = ", which gives exact zeros" if gives_zeros(found.regularizers[number]) else ""
            notes.append(f"{given} is taken in mode prox{gives}")
    return entries, found


def _set_up(
    config: Config, entries: Sequence[Entry], place: int, classes: Sequence[type], data: RunData
) -> Job:
    trial = list(entries)
    open_one = opened(trial[place], classes)
    trial[place] = open_one.with_strength(weak(open_one))
    made = job(replace(config, reg=tuple(trial)), classes, data=data)
    with without_warnings_of_collapse():
        made.set_up()
    return made


def _has_prox(penalty: object) -> bool:
    """Whether a penalty has proximal points and may act by them."""
    modes = getattr(penalty, "modes", ())
    return PROX.name in modes and callable(getattr(penalty, "prox", None))
