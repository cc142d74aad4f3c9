"""From a spec string to a configured regularizer."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_origin, get_type_hints

from regkit.catalogue.contract import has_both_hooks
from regkit.catalogue.lookup import find
from regkit.catalogue.offers import Offer, offer_of
from regkit.catalogue.plugin_files import by_name
from regkit.errors import FieldError, PluginError, RegkitError, SpecError, UnknownRegularizerError
from regkit.regularizers import Regularizer
from regkit.regularizers.fields import TYPES, Field, fields_of, unknown_field
from regkit.regularizers.naming import stamp
from regkit.regularizers.spec import Spec, parse
from regkit.suggestions import did_you_mean


@dataclass(frozen=True)
class Description:
    """A regularizer, as `regkit plugins show` prints it."""

    name: str
    documentation: str
    fields: tuple[Field, ...]
    offer: Offer | None


def regularizer(spec: str, classes: Sequence[type] = ()) -> Any:
    """The configured regularizer of a spec string.

    Args:
        spec: such as `"l2=0.0005@dense1"`; the grammar is in `regkit.regularizers.spec`.
        classes: regularizer classes that are not installed, each under its class name in snake
            case; they take precedence over installed ones of that name.

    Raises:
        SpecError: the text does not follow the grammar.
        UnknownRegularizerError: no regularizer has that name.
        FieldError: an unknown field, or a value of the wrong type or range.
        PluginError: the plugin cannot be imported, or two distributions offer the name.
    """
    parsed = parse(spec)
    target, offer = _target(parsed, classes)
    try:
        return _configured(target, parsed)
    except RegkitError:
        raise
    except Exception as error:
        raise PluginError(
            f"regularizer {_origin(parsed.name, offer)} cannot be built from {spec!r}: "
            f"{type(error).__name__}: {error}"
        ) from error


def describe(name: str, classes: Sequence[type] = ()) -> Description:
    """The description of the regularizer called `name` or `distribution/name`.

    Raises:
        SpecError, UnknownRegularizerError, PluginError: as for `regularizer`.
    """
    parsed = parse(name)
    target, offer = _target(parsed, classes)
    return Description(parsed.name, inspect.getdoc(target) or "", _fields(target), offer)


def _target(parsed: Spec, classes: Sequence[type]) -> tuple[Any, Offer | None]:
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
    if isinstance(target, type) and issubclass(target, Regularizer):
        stamp(target, (offer_of(target) or offer).spec_name)
        return target
    # A class or object with only one hook passes here: the run's set-up says what it lacks.
    if isinstance(target, type) or has_both_hooks(target) or hasattr(target, "penalty"):
        return target
    raise PluginError(
        f"regularizer {_origin(offer.name, offer)}: {offer.entry_point.value!r} is "
        f"{target!r}, not a Regularizer and not an object with both hooks"
    )


def _configured(target: Any, parsed: Spec) -> Any:
    if not isinstance(target, type):
        if parsed.fields or parsed.selectors:
            raise SpecError(f"{parsed.name} is a ready plugin object: its spec is {parsed.name!r}")
        return target
    fields = _fields(target)
    by_field = {field.name: field for field in fields}
    for name in parsed.fields:
        if name not in by_field:
            raise unknown_field(parsed.full_name, name, fields)
    given = {name: by_field[name].parsed(text) for name, text in parsed.fields.items()}
    if parsed.selectors is not None:
        if not issubclass(target, Regularizer) and "on" not in _parameters(target):
            raise SpecError(f"{parsed.full_name} takes no selectors: leave out '@…'")
        given["on"] = parsed.selectors
    return target(**given)


def _fields(target: Any) -> tuple[Field, ...]:
    if not isinstance(target, type):
        return ()
    if issubclass(target, Regularizer):
        return fields_of(target)
    hints = _hints(target)
    return tuple(
        _field(target, parameter, hints.get(parameter.name))
        for parameter in _parameters(target).values()
        if parameter.name != "on"
    )


def _hints(target: type) -> dict[str, Any]:
    initializer = inspect.getattr_static(target, "__init__")
    try:
        return get_type_hints(initializer) if inspect.isfunction(initializer) else {}
    except NameError:  # Imported for type checkers only: use the types of the defaults.
        return {}


def _field(target: type, parameter: inspect.Parameter, hint: Any) -> Field:
    """A field of a class that is not a Regularizer, from its `__init__`."""
    has_default = parameter.default is not parameter.empty
    guess = type(parameter.default) if has_default else float
    kind = hint if hint in TYPES or get_origin(hint) is Literal else guess
    if kind not in TYPES and get_origin(kind) is not Literal:
        raise FieldError(f"{target.__name__}: {parameter.name} has no type that a spec can hold")
    return Field(target.__name__, parameter.name, kind, parameter.default if has_default else None)


def _parameters(target: type) -> dict[str, inspect.Parameter]:
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    try:
        parameters = inspect.signature(target).parameters
    except (TypeError, ValueError):
        return {}
    return {name: found for name, found in parameters.items() if found.kind not in variable}


def _origin(name: str, offer: Offer | None) -> str:
    return f"{name!r} of {offer.distribution} {offer.version}" if offer else repr(name)
