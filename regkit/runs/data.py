"""From settings to the arrays of a run: drawn, or read from a table."""

from __future__ import annotations

from pathlib import Path

from regkit.data.bundled import PREFIX
from regkit.errors import DataError, InputError
from regkit.runs.config import ARRAYS, SYNTHETIC, SYNTHETIC_DATA, TABLE, Config
from regkit.runs.prepared import RunData
from regkit.runs.settings import settings
from regkit.runs.synthetic_data import synthetic_data
from regkit.runs.unseen import Unseen
from regkit.suggestions import did_you_mean


def run_data(config: Config, unseen: Unseen | None = None) -> RunData:
    """Draw or read the data that the settings ask for.

    Args:
        config: the settings.
        unseen: rows to hold out as "test" beside those that the settings hold out.

    Raises:
        InputError: a setting does not apply to the data.
        DataError: the data cannot be read or used.
    """
    if config.data == ARRAYS:
        raise DataError(
            "the run was trained on arrays from Python, which are not saved: evaluate it on a "
            "file, or train again with rk.train"
        )
    if config.data in SYNTHETIC:
        _require_defaults(config, TABLE)
        return synthetic_data(config, unseen)
    _require_defaults(config, SYNTHETIC_DATA)
    _require_known(config.data)
    from regkit.runs.table_data import table_data  # A synthetic set needs nothing of it.

    return table_data(config, unseen)


def _require_defaults(config: Config, group: str) -> None:
    applies_to = "a table" if group == TABLE else "spiral, vertical and sine"
    for setting in settings():
        if setting.about.group != group or setting.name in ("data", "standardize"):
            continue  # Synthetic sets are never standardized.
        if getattr(config, setting.name) != setting.default:
            raise InputError(f"--{setting.key} applies to {applies_to}, not to {config.data}")


def _require_known(data: str) -> None:
    """Raise a DataError if `data` looks like a data set's name but is not one."""
    if data.startswith(PREFIX) or Path(data).suffix or (data and Path(data).exists()):
        return
    meant = did_you_mean(data, SYNTHETIC)
    hint = f"{meant} " if meant else ""
    raise DataError(
        f"unknown data {data!r}: {hint}Give spiral, vertical, sine, the path of a CSV, "
        f"Parquet or NPZ file, or {PREFIX}NAME"
    )
