"""Configuration files: settings in TOML, each under the name of its flag.

A regularizer is a spec string, or a table whose keys are its name and its fields.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

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
    known = {setting.key: setting for setting in settings()}
    found: dict[str, Any] = {}
    for key, value in _parsed(path).items():
        if key not in known:
            raise ConfigError(f"{path}: {_unknown(key, value, known)}")
        found[known[key].name] = (
            _regularizers(path, value) if key == REG else _checked(path, known[key], value)
        )
    return Config(**found)


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


def _parsed(path: Path) -> dict[str, Any]:
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


def _regularizers(path: Path, value: object) -> tuple[Entry, ...]:
    from regkit.regularizers.table import EXAMPLE, Table

    if isinstance(value, dict):
        raise ConfigError(f"{path}: reg is a list: write [[reg]] instead of [reg]")
    if not isinstance(value, list) or not all(isinstance(one, str | dict) for one in value):
        raise ConfigError(
            f"{path}: reg must be a list of specs and tables, got {value!r:.60}; "
            f'for example reg = ["l2=5e-4@dense1", {EXAMPLE}]'
        )
    try:
        return tuple(one if isinstance(one, str) else Table.of(one, path) for one in value)
    except (SpecError, FieldError) as error:
        raise ConfigError(f"{path}: {error}") from error


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


def _checked(path: Path, setting: Setting, value: object) -> Any:
    import msgspec

    try:
        return msgspec.convert(value, setting.kind)
    except msgspec.ValidationError:
        shown = f"{value!r:.60}"
        raise ConfigError(
            f"{path}: {setting.key} must be {_in_words(setting)}, got {shown}{_hint(setting)}"
        ) from None


def _in_words(setting: Setting) -> str:
    arguments = get_args(setting.kind)
    if get_origin(setting.kind) is Literal:
        return f"one of {', '.join(map(repr, arguments))}"
    return _LIST_IN_WORDS[arguments[0]] if arguments else _IN_WORDS[setting.kind]


def _hint(setting: Setting) -> str:
    if setting.default in (None, ()):
        return ""
    return f"; for example {setting.key} = {json.dumps(setting.default)}"
