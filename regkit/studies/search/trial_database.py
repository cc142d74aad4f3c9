"""A database that keeps a sweep's trials, by its URL, which may hold a password."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from regkit.errors import InputError

if TYPE_CHECKING:
    from optuna.storages import RDBStorage
    from sqlalchemy.engine import Engine

ANSWER_SECONDS = 30.0
"""So long a database may take to answer; drivers would wait for ever."""


def shown(url: str) -> str:
    """A URL without its password, nor what may be one where it cannot be taken apart."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        scheme, separator, _ = url.partition("://")
        return f"{scheme}://..." if separator else "that was given"


def opened_database(url: str) -> RDBStorage:
    """The storage at a URL, such as `sqlite:///trials.db`, after a first answer of its.

    Raises:
        InputError: it does not answer.
        Exception: what `database_errors` turns into one.
    """
    from optuna.storages import RDBStorage

    _answering(url).dispose()
    return RDBStorage(url)


def require_database(url: str) -> None:
    """Check that a storage can be used, before a study is begun.

    Raises:
        InputError: it cannot.
    """
    with database_errors(url):
        let_go(opened_database(url))


def let_go(storage: RDBStorage) -> None:
    """Close the connections to a database."""
    storage.remove_session()
    storage.engine.dispose()


def try_database(url: str) -> None:
    """Check that a storage can be used, and leave neither a new file nor a table in it.

    Raises:
        InputError: it cannot.
    """
    with database_errors(url), read_database(url):
        pass


@contextmanager
def read_database(url: str) -> Iterator[RDBStorage | None]:
    """A storage that could be written, to be read alone; None if it holds no studies yet.

    Raises:
        InputError: it does not answer.
        Exception: what `database_errors` turns into one.
    """
    from optuna.storages import RDBStorage
    from sqlalchemy import inspect

    with _without_new_file(url):
        engine = _answering(url)
        if engine.name == "sqlite":
            with engine.connect() as connection:  # What cannot be written cannot be locked.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        holds_studies = inspect(engine).has_table("version_info")
        engine.dispose()
        if not holds_studies:
            yield None
            return
        found = RDBStorage(url, skip_table_creation=True)  # Of a version that fits, or it says so.
        try:
            yield found
        finally:
            let_go(found)


@contextmanager
def database_errors(url: str) -> Iterator[None]:
    """What a database, its driver or Optuna raise, as errors of regkit's, without a password."""
    from optuna.exceptions import OptunaError
    from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError

    try:
        yield
    except InputError:
        raise
    except ImportError as error:
        raise InputError(
            f"the storage {shown(url)} needs a driver that is not installed "
            f"({_in_a_line(error, url)}): install it, or give a URL such as sqlite:///trials.db"
        ) from None
    except (ArgumentError, ValueError, SAWarning) as error:
        raise InputError(
            f"the storage {shown(url)} cannot be used ({_in_a_line(error, url)}): give a URL such "
            "as sqlite:///trials.db"
        ) from None
    except (SQLAlchemyError, OptunaError, OSError, RuntimeError, KeyError) as error:
        raise InputError(
            f"the storage {shown(url)} cannot be used ({_in_a_line(error, url)}): is the address "
            "right, and the database there?"
        ) from None  # A traceback would show the URL.


def _answering(url: str) -> Engine:
    """The engine of a URL, after a first answer."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SAWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", SAWarning)  # Of what it ignores in the URL.
        engine = create_engine(url)
    if engine.name == "sqlite" and engine.url.database in (None, "", ":memory:"):
        raise InputError(f"the storage {url} keeps nothing: name a file, sqlite:///trials.db")
    _require_answer(engine, shown(url))
    return engine


def _require_answer(engine: Engine, place: str) -> None:
    """Connect once, in a thread that can be left behind."""
    found: list[BaseException | None] = []

    def connect() -> None:
        try:
            engine.connect().close()
        except BaseException as error:  # noqa: BLE001 - It is raised where it is waited for.
            found.append(error)
        else:
            found.append(None)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    if not found:
        raise InputError(
            f"the storage {place} does not answer within {ANSWER_SECONDS:g} seconds: is the "
            "address right, and the server running?"
        )
    if found[0] is not None:
        raise found[0]


@contextmanager
def _without_new_file(url: str) -> Iterator[None]:
    """SQLite makes a file where there is none; it is removed again."""
    from sqlalchemy.engine import make_url

    found = make_url(url)
    file = Path((found.database or "").removeprefix("file:"))
    is_new = found.get_backend_name() == "sqlite" and not file.exists()
    try:
        yield
    finally:
        if is_new:
            file.unlink(missing_ok=True)


def _in_a_line(error: BaseException, url: str) -> str:
    """The first line of a message, with neither the URL nor its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    told = first.partition(" (Background on")[0].rstrip(".").replace(url, shown(url))
    try:
        password = make_url(url).password
    except (ArgumentError, ValueError):
        return type(error).__name__
    return told.replace(str(password), "***") if password else told
