"""The settings of a sweep, from wherever they come: values, and what is left open."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_mapping, table_in_file
from regkit.studies.search.open_settings import OpenSetting, without_open
from regkit.studies.settings import Settings, as_config


def swept_settings(settings: Settings) -> tuple[Config, dict[str, OpenSetting]]:
    """The settings with values, and the open ones by name.

    Args:
        settings: as for `regkit.studies.settings.as_config`.

    Raises:
        ConfigError: a setting is unknown or of the wrong type, a range stands where none can, or
            the file cannot be read.
        InputError: there are arms.
    """
    if isinstance(settings, str | os.PathLike):
        return read_swept_file(Path(settings))
    found: dict[str, OpenSetting] = {}
    if isinstance(settings, Mapping):
        given = {str(name).replace("_", "-"): value for name, value in settings.items()}
        settings, found = without_open(given, "settings")
    config, arms = as_config(settings)
    if arms:
        raise InputError("a sweep has no arms: leave out arms, or use them in regkit compare")
    return config, found


def read_swept_file(path: Path) -> tuple[Config, dict[str, OpenSetting]]:
    """Those of a configuration file.

    Raises:
        ConfigError: as for `swept_settings`.
    """
    values, found = without_open(table_in_file(path), str(path))
    return config_from_mapping(values, str(path), path), found
