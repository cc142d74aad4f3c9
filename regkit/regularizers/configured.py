"""What all penalties share: fields, their checks, the strength at an epoch, and the spec string."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, dataclass_transform

from regkit.errors import FieldError, InputError
from regkit.hookspecs import HOOKS, PROJECT, Layer, hookimpl
from regkit.regularizers import selectors, spec
from regkit.regularizers.fields import SHARED, fields_of, unknown_field
from regkit.regularizers.naming import name_in_specs
from regkit.regularizers.schedule import Schedule

if TYPE_CHECKING:
    from regkit.array_types import Array

Mode = Literal["loss", "prox", "decoupled", "constraint"]
Scale = Literal["none", "size", "fan_in", "sqrt_fan_in"]

RESERVED_FIELDS = ("schedule", "scale", "label", "mask")
SHARED_FIELDS = ("strength", "on", *SHARED)

OF_PENALTIES = ("strength", "mode", "schedule", "scale")
"""Fields that a constraint does not take: it has no strength, and one mode."""


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(dataclasses.field,))
@dataclasses.dataclass(frozen=True, eq=False)
class Configured:
    """One configured penalty: a frozen, keyword-friendly dataclass with identity equality.

    Authors subclass `Regularizer`, `ModelRegularizer` or `ActivityRegularizer`, which add the
    hooks. The annotated names of a subclass are fields: numbers, booleans, text, `Literal`, lists
    of numbers or `regkit.File`, with defaults. Instances hold no state.

    Args:
        strength: λ ≥ 0, finite; multiplies the whole penalty and nothing else.
        on: the selector or selectors of what it applies to; kept as a tuple.
        mode: how it acts in a step. `"loss"`: its gradient is added to the data loss's. `"prox"`:
            its proximal point is taken after the optimizer's step, in the optimizer's own metric.
            `"decoupled"`: lr · gradient is subtracted beside the optimizer's step. `"constraint"`:
            projection after the step, for classes that declare `constraint`, and only for them.
        schedule: a factor on the strength by epoch, such as `"ramp:0:1000"`; the forms are those of
            `regkit.regularizers.schedule.Schedule`.
        scale: divides the strength: by the number of entries of the array (`"size"`), or by the
            rows of the layer's `weights` or their root (`"fan_in"`, `"sqrt_fan_in"`), so that one
            strength fits layers of different sizes.
        label: its name in records, tables and plots.

    Raises:
        FieldError: an unknown field, or a value of the wrong type or range.
    """

    modes: ClassVar[tuple[str, ...]] = ("loss", "prox", "decoupled")
    """The modes of a penalty of this kind that is no constraint."""
    scales: ClassVar[tuple[str, ...]] = ("none", "size", "fan_in", "sqrt_fan_in")
    """The values of `scale` that a penalty of this kind takes."""
    constraint: ClassVar[bool] = False
    """Whether the penalty is 0 or ∞, so that `prox` is the projection and it has no strength."""

    strength: float = 1.0
    on: str | tuple[str, ...] = dataclasses.field(default=selectors.DEFAULT, kw_only=True)
    mode: Mode = dataclasses.field(default="loss", kw_only=True)
    schedule: str | None = dataclasses.field(default=None, kw_only=True)
    scale: Scale = dataclasses.field(default="none", kw_only=True)
    label: str | None = dataclasses.field(default=None, kw_only=True)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _become_configured(cls)

    @property
    def selectors(self) -> tuple[str, ...]:
        """`on`, as a tuple."""
        return (self.on,) if isinstance(self.on, str) else self.on

    def selected(self, layer: Layer) -> dict[str, Array]:
        """The layer's parameters that this penalty applies to, by name; read-only in a run."""
        # The view of a run keeps what was found: its parameters are the same arrays throughout.
        found: dict[object, dict[str, Array]] | None = getattr(layer, "selections", None)
        if found is None:
            return self._looked_up(layer)
        chosen = self.selectors
        kept = found.get(chosen)
        if kept is None:
            kept = found[chosen] = self._looked_up(layer)
        return dict(kept)

    def _looked_up(self, layer: Layer) -> dict[str, Array]:
        chosen, layer_name = self.selectors, layer.name
        also: Mapping[str, Iterable[tuple[str, str]]] = getattr(layer, "also", {})
        return {
            name: array
            for name, array in layer.params.items()
            if selectors.selects(chosen, layer_name, name)
            or any(selectors.selects(chosen, *pair) for pair in also.get(name, ()))
        }

    def factor_at(self, epoch: int) -> float:
        """The factor of the schedule at an epoch, counted from 0; 1 without a schedule."""
        return 1.0 if self.schedule is None else _schedule(self.schedule)(epoch)

    def strength_at(self, epoch: int | None) -> float:
        """Strength × schedule at an epoch; without an epoch the schedule's factor is 1."""
        return self.strength if epoch is None else self.strength * self.factor_at(epoch)

    def require_legal(self, product: float) -> None:
        """Check a step × strength against the declared `max_step`, if any.

        Raises:
            FieldError: it is larger, so that the proximal operator would be wrong.
        """
        largest = getattr(self, "max_step", None)
        if largest is not None and product > largest:
            raise FieldError(
                f"{type(self).__name__}: step × strength is {product!r}, but its proximal operator "
                f"is defined up to {largest!r}: lower the learning rate or the strength"
            )

    def __str__(self) -> str:
        values = {
            field.name: getattr(self, field.name)
            for field in fields_of(type(self))
            if field.name == "strength" or getattr(self, field.name) != field.default
        }
        if self.constraint:
            del values["strength"], values["mode"]
        name = name_in_specs(type(self))
        return spec.written(name, values, self.selectors if self.on != selectors.DEFAULT else None)


@functools.lru_cache(maxsize=256)
def _schedule(text: str) -> Schedule:
    return Schedule(text)


def _become_configured(cls: type[Configured]) -> None:
    for name in RESERVED_FIELDS:
        if name in inspect.get_annotations(cls) and cls.__module__ != __name__:
            raise FieldError(f"{cls.__name__}: the field name {name!r} is reserved")
    for name in SHARED_FIELDS:
        if name in cls.__dict__ and name not in inspect.get_annotations(cls):
            raise FieldError(
                f"{cls.__name__}: {name} = … needs a type to be the field's default, such as "
                f"{name}: {'float' if name == 'strength' else 'str'} = …"
            )
    for name, annotation in inspect.get_annotations(cls).items():
        # Every penalty begins with a strength, which has a default: what has none goes by keyword.
        if name not in cls.__dict__ and "ClassVar" not in str(annotation):
            setattr(cls, name, dataclasses.field(kw_only=True))
    if "__init__" in cls.__dict__:
        raise FieldError(f"{cls.__name__}: declare fields and __post_init__ instead of __init__")
    # pluggy compares plugins: an author's own equality would make one of two equal ones.
    cls.__eq__ = object.__eq__  # type: ignore[method-assign]
    cls.__hash__ = object.__hash__  # type: ignore[method-assign]
    dataclasses.dataclass(frozen=True, eq=False)(cls)
    cls.__init__ = _checking(cls.__init__)  # type: ignore[method-assign]
    for name in HOOKS:
        hook = cls.__dict__.get(name)
        if callable(hook) and not hasattr(hook, f"{PROJECT}_impl"):
            hookimpl(hook)


def _checking(generated: Callable[..., None]) -> Callable[..., None]:
    """The dataclass's own __init__, given checked values: before any __post_init__ sees them."""
    signature = inspect.signature(generated)

    @functools.wraps(generated)
    def __init__(self: Configured, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        cls = type(self)
        by_name = {field.name: field for field in fields_of(cls)}
        for name in kwargs:
            if name != "on" and name not in by_name:
                raise unknown_field(cls.__name__, name, tuple(by_name.values()))
        if "on" not in kwargs and signature.parameters["on"].default is inspect.Parameter.empty:
            raise FieldError(
                f"{cls.__name__} needs on, the layers that it applies to, such as on='relu1', or "
                "@relu1 in a spec"
            )
        try:
            given = signature.bind(self, *args, **kwargs).arguments
        except TypeError as error:
            raise FieldError(f"{cls.__name__}: {error}") from None
        first, *rest = given.items()
        checked = {
            name: selectors.as_selectors(value) if name == "on" else by_name[name].checked(value)
            for name, value in rest
        }
        if cls.constraint:
            checked.setdefault("mode", "constraint")
        _require_sensible(cls, checked, positional=len(args))
        generated(first[1], **checked)

    return __init__


def _require_sensible(cls: type[Configured], given: dict[str, Any], *, positional: int) -> None:
    """Check the fields of every penalty against each other and against the class."""
    name = cls.__name__
    if cls.constraint:
        if positional or given.get("strength", 1.0) != 1.0:
            raise no_strength(cls, f"{given['strength']:g}")
        for field in ("schedule", "scale"):
            if given.get(field) not in (None, "none"):
                raise FieldError(f"{name}: a constraint has no strength, so leave out {field}")
    allowed = ("constraint",) if cls.constraint else cls.modes
    mode = given.get("mode", allowed[0])
    if mode not in allowed:
        why = "it is a constraint" if cls.constraint else "its class declares no constraint"
        kinds = " or ".join(map(repr, allowed))
        reason = f", since {why}" if "constraint" in (mode, allowed[0]) else ""
        raise FieldError(f"{name}: mode must be {kinds}, got {mode!r}{reason}")
    if mode in ("prox", "constraint") and not has_prox(cls):
        raise FieldError(f"{name}: mode {mode!r} needs a prox, which it does not define")
    if given.get("scale", "none") not in cls.scales:
        kinds = ", ".join(map(repr, cls.scales))
        raise FieldError(f"{name}: scale must be one of {kinds}, got {given['scale']!r}")
    if given.get("schedule") is not None:
        try:
            _schedule(given["schedule"])
        except InputError as error:
            raise FieldError(f"{name}: {error}") from None


def has_prox(cls: type[Configured]) -> bool:
    """Whether the class defines `prox`, or a hook of proximal points of its own."""
    hooks = ("penalty_prox", "penalty_model_prox")
    return getattr(cls, "prox", None) is not None or any(
        name in vars(one)
        for one in cls.__mro__
        if not one.__module__.startswith("regkit.regularizers.")
        for name in hooks
    )


def no_strength(cls: type[Configured], given: object) -> FieldError:
    """The error for a strength that was given to a constraint; it shows the spec to write."""
    name = name_in_specs(cls)
    own = [
        one for one in fields_of(cls) if one.name not in SHARED_FIELDS and one.type in (int, float)
    ]
    meant = f"{name},{own[0].name}={given}" if own else name
    return FieldError(f"{cls.__name__} is a constraint and takes no strength: write {meant}")
