"""A table of settings and its parts: read, and split into training, validation and test rows."""

from __future__ import annotations

import functools
from dataclasses import asdict
from pathlib import Path
from typing import Any

from regkit.data import (
    Dialect,
    Table,
    Task,
    fold,
    read_table,
    split,
    split_by_group,
    split_last,
)
from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.prepared import TEST, VALIDATION, seed_of
from regkit.runs.unseen import Fold, Share, Unseen

_READ = ("data", "target", "drop", "categorical", *asdict(Dialect()))
"""The settings that reading a table goes by."""


def table_of(config: Config, *, again: bool = False) -> Table:
    """The table that the settings name.

    `again` says that it will be asked for again: then it is read once a process while the file is
    unchanged.

    Raises:
        DataError: it cannot be read.
    """
    if not again:
        return _read(config)
    given = tuple((name, getattr(config, name)) for name in _READ)
    return _read_once(given, _stamp(config.data))


def _read(config: Config) -> Table:
    return read_table(
        config.data,
        target=config.target,
        drop=config.drop,
        categorical=config.categorical,
        dialect=dialect_of(config),
    )


@functools.lru_cache(maxsize=1)
def _read_once(given: tuple[tuple[str, Any], ...], stamp: object) -> Table:
    return _read(Config(**dict(given)))


def _stamp(data: str) -> tuple[int, int] | None:
    """Time and size of a file, which change with its contents; None if it cannot be told."""
    try:
        found = Path(data).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def dialect_of(config: Config) -> Dialect:
    """How the settings say that text tables are read."""
    return Dialect(
        header=config.header,
        sep=config.sep,
        decimal=config.decimal,
        thousands=config.thousands,
        encoding=config.encoding,
        na=config.na,
        comment=config.comment,
    )


def require_one_split(config: Config) -> None:
    """The ways to choose validation rows exclude each other.

    Raises:
        InputError: several are given.
    """
    defaults = Config()
    ways = {
        "--group": config.group is not None,
        "--val-last": config.val_last,
        "--val-file": config.val_file is not None,
    }
    chosen = [flag for flag, wanted in ways.items() if wanted]
    if len(chosen) > 1:
        raise InputError(f"{' and '.join(chosen)} exclude each other: give one")
    if not chosen:
        return
    (flag,) = chosen
    if flag == "--val-file":
        if config.val != defaults.val:
            raise InputError("--val-file holds all rows to validate on: leave out --val")
    elif config.val == 0:
        raise InputError(f"{flag} says which rows to validate on, and --val 0 that there are none")
    if flag != "--group" and config.split_seed is not None:
        raise InputError(f"--split-seed applies to random splits, not to {flag}")


def parts_of(
    config: Config, table: Table, task: Task, unseen: Unseen | None
) -> tuple[Table, dict[str, Table]]:
    """The training rows, and the held-out ones under "validation" and "test".

    Raises:
        InputError: a fraction or the number of folds is out of range.
        DataError: a part would be empty.
    """
    training, held_out, stratify = table, {}, task == "classification"
    if config.test is not None:
        held_out[TEST] = _further(config, config.test)
    elif isinstance(unseen, Share):
        training, held_out[TEST] = _split(config, training, unseen.share, stratify, "--test-share")
    if isinstance(unseen, Share) and unseen.fold is not None:
        training, held_out[VALIDATION] = _fold(config, training, unseen.fold, stratify)
    elif config.val_file is not None:
        held_out[VALIDATION] = _further(config, config.val_file)
    elif config.val != 0:
        training, held_out[VALIDATION] = _split(config, training, config.val, stratify, "--val")
    if isinstance(unseen, Fold):
        training, held_out[TEST] = _fold(config, training, unseen, stratify)
    parts = {name: held_out[name] for name in (VALIDATION, TEST) if name in held_out}
    if config.group is None:
        return training, parts
    group = [config.group]
    return training.without(group), {
        name: part.without(group) if config.group in part.columns else part
        for name, part in parts.items()
    }


def _split(
    config: Config, table: Table, fraction: float, stratify: bool, flag: str
) -> tuple[Table, Table]:
    """In the way that the settings ask for."""
    if config.val_last:
        return split_last(table, fraction, flag=flag)
    seed = seed_of(config, "split_seed")
    if config.group is not None:
        return split_by_group(table, fraction, seed, config.group, flag=flag)
    return split(table, fraction, seed, stratify=stratify, flag=flag)


def _fold(config: Config, table: Table, one: Fold, stratify: bool) -> tuple[Table, Table]:
    return fold(
        table,
        one.number,
        one.of,
        one.seed,
        stratify=stratify,
        group=config.group,
        in_order=config.val_last,
    )


def _further(config: Config, path: str) -> Table:
    return read_table(path, dialect=dialect_of(config))
