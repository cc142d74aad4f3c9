"""Where Optuna keeps a sweep's trials: a journal in the study's folder, or a database.

It holds which numbers each trial has. What was trained stands in the folder's rows, and these
alone decide how a trial ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from regkit.errors import InputError
from regkit.studies.ranges import Range
from regkit.studies.search.optuna_trials import direction, frozen, quiet_optuna, state_of
from regkit.studies.search.trial import SweepTrial
from regkit.studies.search.trial_database import (
    database_errors,
    let_go,
    opened_database,
    read_database,
    shown,
)
from regkit.studies.search.trial_journal import (
    JOURNAL,
    journal_errors,
    opened_journal,
    read_journal,
)

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

Errors = Callable[[], AbstractContextManager[None]]


class TrialStorage:
    """The trials of one sweep.

    Args:
        open_storage: opens Optuna's.
        place: what it is, for messages.
        errors: a context that turns its errors into those of regkit.
        name: of the study in it.
        axes: what is searched.
        higher_is_better: false for losses and errors.

    Raises:
        InputError: the storage cannot be used; so do all methods.
    """

    def __init__(
        self,
        open_storage: Callable[[], BaseStorage],
        place: str,
        errors: Errors,
        name: str,
        axes: Mapping[str, Range],
        *,
        higher_is_better: bool,
    ) -> None:
        import optuna

        self._axes = axes
        self._place = place
        self._errors = errors
        self._name = name
        with self._errors(), quiet_optuna():
            self.storage = open_storage()
            self._study = optuna.create_study(
                storage=self.storage,
                study_name=name,
                load_if_exists=True,
                direction=direction(higher_is_better=higher_is_better),
            )

    def values(self, number: int) -> dict[str, float] | None:
        """The numbers of a trial by title; None if it has not been asked for yet."""
        with self._errors(), quiet_optuna():
            trials = self._study.get_trials(deepcopy=False)
        if number >= len(trials):
            return None
        params = trials[number].params
        if set(params) != set(self._axes):
            raise InputError(
                f"trial {number} in {self._place} is of another search, of "
                f"{', '.join(sorted(params)) or 'nothing'}: give another storage, or move it away"
            )
        return {title: params[title] for title in self._axes}

    def add(self, trial: SweepTrial) -> None:
        """Keep a trial that begins, whole or not at all."""
        with self._errors(), quiet_optuna():
            self._study.add_trial(frozen(trial, self._axes))
        if self.values(trial.number) != dict(trial.values):
            raise InputError(f"another process adds trials to {self._place}: end it, or wait")

    def tell(self, trial: SweepTrial) -> None:
        """Keep how a trial ended, unless that is known."""
        with self._errors(), quiet_optuna():
            if self._study.get_trials(deepcopy=False)[trial.number].state.is_finished():
                return
            if trial.state == "pruned":
                self._report(trial)
            value = trial.mean if trial.state == "finished" else None
            self._study.tell(trial.number, value, state=state_of(trial))

    def _report(self, trial: SweepTrial) -> None:
        """Keep a mean so far, which Optuna then takes as the value of a pruned trial."""
        study = self.storage.get_study_id_from_name(self._name)
        one = self.storage.get_trial_id_from_study_id_trial_number(study, trial.number)
        self.storage.set_trial_intermediate_value(one, len(trial.scores), trial.mean)


@contextmanager
def opened_storage(
    folder: Path | None,
    url: str | None,
    name: str,
    axes: Mapping[str, Range],
    *,
    higher_is_better: bool,
    in_memory: bool = False,
) -> Iterator[TrialStorage]:
    """The storage of a sweep, new or continued.

    Args:
        folder: the study's, at which nobody else is at work; None to keep nothing.
        url: a database's; None for the journal in the folder.
        name: of the study.
        axes: what is searched.
        higher_is_better: false for losses and errors.
        in_memory: with a copy of what it holds, so that it stays as it is.

    Raises:
        InputError: it cannot be used.
    """
    open_one: Callable[[], BaseStorage]
    errors: Errors = nullcontext
    if url is not None:
        open_one, place, errors = (
            partial(_copied, partial(read_database, url), name)
            if in_memory
            else partial(opened_database, url),
            f"the storage {shown(url)}",
            partial(database_errors, url),
        )
    elif folder is not None:
        path = folder / JOURNAL
        open_one, place, errors = (
            partial(_copied, partial(read_journal, path), name)
            if in_memory
            else partial(opened_journal, path),
            str(path),
            partial(journal_errors, path),
        )
    else:
        from optuna.storages import InMemoryStorage

        open_one, place = InMemoryStorage, "memory"
    found = TrialStorage(open_one, place, errors, name, axes, higher_is_better=higher_is_better)
    try:
        yield found
    finally:
        _let_go(found.storage)


def _let_go(storage: BaseStorage) -> None:
    """Close the connections, if it has some to a database."""
    from optuna.storages import RDBStorage

    if isinstance(storage, RDBStorage):
        let_go(storage)


def _copied(
    read: Callable[[], AbstractContextManager[BaseStorage | None]], name: str
) -> BaseStorage:
    """A storage in memory, with the study of this name if the one that is read holds it."""
    import optuna

    found = optuna.storages.InMemoryStorage()
    with read() as source:
        if source is not None and name in optuna.get_all_study_names(source):
            optuna.copy_study(from_study_name=name, from_storage=source, to_storage=found)
    return found
