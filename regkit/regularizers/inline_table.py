"""A mapping as a TOML inline table, in one line: `{ name = "l2", strength = 0.001 }`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def inline_table(values: Mapping[str, object]) -> str:
    """The inline table of these keys; values are numbers, booleans, tuples, and else text."""
    pairs = ", ".join(f"{_key(key)} = {_value(value)}" for key, value in values.items())
    return f"{{ {pairs} }}"


def toml_string(text: str) -> str:
    """A basic string, quoted."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_string(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return toml_string(str(value))
