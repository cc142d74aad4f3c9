"""Configuration files: settings in TOML, each under the name of its flag.

A regularizer is a spec string, or a table whose keys are its name and its fields.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from regkit.arguments import RANGE
from regkit.errors import ConfigError, FieldError, InputError, SpecError
from regkit.runs.config import Config
from regkit.runs.settings import Setting, settings
from regkit.storage import read_whole
from regkit.suggestions import did_you_mean

if TYPE_CHECKING:
    from regkit.regularizers.table import Entry

SUFFIX = ".toml"
REG = "reg"
NO_KEY = "plugin-file"
"""No key names code to run: a configuration file can never execute code."""

MOST_BYTES = 2**20
"""No configuration file is larger."""

OF_SWEEPS = "a range LOW..HIGH of a setting is for regkit sweep"
"""What to say of a range."""

_DEEP = re.compile(
    r"""(?<![\w-])(?:(?>[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){30}"""
)
"""Thirty parts of a dotted key; tomllib needs memory that grows with the square of their number."""

_IN_WORDS = {int: "an integer", float: "a number", str: "a string", bool: "true or false"}
_LIST_IN_WORDS = {int: "a list of integers", str: "a list of strings"}


def config_from_file(path: Path) -> Config:
    """The settings in a file; missing ones have their defaults.

    Raises:
        ConfigError: the file cannot be read, is not TOML, has an unknown key, or a value of the
            wrong type.
    """
    return config_from_mapping(table_in_file(path), str(path), path)


def read_config_file(path: Path, *, tables: Sequence[str]) -> tuple[Config, Mapping[str, Any]]:
    """The settings in a file, and its tables of these names.

    Regularizers that are tables within them know the file, to whose folder theirs are relative.

    Raises:
        ConfigError: as for `config_from_file`.
    """
    found = table_in_file(path)
    apart = {name: _located(path, found.pop(name)) for name in tables if name in found}
    for name in apart:
        if REG in found:
            raise ConfigError(f"{path}: {beside(name)}")
    return config_from_mapping(found, str(path), path), apart


def table_in_file(path: Path) -> dict[str, Any]:
    """What a file holds, under its keys.

    Raises:
        ConfigError: it cannot be read, or is not TOML.
    """
    import tomllib  # Its patterns are slow to compile.

    try:
        text = read_whole(path, most=MOST_BYTES).decode("utf-8-sig")
        if _DEEP.search(text):
            raise ConfigError(f"{path} is nested too deeply")
        return tomllib.loads(text)
    except ConfigError:
        raise
    except InputError as error:
        raise ConfigError(str(error)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text, as TOML must be: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path} is nested too deeply") from error
    except ValueError as error:  # From tomllib, or from int() for a number with too many digits.
        raise ConfigError(f"{path} is not TOML: {error}") from error


def beside(name: str) -> str:
    """What is wrong with regularizers beside tables that have their own."""
    return f"reg and [{name}] exclude each other: put all regularizers into [{name}.NAME]"


def config_from_text(text: str, source: str) -> Config:
    """The settings that `toml_of` wrote.

    Raises:
        ConfigError: as for `config_from_file`.
    """
    import tomllib  # As above.

    return config_from_mapping(tomllib.loads(text), source)


def config_from_mapping(
    given: Mapping[str, Any], source: str, path: Path | None = None, base: Config | None = None
) -> Config:
    """The settings under the names of their flags; missing ones are those of `base`.

    Args:
        given: such as `{"batch-size": 32}`.
        source: where they come from, for messages.
        path: the file that they come from, to whose folder files of regularizers are relative.
        base: the default settings unless given.

    Raises:
        ConfigError: an unknown key, or a value of the wrong type.
    """
    known = {setting.key: setting for setting in settings()}
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known:
            raise ConfigError(f"{source}: {_unknown(key, value, known)}")
        setting = known[key]
        if key == REG:
            found[setting.name] = _regularizers(source, path, value)
        elif value is None and setting.optional:
            found[setting.name] = None
        else:
            found[setting.name] = _checked(source, setting, value)
    return replace(base or Config(), **found)


def table_of(config: Config) -> dict[str, Any]:
    """The settings as plain values under the names of their flags, without those that are None.

    Regularizers are text: a spec, or an inline table.
    """
    values = {one.key: getattr(config, one.name) for one in settings()}
    given = {key: value for key, value in values.items() if value is not None}
    return {**given, REG: [str(entry) for entry in config.reg]}


def toml_of(config: Config) -> str:
    """The file that gives these settings; those that are None are left out.

    Regularizers are inline tables: after a `[[reg]]` all further keys would belong to it.
    """
    import tomli_w

    parts = []
    for group, members in groupby(settings(), lambda setting: setting.about.group):
        values = {one.key: getattr(config, one.name) for one in members}
        given = {key: value for key, value in values.items() if value is not None}
        reg = _toml_of_regularizers(given.pop(REG)) if REG in given else ""
        parts.append(f"# {group}\n{reg}{tomli_w.dumps(given)}")
    return "\n".join(parts)


def _regularizers(source: str, path: Path | None, value: object) -> tuple[Entry, ...]:
    from regkit.regularizers.table import EXAMPLE, Table

    if isinstance(value, dict):
        raise ConfigError(f"{source}: reg is a list: write [[reg]] instead of [reg]")
    if not isinstance(value, list | tuple) or not all(
        isinstance(one, str | dict | Table) for one in value
    ):
        raise ConfigError(
            f"{source}: reg must be a list of specs and tables, got {value!r:.60}; "
            f'for example reg = ["l2=5e-4@dense1", {EXAMPLE}]'
        )
    try:
        return tuple(Table.of(one, path) if isinstance(one, dict) else one for one in value)
    except (SpecError, FieldError) as error:
        raise ConfigError(f"{source}: {error}") from error


def _located(path: Path, value: object) -> Any:
    """What a file holds, with the tables in lists read as regularizers."""
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return list(_regularizers(str(path), path, value))
    if isinstance(value, dict):
        return {key: _located(path, one) for key, one in value.items()}
    return value


def _toml_of_regularizers(entries: Sequence[Entry]) -> str:
    from regkit.regularizers.inline_table import toml_string

    lines = (toml_string(one) if isinstance(one, str) else str(one) for one in entries)
    return "reg = [\n" + "".join(f"    {line},\n" for line in lines) + "]\n"


def _unknown(key: str, value: object, known: dict[str, Setting]) -> str:
    if key == NO_KEY:
        return f"{key!r} is not a key: files execute no code, so give --{key} on the command line"
    if isinstance(value, dict):
        return f"[{key}] is a table, but all keys belong at the top level"
    meant = did_you_mean(key.replace("_", "-"), known)
    hint = meant or "--print-config shows all keys"
    return f"unknown key {key!r}: {hint}"


def _checked(source: str, setting: Setting, value: object) -> Any:
    import msgspec

    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    elif hasattr(value, "tolist"):  # NumPy's numbers and arrays.
        value = value.tolist()
    elif isinstance(value, list | tuple):
        value = [one.item() if hasattr(one, "item") else one for one in value]
    try:
        return msgspec.convert(value, setting.kind)
    except msgspec.ValidationError:
        shown = f"{value!r:.60}"
        raise ConfigError(
            f"{source}: {setting.key} must be {_in_words(setting)}, got {shown}"
            f"{_hint(setting, value)}"
        ) from None


def _in_words(setting: Setting) -> str:
    arguments = get_args(setting.kind)
    if get_origin(setting.kind) is Literal:
        return f"one of {', '.join(map(repr, arguments))}"
    return _LIST_IN_WORDS[arguments[0]] if arguments else _IN_WORDS[setting.kind]


def _hint(setting: Setting, value: object) -> str:
    if isinstance(value, str) and RANGE in value:
        return f"; {OF_SWEEPS}"
    if setting.default in (None, ()):
        return ""
    return f"; for example {setting.key} = {json.dumps(setting.default)}"
