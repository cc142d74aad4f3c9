"""Settings in TOML, and the defaults in tables."""

import ast
import re
import tomllib
from dataclasses import fields as _fields
from pathlib import Path
from tempfile import TemporaryDirectory

from page_parts import code_in

import regkit
from regkit.errors import RegkitError
from regkit.runs.config import Config
from regkit.runs.config_file import read_config_file
from regkit.runs.settings import settings

from .commands import wrong_flags
from .plugins import PLUGINS

KEYS = {setting.key: setting.name for setting in settings()}


def wrong_settings(page):
    """Blocks and lines of TOML that are no settings."""
    for code in page.codes:
        key = re.match(r"([a-z][a-z-]*) = ", code)
        if key and _is_toml(code) and key[1] not in KEYS:
            yield f"`{code}` is no setting"
    for language, text in page.blocks:
        if language == "toml" and "[project]" not in text:
            yield from _refused(text)


def wrong_defaults(page):
    """Tables whose defaults are others than the program's.

    A table with a column `default` tells of the fields of the penalty that the page is named after,
    or of settings, or of the fields that every regularizer has. One that is headed by a flag tells
    of its values.
    """
    of_page = PLUGINS.get(page.path.stem)
    for header, *rows in page.tables:
        flag = code_in(header[0]) or ""
        for row in rows:
            name = code_in(row[0])
            if name and "default" in header:
                stated = code_in(row[header.index("default")])
                penalty = of_page.entry_point.load() if of_page else regkit.L2
                yield from _other_default(name, stated, penalty)
            elif name and flag.startswith("--"):
                yield from wrong_flags(row[0], [flag, name])
                if "default" in row[0]:
                    yield from _other_default(flag, repr(name), None)


def _refused(text):
    with TemporaryDirectory() as folder:
        file = Path(folder, "settings.toml")
        file.write_text(text, encoding="utf-8")
        try:
            read_config_file(file, tables=("arms",))
        except RegkitError as error:
            yield str(error)


def _other_default(name, stated, penalty):
    key = name.removeprefix("--")
    fields = {} if penalty is None else {one.name: one.default for one in _fields(penalty)}
    if key not in fields and key not in KEYS:
        yield f"there is no {name} that could have a default"
    elif stated is not None:
        default = fields[key] if key in fields else getattr(Config(), KEYS[key])
        alone = default[0] if isinstance(default, tuple) and len(default) == 1 else default
        if ast.literal_eval(stated) not in (default, alone):
            yield f"the default of {name} is {default!r}, not {stated}"


def _is_toml(code):
    try:
        return bool(tomllib.loads(code))
    except tomllib.TOMLDecodeError:
        return False
