"""The labels of regularizers in a run, and the distributions they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from regkit.catalogue.offers import Offer
from regkit.catalogue.origin import named_by
from regkit.errors import InputError
from regkit.hooks.run_plugin import RunPlugin
from regkit.regularizers import Configured
from regkit.regularizers.fields import fields_of
from regkit.regularizers.naming import checked_label, snake_case
from regkit.regularizers.selectors import DEFAULT
from regkit.regularizers.spec import text_of


def labelled(plugins: Sequence[object]) -> list[RunPlugin]:
    """Label the plugins of a run.

    A label that was given is used as it is. The others are `name(fields)@selectors`: selectors
    where they are not the default, and where labels would be equal, the distribution if that
    differs, and the fields that differ. Those equal in everything are numbered, `#2`, `#3`.

    Raises:
        FieldError: a given label is not one.
        InputError: a given label is another regularizer's, too.
    """
    offers = [named_by(plugin) for plugin in plugins]
    given = [_given(plugin) for plugin in plugins]
    unlabelled = [number for number, label in enumerate(given) if label is None]
    found = dict(enumerate(given)) | _automatic(
        {number: _parts(plugins[number], offers[number]) for number in unlabelled}
    )
    _require_distinct([label for label in given if label is not None], found.values())
    return [
        RunPlugin(
            plugin,
            str(found[number]),
            f"{offer.distribution} {offer.version}" if offer else None,
        )
        for number, (plugin, offer) in enumerate(zip(plugins, offers, strict=True))
    ]


@dataclass(frozen=True)
class _Parts:
    """What an automatic label is made of; the values are texts by field."""

    name: str
    distribution: str | None
    values: dict[str, str]
    selectors: str
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        fields = ",".join(f"{name}={self.values[name]}" for name in self.shown)
        return self.name + (f"({fields})" if fields else "") + self.selectors


def _given(plugin: object) -> str | None:
    """The label that a user gave; a module has none."""
    label = None if isinstance(plugin, ModuleType) else getattr(plugin, "label", None)
    return checked_label(type(plugin).__name__, label) if isinstance(label, str) else None


def _parts(plugin: object, offer: Offer | None) -> _Parts:
    on = getattr(plugin, "on", DEFAULT)
    values = {}
    if isinstance(plugin, Configured):
        for field in fields_of(type(plugin)):
            value = getattr(plugin, field.name)
            if value is not None:
                values[field.name] = text_of(value)
    return _Parts(
        offer.name if offer else _own_name(plugin),
        offer.distribution if offer else None,
        values,
        "@" + "+".join(map(str, on)) if isinstance(on, tuple) and on != DEFAULT else "",
    )


def _automatic(parts: dict[int, _Parts]) -> dict[int, str]:
    """The labels of these parts, no two alike."""
    for told_apart in (_with_distributions, _with_fields):
        for alike in _alike(parts):
            parts |= zip(alike, told_apart([parts[number] for number in alike]), strict=True)
    labels: dict[int, str] = {}
    times: Counter[str] = Counter()
    for number, one in parts.items():
        times[str(one)] += 1
        labels[number] = f"{one}#{times[str(one)]}" if times[str(one)] > 1 else str(one)
    return labels


def _alike(parts: dict[int, _Parts]) -> list[list[int]]:
    """The numbers of those that have the same label, where there are several."""
    by_label: dict[str, list[int]] = {}
    for number, one in parts.items():
        by_label.setdefault(str(one), []).append(number)
    return [numbers for numbers in by_label.values() if len(numbers) > 1]


def _with_distributions(alike: list[_Parts]) -> list[_Parts]:
    if len({one.distribution for one in alike}) == 1:
        return alike
    return [
        replace(one, name=f"{one.distribution}/{one.name}") if one.distribution else one
        for one in alike
    ]


def _with_fields(alike: list[_Parts]) -> list[_Parts]:
    names = dict.fromkeys(name for one in alike for name in one.values)
    differing = [name for name in names if len({one.values.get(name) for one in alike}) > 1]
    return [
        replace(one, shown=tuple(name for name in differing if name in one.values)) for one in alike
    ]


def _require_distinct(given: Sequence[str], labels: Iterable[object]) -> None:
    """Check that no given label is another regularizer's."""
    times = Counter(labels)
    for label in given:
        if times[label] > 1:
            raise InputError(
                f"two regularizers have the label {label!r}: give each a label of its own"
            )


def _own_name(plugin: object) -> str:
    if isinstance(plugin, ModuleType):
        return plugin.__name__.rpartition(".")[2]
    cls = plugin if isinstance(plugin, type) else type(plugin)
    return snake_case(cls.__name__)
