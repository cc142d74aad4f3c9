"""The class that authors subclass: value and gradient on arrays in, pluggy hooks out."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, dataclass_transform

from regkit.errors import FieldError
from regkit.hookspecs import PROJECT, Layer, hookimpl
from regkit.regularizers import selectors, spec
from regkit.regularizers.fields import fields_of, unknown_field
from regkit.regularizers.naming import name_in_specs

if TYPE_CHECKING:
    from regkit.array_types import Array, Arrays
    from regkit.kernels.kernels import Kernels


HOOKS = ("penalty", "penalty_grad", "penalty_prox")
RESERVED_FIELDS = ("schedule", "scale", "mask")


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(dataclasses.field,))
@dataclasses.dataclass(frozen=True, eq=False)
class Regularizer:
    """One configured penalty: a pluggy plugin instance.

    A subclass defines `value(w)` and `grad(w)` for strength 1, one whole parameter array at a
    time, and may define `prox(w, step)` = argmin over x of step·value(x) + ½‖x − w‖². It becomes
    a frozen, keyword-friendly dataclass with identity equality; its annotated names are fields of
    type float, int, bool, str or `Literal`, with defaults. Instances hold no state.

    For in-place accumulation, a subclass may also define `grad_into(w, scale, out)`, which adds
    `scale` × gradient to the pre-filled, possibly strided `out` and allocates nothing large.

    A penalty that couples several arrays overrides `penalty` and `penalty_grad` instead, uses
    `self.selected(layer)`, and multiplies by `self.strength` itself.

    It may declare as `ClassVar` or property, and `regkit check` then tests:
    `convex`, `even`, `homogeneous` (degree), `minimum`, `elementwise`, `sparsifying`, `max_step`
    (largest legal step × strength of `prox`), `array_step` (prox takes an array of steps).

    Args:
        strength: λ ≥ 0, finite; multiplies the whole penalty and nothing else.
        on: the selector or selectors of the parameters it applies to; kept as a tuple.
        mode: `"loss"` adds the gradient to the data loss's; `"prox"` applies `prox` after the
            optimizer's step instead.

    Raises:
        FieldError: an unknown field, or a value of the wrong type or range.
    """

    strength: float = 1.0
    on: str | tuple[str, ...] = dataclasses.field(default=selectors.DEFAULT, kw_only=True)
    mode: Literal["loss", "prox"] = dataclasses.field(default="loss", kw_only=True)

    if TYPE_CHECKING:
        # A penalty that overrides the hooks has neither, so the class defines neither.
        def value(self, w: Array, /) -> float:
            """The penalty of one array, for strength 1."""

        def grad(self, w: Array, /) -> Array:
            """The gradient of `value`, of w's shape and dtype."""

        def grad_into(self, w: Array, scale: float, out: Array, /) -> None:
            """Add `scale` × gradient to `out` (optional)."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _become_regularizer(cls)

    @property
    def selectors(self) -> tuple[str, ...]:
        """`on`, as a tuple."""
        return (self.on,) if isinstance(self.on, str) else self.on

    def selected(self, layer: Layer) -> dict[str, Array]:
        """The layer's parameters that this regularizer applies to, by name; read-only in a run."""
        return {
            name: array
            for name, array in layer.params.items()
            if selectors.selects(self.selectors, layer.name, name)
        }

    @hookimpl
    def penalty(self, layer: Layer) -> float | None:
        """Strength × the sum of `value` over the selected arrays; None if there are none."""
        chosen = self.selected(layer)
        if not chosen:
            return None
        return self.strength * math.fsum(self.value(array) for array in chosen.values())

    def answers(self, layer: Layer) -> bool | None:
        """Whether `penalty` returns a number for this layer; None if unknown before a call."""
        if type(self).penalty is not Regularizer.penalty:
            return None
        return bool(self.selected(layer))

    @hookimpl
    def penalty_grad(self, layer: Layer) -> Arrays | None:
        """Strength × `grad` of each selected array; None if there are none.

        In training the layer offers gradient accumulators. If the class defines `grad_into`, the
        gradient is added to them, and None is returned.
        """
        chosen = self.selected(layer)
        if not chosen:
            return None
        sums = getattr(layer, "grads", None)
        has_door = callable(getattr(self, "grad_into", None))
        if sums and has_door and all(sums[name].flags.writeable for name in chosen):
            for name, array in chosen.items():
                self._add_gradient(array, sums[name], getattr(layer, "kernels", None))
            return None
        return {name: self.strength * self.grad(array) for name, array in chosen.items()}

    @hookimpl
    def penalty_prox(self, layer: Layer, step: float) -> Arrays | None:
        """`prox(w, step × strength)` of each selected array; None if there are none.

        Raises:
            FieldError: the class has no `prox`, or step × strength exceeds its `max_step`.
        """
        chosen = self.selected(layer)
        if not chosen:
            return None
        prox = getattr(self, "prox", None)
        if prox is None:
            raise FieldError(f"{type(self).__name__} defines no prox")
        self.require_legal_step(step)
        return {name: prox(array, step * self.strength) for name, array in chosen.items()}

    def _add_gradient(self, w: Array, out: Array, kernels: Kernels | None) -> None:
        """Add strength × gradient to `out`; `kernels` are those of the run, if any."""
        self.grad_into(w, self.strength, out)

    def require_legal_step(self, step: float) -> None:
        """Check `step` × strength against the declared `max_step`, if any.

        Raises:
            FieldError: it is larger, so that the proximal operator would be wrong.
        """
        largest = getattr(self, "max_step", None)
        if largest is not None and step * self.strength > largest:
            raise FieldError(
                f"{type(self).__name__}: step × strength is {step * self.strength!r}, but its "
                f"proximal operator is defined up to {largest!r}: lower the learning rate or the "
                "strength"
            )

    def __str__(self) -> str:
        values = {
            field.name: getattr(self, field.name)
            for field in fields_of(type(self))
            if field.name == "strength" or getattr(self, field.name) != field.default
        }
        name = name_in_specs(type(self))
        return spec.written(name, values, self.selectors if self.on != selectors.DEFAULT else None)


def _become_regularizer(cls: type[Regularizer]) -> None:
    for name in RESERVED_FIELDS:
        if name in inspect.get_annotations(cls):
            raise FieldError(f"{cls.__name__}: the field name {name!r} is reserved")
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
    def __init__(self: Regularizer, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        cls = type(self)
        by_name = {field.name: field for field in fields_of(cls)}
        for name in kwargs:
            if name != "on" and name not in by_name:
                raise unknown_field(cls.__name__, name, tuple(by_name.values()))
        try:
            given = signature.bind(self, *args, **kwargs).arguments
        except TypeError as error:
            raise FieldError(f"{cls.__name__}: {error}") from None
        first, *rest = given.items()
        checked = {
            name: selectors.as_selectors(value) if name == "on" else by_name[name].checked(value)
            for name, value in rest
        }
        if checked.get("mode") == "prox" and getattr(cls, "prox", None) is None:
            raise FieldError(f"{cls.__name__}: mode 'prox' needs a prox, which it does not define")
        generated(first[1], **checked)

    return __init__
