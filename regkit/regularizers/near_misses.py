"""What somebody who wrote a spec in another form may have meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from regkit.errors import SpecError
from regkit.regularizers.spec import RESERVED, Spec, parse
from regkit.suggestions import DASHES

NOTHING = ("none", "no", "off", "false", "null", "nothing", "0")
LONGEST = 200
"""A longer text is not looked at."""

PARAMETERS = ("weights", "biases")
EXAMPLE = "l2"
"""The name that a strength without one gets."""

_QUOTES = "'\"`“”‘’„‚«»"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
# Not in 1,000, which may be a thousand.
_DECIMAL_COMMA = re.compile(
    r"(?<=[=:(\s])(0+|\d+(?!,\d{3}\b)),(?=\d+(?:[eE][+-]?\d+)?(?:$|[,@)\s;]))"
)
_SEPARATED = re.compile(r"[,;+&|\s]+(?:and\s+)?(?:--reg[=\s]\s*)?")
_HEAD = re.compile(
    rf"(?P<name>[\w./-]+?)(?:\s*[:=;(,*]+\s*|\s+|-(?=\d))(?:strength\s*[:=]\s*)?"
    rf"(?P<strength>{_NUMBER})\)?(?P<rest>(?:$|[\s,;:].*))"
)
_ASSIGNMENT = re.compile(r"(?P<field>[^\W\d]\w*)\s*[:=]+\s*(?P<value>\S+)")
_SELECTOR = re.compile(r"[\w.*?\[\]:/]+")


def meant(text: str, names: Collection[str]) -> tuple[str, ...]:
    """The specs that `text` was probably meant to be: one or several; none if it cannot be told.

    Args:
        text: a spec that cannot be used.
        names: those of the regularizers that there are; nothing else is suggested.
    """
    if len(text) > LONGEST:
        return ()
    plain = unicodedata.normalize("NFKC", text).translate(DASHES).strip().strip(_QUOTES).strip()
    plain = re.sub(r"^(?:--reg(?:[=\s]|$)|-+(?=[^\W\d]))\s*", "", plain)
    plain = _DECIMAL_COMMA.sub(r"\1.", plain)
    if plain.lower() in NOTHING:
        return () if text.strip() == RESERVED else (RESERVED,)
    if re.fullmatch(_NUMBER, plain) and EXAMPLE in names:
        plain = f"{EXAMPLE}={plain}"
    found = [_one(part, names) for part in _several(plain, names)]
    specs = [str(one) for one in found if one is not None]
    if len(specs) < len(found) or specs == [text.strip()]:
        return ()
    return tuple(specs)


def _several(plain: str, names: Collection[str]) -> list[str]:
    """The text, divided where another regularizer's name and strength begin."""
    starts = [0]
    for separator in _SEPARATED.finditer(plain):
        follows = re.match(rf"[\w/-]+(?=\s*[:=(]|\s+{_NUMBER})", plain[separator.end() :])
        if follows and _known(follows[0], names):
            starts.append(separator.end())
    ends = [*starts[1:], len(plain)]
    parts = [plain[start:end] for start, end in zip(starts, ends, strict=True)]
    return [re.sub(r"(?:[,;+&|\s]|--reg[=\s]|\band\s)+$", "", part) for part in parts]


def _one(text: str, names: Collection[str]) -> Spec | None:
    head, at, tail = text.partition("@")
    fields: dict[str, str] = {}
    selectors: list[str] = []
    if at:
        tail, strength = _without_strength(tail)
        if strength is not None:
            if "=" in head:
                return None
            head += f"={strength}"
        head, tail = _with_fields(head, tail)
    match = _HEAD.fullmatch(head.strip())
    rest = ""
    if match:
        fields["strength"] = match["strength"]
        head, rest = match["name"], match["rest"].lstrip(":")
    else:
        head, _, rest = head.partition(",")
    for part in re.split(r"[,;\s]+", rest.rstrip(")")):
        assignment = _ASSIGNMENT.fullmatch(part)
        if assignment:
            fields[assignment["field"]] = assignment["value"].strip(_QUOTES)
        elif part and _SELECTOR.fullmatch(part) and not re.fullmatch(_NUMBER, part):
            selectors.append(part)
        elif part:
            return None
    if "on" in fields:
        selectors.append(fields.pop("on"))
    selectors += _selectors(tail) if at else []
    name = _known(head.strip(), names)
    if name is None or (at and not selectors):
        return None
    spec = Spec(name, None, fields, tuple(dict.fromkeys(_joined(selectors))) or None)
    try:
        return parse(str(spec))
    except SpecError:
        return None


def _known(name: str, names: Collection[str]) -> str | None:
    """The regularizer's name that differs in case, dashes and underscores only."""
    if name in names:
        return name
    bare = {one.lower().replace("-", "").replace("_", ""): one for one in names}
    return bare.get(name.lower().replace("-", "").replace("_", ""))


def _without_strength(tail: str) -> tuple[str, str | None]:
    """`dense1=5e-4` → `dense1` and `5e-4`."""
    match = re.fullmatch(rf"([^=,]*?)\s*[=:]\s*({_NUMBER})\s*", tail)
    return (match[1], match[2]) if match else (tail, None)


def _with_fields(head: str, tail: str) -> tuple[str, str]:
    """Fields that follow the selectors, moved before them."""
    parts = tail.split(",")
    fields = [part for part in parts if _ASSIGNMENT.fullmatch(part.strip()) and "=" in part]
    return ",".join([head, *fields]), ",".join(part for part in parts if part not in fields)


def _selectors(tail: str) -> list[str]:
    listed = re.fullmatch(r"[\[(](.*[,;\s].*)[\])]", tail.strip())
    return [part for part in re.split(r"[\s,;+&|@]+", listed[1] if listed else tail) if part]


def _joined(selectors: list[str]) -> list[str]:
    """`dense1:weights` → `dense1.weights`, and the same of two that are layer and parameter."""
    dotted = [re.sub(r"[:/]", ".", one).strip(_QUOTES) for one in selectors]
    if len(dotted) == 2 and dotted[1] in PARAMETERS and dotted[0] not in (*PARAMETERS, "*"):
        return dotted if "." in dotted[0] else [".".join(dotted)]
    return dotted
