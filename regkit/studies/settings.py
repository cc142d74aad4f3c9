"""The settings of a study: those of `regkit train`, from a mapping, an object or a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from regkit.catalogue.resolve import regularizer
from regkit.data.bundled import PREFIX
from regkit.errors import ConfigError, InputError
from regkit.regularizers.spec import RESERVED
from regkit.runs.config import ARRAYS, SYNTHETIC, Config
from regkit.runs.config_file import REG, beside, config_from_mapping, read_config_file
from regkit.runs.copied_files import holding_files, with_whole_paths
from regkit.runs.settings import settings

Settings = Mapping[str, Any] | Config | str | os.PathLike[str]

_SEEDS = "a study's seeds decide data, split and weights, and are given as seeds (--seeds)"
_PRINTED = "what a study prints is told by the command's own flags"

WHY_NOT = {
    "seed": _SEEDS,
    "data-seed": _SEEDS,
    "split-seed": _SEEDS,
    "threads": "every training of a study has one BLAS thread",
    "out": "the folder of a study is given as out= (--out)",
    "log-every": "a study keeps one row of each training",
    "gradient-norms": "a study keeps one row of each training",
    "json": _PRINTED,
    "quiet": _PRINTED,
}
"""Settings of `regkit train` that a study cannot have, by key, with the reason."""


def as_config(settings: Settings) -> tuple[Config, Mapping[str, Any]]:
    """The settings, and the tables `[arms.NAME]` if they come with some.

    Args:
        settings: a mapping of the names of `regkit train`'s settings (`batch_size` or
            `batch-size`), a `Config`, or the path of a configuration file.

    Raises:
        ConfigError: a setting is unknown or of the wrong type, or the file cannot be read.
        InputError: a setting is decided by the study's seeds.
    """
    arms: Mapping[str, Any] = {}
    if isinstance(settings, Config):
        config = settings
    elif isinstance(settings, Mapping):
        given = {str(name).replace("_", "-"): value for name, value in settings.items()}
        arms = given.pop("arms", {})
        if arms and REG in given:
            raise ConfigError(f"settings: {beside('arms')}")
        config = config_from_mapping(given, "settings")
    elif isinstance(settings, str | os.PathLike):
        config, tables = read_config_file(Path(settings), tables=("arms",))
        arms = tables.get("arms", {})
    else:
        raise InputError(
            "settings must be a mapping such as {'data': 'spiral', 'epochs': 300}, a Config or the "
            f"path of a configuration file, got {settings!r:.60}"
        )
    if not isinstance(arms, Mapping):
        raise ConfigError(f"arms must be tables [arms.NAME], got {arms!r:.60}")
    return checked(config), arms


def checked(config: Config) -> Config:
    """The settings, if a study can have them.

    Raises:
        InputError: a setting is the study's own business, or the data are not there.
    """
    for setting in settings():
        if not setting.about.in_studies and getattr(config, setting.name) != setting.default:
            raise InputError(refusal(setting.key))
    if config.data == ARRAYS:
        raise InputError(
            "a study reads its data itself, and arrays from Python are not saved: write them to an "
            "NPZ file, numpy.savez('data.npz', X=X, y=y), and give its path"
        )
    return config


def refusal(key: str) -> str:
    """Why a study cannot have a setting, and what to do."""
    return f"{WHY_NOT[key]}: leave out the setting {key}"


def with_seed(config: Config, seed: int) -> Config:
    """The settings of one seed, which moves data, split, weights and order alike."""
    return replace(config, seed=seed, data_seed=None, split_seed=None)


def portable(config: Config, classes: Sequence[type]) -> Config:
    """The settings with whole paths, since a worker may have another working directory.

    Raises:
        RegkitError: a regularizer cannot be made.
    """
    reg = [
        entry if entry == RESERVED else holding_files(entry, regularizer(entry, classes))
        for entry in config.reg
    ]
    moved = replace(
        config,
        reg=tuple(reg),
        data=_absolute(config.data),
        val_file=None if config.val_file is None else _absolute(config.val_file),
        test=None if config.test is None else _absolute(config.test),
    )
    return with_whole_paths(moved, classes)


def _absolute(path: str) -> str:
    return path if path in SYNTHETIC or path.startswith(PREFIX) else str(Path(path).absolute())
