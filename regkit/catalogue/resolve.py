"""From a spec string or a table to a configured regularizer."""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from regkit.catalogue.class_fields import parameters_of, spec_fields, taken_fields
from regkit.catalogue.lookup import find
from regkit.catalogue.offers import Offer, installed, offer_of
from regkit.catalogue.own_plugins import OWN_PLUGINS
from regkit.catalogue.plugin_files import by_name
from regkit.errors import (
    FieldError,
    PluginError,
    RegkitError,
    SpecError,
    UnknownRegularizerError,
)
from regkit.hookspecs import HOOKS
from regkit.regularizers import Configured
from regkit.regularizers.configured import no_strength
from regkit.regularizers.field import Field
from regkit.regularizers.fields import unknown_field
from regkit.regularizers.file import File
from regkit.regularizers.naming import stamp
from regkit.regularizers.spec import Spec, parse
from regkit.regularizers.table import Table, read
from regkit.suggestions import did_you_mean

DEFAULT_STRENGTH = Configured.strength


@dataclass(frozen=True)
class Description:
    """A regularizer, as `regkit plugins show` prints it."""

    name: str
    documentation: str
    fields: tuple[Field, ...]
    offer: Offer | None


def regularizer(spec: str | Mapping[str, Any] | Table, classes: Sequence[type] = ()) -> Any:
    """The configured regularizer of a spec string or a table.

    Args:
        spec: such as `"l2=0.0005@dense1"`; the grammar is in `regkit.regularizers.spec`. Or a
            mapping with the keys of a TOML table: `name`, `on`, and the fields.
        classes: regularizer classes that are not installed, each under its class name in snake
            case; they take precedence over installed ones of that name.

    Raises:
        SpecError: the text does not follow the grammar, or the table has no name.
        UnknownRegularizerError: no regularizer has that name.
        FieldError: an unknown field, or a value of the wrong type or range.
        PluginError: the plugin cannot be imported, or two distributions offer the name.
    """
    try:
        return _configure(spec, classes)
    except (SpecError, FieldError, UnknownRegularizerError) as error:
        if isinstance(spec, Table) and spec.source is not None:
            raise type(error)(f"{spec.source}: {error}") from error
        if not isinstance(spec, str):
            raise
        from regkit.regularizers.near_misses import meant  # Its patterns are slow to compile.

        given = by_name(list(classes))
        names = [*given, *(one.spec_name for one in installed()), *chain(*OWN_PLUGINS.values())]
        hint = _hint([one for one in meant(spec, names) if _takes(one, classes)])
        if not hint:
            raise
        raise type(error)(f"{error}; {hint}") from error


def bare_strength(spec: str | Mapping[str, Any] | Table, configured: object) -> str | None:
    """What to say of a spec that leaves out a strength whose default is 1, which is rarely meant.

    Args:
        spec: what was given.
        configured: the regularizer that `regularizer` made of it.
    """
    if not isinstance(configured, Configured) or configured.strength != DEFAULT_STRENGTH:
        return None
    given = read(spec)
    if "strength" in given.fields or configured.constraint:
        return None
    if isinstance(given, Table):
        example, as_meant = str(given.with_fields(strength=0.001)), "strength = 1"
    else:
        example = str(replace(given, fields={"strength": "0.001", **given.fields}))
        as_meant = f"{given.full_name}=1"
    return (
        f"{str(spec).strip()!r} has strength 1, the default: write for example {example!r}, or "
        f"{as_meant} if it is meant"
    )


def _hint(specs: Sequence[str]) -> str:
    """How to write what was meant."""
    if len(specs) > 1:
        each = " ".join(f"--reg {shlex.quote(spec)}" for spec in specs)
        return f"a spec is one regularizer: give {' and '.join(map(repr, specs))} apart, as {each}"
    return f"write {specs[0]!r}" if specs else ""


def _takes(spec: str, classes: Sequence[type]) -> bool:
    """Whether a regularizer takes the fields of a spec; one that is not installed may."""
    try:
        _configure(spec, classes)
    except RegkitError as error:
        return not isinstance(error, FieldError)
    return True


def _configure(spec: str | Mapping[str, Any] | Table, classes: Sequence[type]) -> Any:
    parsed = read(spec)
    target, offer = _target(parsed, classes)
    try:
        return _configured(target, parsed)
    except RegkitError:
        raise
    except Exception as error:
        raise PluginError(
            f"regularizer {_origin(parsed.name, offer)} cannot be built from {str(spec)!r}: "
            f"{type(error).__name__}: {error}"
        ) from error


def describe(name: str, classes: Sequence[type] = ()) -> Description:
    """The description of the regularizer called `name` or `distribution/name`.

    Raises:
        SpecError: as for `regularizer`, like the other two.
        UnknownRegularizerError: no regularizer has that name.
        PluginError: the plugin cannot be imported, or two distributions offer the name.
    """
    parsed = parse(name)
    target, offer = _target(parsed, classes)
    return Description(parsed.name, inspect.getdoc(target) or "", taken_fields(target), offer)


def _target(parsed: Spec | Table, classes: Sequence[type]) -> tuple[Any, Offer | None]:
    """The class or object that a spec names, and its offer."""
    given = by_name(list(classes))
    if parsed.distribution is None and parsed.name in given:
        return given[parsed.name], None
    try:
        offer = find(parsed.name, distribution=parsed.distribution)
    except UnknownRegularizerError as error:
        meant = did_you_mean(parsed.name, given)
        if not meant:
            raise
        raise UnknownRegularizerError(f"{error}; of the given classes, {meant}") from None
    return _loaded(offer), offer


def _loaded(offer: Offer) -> Any:
    if offer.target is None:
        raise PluginError(
            f"regularizer {_origin(offer.name, offer)} cannot be imported from "
            f"{offer.entry_point.value!r}: the entry point must be module:Class"
        )
    try:
        target = offer.entry_point.load()
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"regularizer {_origin(offer.name, offer)} cannot be imported from "
            f"{offer.entry_point.value!r}: {type(error).__name__}: {error}"
        ) from error
    if isinstance(target, type) and issubclass(target, Configured):
        stamp(target, (offer_of(target) or offer).spec_name)
        return target
    # A class or object with only one hook passes here: the run's set-up says what it lacks.
    if isinstance(target, type) or any(hasattr(target, hook) for hook in HOOKS):
        return target
    raise PluginError(
        f"regularizer {_origin(offer.name, offer)}: {offer.entry_point.value!r} is "
        f"{target!r}, not a Regularizer and not an object with both hooks"
    )


def _configured(target: Any, parsed: Spec | Table) -> Any:
    if not isinstance(target, type):
        if parsed.fields or parsed.selectors:
            raise SpecError(f"{parsed.name} is a ready plugin object: its spec is {parsed.name!r}")
        return target
    fields = spec_fields(target)
    by_field = {field.name: field for field in fields}
    for name in parsed.fields:
        if name not in by_field:
            raise unknown_field(parsed.full_name, name, fields)
    if issubclass(target, Configured) and target.constraint and "strength" in parsed.fields:
        raise no_strength(target, parsed.fields["strength"])
    given = _values(parsed, by_field)
    if parsed.selectors is not None:
        if not issubclass(target, Configured) and "on" not in parameters_of(target):
            without = "the key on" if isinstance(parsed, Table) else "'@…'"
            raise SpecError(f"{parsed.full_name} takes no selectors: leave out {without}")
        given["on"] = parsed.selectors
    return target(**given)


def _values(parsed: Spec | Table, fields: Mapping[str, Field]) -> dict[str, Any]:
    """The values of the given fields, in their types."""
    if isinstance(parsed, Spec):
        return {name: fields[name].parsed(text) for name, text in parsed.fields.items()}
    folder = None if parsed.source is None else parsed.source.parent
    return {
        name: fields[name].file(value, folder)
        if fields[name].kind is File
        else fields[name].checked(value)
        for name, value in parsed.fields.items()
    }


def _origin(name: str, offer: Offer | None) -> str:
    return f"{name!r} of {offer.distribution} {offer.version}" if offer else repr(name)
