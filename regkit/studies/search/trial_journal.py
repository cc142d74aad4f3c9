"""Optuna's journal of a sweep's trials, a file in the study's folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from regkit.errors import InputError
from regkit.storage import read_whole, reason, regular, write_whole
from regkit.studies.folder import MOST_BYTES

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

JOURNAL = "journal.log"


def opened_journal(path: Path) -> BaseStorage:
    """The storage in a journal, new or continued, of which nobody else is writing.

    What a kill left is tidied up: a last line without its end, to which the next one would be
    appended, and the lock, for whose release Optuna would wait half a minute.

    Raises:
        InputError: it is something else than a regular file.
        StorageError: it cannot be written.
    """
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

    for left in path.parent.glob(f"{path.name}.lock*"):
        left.unlink(missing_ok=True)
    if regular(path) is not None:
        whole = read_whole(path, most=MOST_BYTES)
        complete = whole[: whole.rfind(b"\n") + 1]
        if complete != whole:
            write_whole(path, complete)
    name = str(path)
    # A lock by a symbolic link, the default, takes a privilege on Windows.
    return JournalStorage(JournalFileBackend(name, lock_obj=JournalFileOpenLock(name)))


@contextmanager
def read_journal(path: Path) -> Iterator[BaseStorage | None]:
    """The storage in a journal, to be read alone; None if there is no journal.

    Raises:
        InputError: it is something else than a regular file.
        OSError: it could not be written later.
    """
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

    if regular(path) is None:
        yield None
        return
    path.open("ab").close()
    name = str(path)
    yield JournalStorage(JournalFileBackend(name, lock_obj=JournalFileOpenLock(name)))


@contextmanager
def journal_errors(path: Path) -> Iterator[None]:
    """What Optuna raises where its journal cannot be read or written, as errors of regkit's."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{path} cannot be used: {reason(error)}") from error
    except (ValueError, KeyError, IndexError, TypeError, AssertionError) as error:
        raise InputError(
            f"{path} is damaged: move it away, and the same command asks for the trials again; "
            "what was trained is kept"
        ) from error
