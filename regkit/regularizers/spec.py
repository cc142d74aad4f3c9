"""The grammar of spec strings. No class is looked up here.

    [DISTRIBUTION/]NAME[=STRENGTH][,FIELD=VALUE…][@SELECTOR[+SELECTOR…]]

For example `l2=0.0005@dense1` or `elastic_net=1e-4,l1_ratio=0.3@dense1.weights+dense2.weights`.
A list of numbers is written `1;2;3`. What this form cannot hold, such as a comma in a value, is
written as a TOML inline table, which `regkit.regularizers.table` reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regkit.errors import SpecError
from regkit.regularizers.inline_table import inline_table

GRAMMAR = "[DISTRIBUTION/]NAME[=STRENGTH][,FIELD=VALUE…][@SELECTOR[+SELECTOR…]]"
RESERVED = "none"
SEPARATOR = ";"
"""It stands between the numbers of a list."""
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Spec:
    """A parsed spec string. Values are still text: only the class knows their types."""

    name: str
    distribution: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    selectors: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return _spec_string(self.full_name, self.fields, self.selectors)

    @property
    def full_name(self) -> str:
        """The name, with its distribution if one was given."""
        return f"{self.distribution}/{self.name}" if self.distribution else self.name


def parse(text: str) -> Spec:
    """Parse a spec string.

    Raises:
        SpecError: the text does not follow the grammar; the message shows where.
    """
    if not text.strip():
        raise SpecError(
            f"empty spec: write {GRAMMAR}, such as 'l2=0.0005@dense1', or {RESERVED!r} for no "
            "regularizer"
        )
    head, at, tail = text.strip().partition("@")
    first, *assignments = head.split(",")
    full_name, equals, strength = first.partition("=")
    try:
        distribution, name = divided_name(full_name)
    except SpecError as error:
        raise SpecError(f"spec {text!r}: {error}") from None
    if name == RESERVED:
        alone = text.strip() == RESERVED
        advice = ", so there is none here: an empty list says so" if alone else ": give it alone"
        raise SpecError(f"spec {text!r}: {RESERVED!r} means no regularizer{advice}")
    values: dict[str, str] = {"strength": strength} if equals else {}
    if equals and not strength:
        raise SpecError(f"spec {text!r}: a strength must follow {full_name + '='!r}")
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not key.isidentifier() or not equals:
            raise SpecError(f"spec {text!r}: {assignment!r} is not FIELD=VALUE")
        if key == "on":
            raise SpecError(f"spec {text!r}: write selectors after '@', not as a field 'on'")
        if key in values:
            raise SpecError(f"spec {text!r}: {key} is given twice")
        values[key] = value
    selectors = tuple(tail.split("+")) if at else None
    if selectors is not None and not all(selectors):
        raise SpecError(f"spec {text!r}: a selector must follow '@' and each '+'")
    return Spec(name, distribution, values, selectors)


def divided_name(full_name: str) -> tuple[str | None, str]:
    """`dist/huber` → `dist` and `huber`; `huber` → None and `huber`.

    Raises:
        SpecError: it is not a regularizer's name.
    """
    distribution, slash, name = full_name.rpartition("/")
    if not _NAME.fullmatch(name) or (slash and not _NAME.fullmatch(distribution)):
        raise SpecError(f"{full_name!r} is not a regularizer's name")
    return distribution or None, name


def written(name: str, fields: Mapping[str, object], selectors: Sequence[str] | None = None) -> str:
    """The spec string of a name, its fields (the strength first, if given) and its selectors.

    It is a TOML inline table where a spec string cannot hold a value.
    """
    if all(map(is_speccable, fields.values())):
        return _spec_string(name, fields, selectors)
    on = {"on": tuple(selectors)} if selectors else {}
    return inline_table({"name": name, **fields, **on})


def text_of(value: object) -> str:
    """The text of a value in a spec string."""
    if isinstance(value, tuple):
        return SEPARATOR.join(map(text_of, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_speccable(value: object) -> bool:
    """Whether a spec string can hold the value."""
    text = text_of(value)
    return not any(sign in text for sign in ",=@") and text == text.strip()


def _spec_string(name: str, fields: Mapping[str, object], selectors: Sequence[str] | None) -> str:
    parts = dict(fields)
    head = f"{name}={parts.pop('strength')}" if "strength" in parts else name
    assignments = "".join(f",{key}={text_of(value)}" for key, value in parts.items())
    return head + assignments + (f"@{'+'.join(selectors)}" if selectors else "")
