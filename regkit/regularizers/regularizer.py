"""The class that authors subclass: value and gradient on arrays in, pluggy hooks out."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, dataclass_transform

from regkit.discovery import offer_of, snake_case
from regkit.errors import FieldError
from regkit.hookspecs import PROJECT, Layer, hookimpl
from regkit.regularizers import selectors, spec
from regkit.regularizers.fields import fields_of, unknown_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regkit.hookspecs import Arrays

    Array = NDArray[Any]

HOOKS = ("penalty", "penalty_grad", "penalty_prox")
RESERVED_FIELDS = ("schedule", "scale", "mask")
OF_A_RUN: dict[str, Any] = {"scratch": None, "compiled": False}
"""What `grad_into` may ask a run's layers for by naming it, and what it gets elsewhere."""


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(dataclasses.field,))
@dataclasses.dataclass(frozen=True, eq=False)
class Regularizer:
    """One configured penalty: a pluggy plugin instance.

    A subclass defines `value(w)` and `grad(w)` for strength 1, one whole parameter array at a
    time, and may define `prox(w, step)` = argmin over x of step·value(x) + ½‖x − w‖². It becomes
    a frozen, keyword-friendly dataclass with identity equality; its annotated names are fields of
    type float, int, bool, str or `Literal`, with defaults. Instances hold no state.

    Where a sweep over memory counts, a subclass may also define `grad_into(w, scale, out)`, which
    adds `scale` × gradient to the pre-filled, possibly strided `out` and allocates nothing large.
    If it has a further argument `scratch=None`, it is given flat memory of w's dtype that belongs
    to the run, where there is some, and with `compiled=False` it is told whether the run wants
    compiled kernels.

    A penalty that couples several arrays overrides `penalty` and `penalty_grad` instead, looks at
    `self.selected(layer)`, and multiplies by `self.strength` itself.

    It may declare, as `ClassVar` or property, what holds of it, and `regkit check` then tests it:
    `convex`, `even`, `homogeneous` (degree), `minimum`, `elementwise`, `sparsifying`, `max_step`
    (largest legal step × strength of `prox`), `array_step` (prox takes an array of steps).

    Args:
        strength: λ ≥ 0, finite; multiplies the whole penalty and nothing else.
        on: the selector or selectors of the parameters it is about; kept as a tuple.
        mode: `"loss"` adds the gradient to the data loss's; `"prox"` applies `prox` after the
            optimizer's step instead.

    Raises:
        FieldError: an unknown field, or a value of the wrong type or range.
    """

    strength: float = 1.0
    on: str | tuple[str, ...] = dataclasses.field(default=selectors.DEFAULT, kw_only=True)
    mode: Literal["loss", "prox"] = dataclasses.field(default="loss", kw_only=True)

    _of_the_run: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:
        # A penalty that overrides the hooks has neither, so the class defines neither.
        def value(self, w: Array, /) -> float:
            """The penalty of one array, for strength 1."""

        def grad(self, w: Array, /) -> Array:
            """The gradient of `value`, of w's shape and dtype."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _become_regularizer(cls)

    @property
    def selectors(self) -> tuple[str, ...]:
        """`on`, as the tuple that it is kept as."""
        return (self.on,) if isinstance(self.on, str) else self.on

    def selected(self, layer: Layer) -> dict[str, Array]:
        """The layer's parameters that this regularizer is about, by name; read-only in a run."""
        return {
            name: array
            for name, array in layer.params.items()
            if selectors.selects(self.selectors, layer.name, name)
        }

    @hookimpl
    def penalty(self, layer: Layer) -> float | None:
        """Strength × the sum of `value` over the selected arrays; None where there is none."""
        chosen = self.selected(layer)
        if not chosen:
            return None
        return self.strength * math.fsum(self.value(array) for array in chosen.values())

    @hookimpl
    def penalty_grad(self, layer: Layer) -> Arrays | None:
        """Strength × `grad` of each selected array; None where there is none.

        Where the layer offers writable running sums in `grads` and the class defines
        `grad_into`, the gradient is added there and None is returned (the fast door).
        """
        chosen = self.selected(layer)
        if not chosen:
            return None
        grad_into = getattr(self, "grad_into", None)
        if grad_into is not None:
            sums = getattr(layer, "grads", None)
            if sums and all(sums[name].flags.writeable for name in chosen):
                more = {name: getattr(layer, name, OF_A_RUN[name]) for name in self._of_the_run}
                for name, array in chosen.items():
                    grad_into(array, self.strength, sums[name], **more)
                return None
        return {name: self.strength * self.grad(array) for name, array in chosen.items()}

    @hookimpl
    def penalty_prox(self, layer: Layer, step: float) -> Arrays | None:
        """`prox(w, step × strength)` of each selected array; None where there is none.

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

    def require_legal_step(self, step: float) -> None:
        """Check `step` × strength against the `max_step` that the class declares, if it does.

        Raises:
            FieldError: it exceeds it, so that the proximal operator would be wrong.
        """
        largest = getattr(self, "max_step", None)
        if largest is not None and step * self.strength > largest:
            raise FieldError(
                f"{type(self).__name__}: step × strength is {step * self.strength!r}, but its "
                f"proximal operator is defined up to {largest!r}: lower the learning rate or the "
                "strength"
            )

    def __str__(self) -> str:
        offer = offer_of(type(self))
        name = offer.spec_name if offer else snake_case(type(self).__name__)
        values = {
            field.name: getattr(self, field.name)
            for field in fields_of(type(self))
            if field.name == "strength" or getattr(self, field.name) != field.default
        }
        return spec.written(name, values, self.selectors if self.on != selectors.DEFAULT else None)


def _become_regularizer(cls: type[Regularizer]) -> None:
    for name in RESERVED_FIELDS:
        if name in inspect.get_annotations(cls):
            raise FieldError(f"{cls.__name__}: the field name {name!r} is reserved")
    if "__init__" in cls.__dict__:
        raise FieldError(f"{cls.__name__}: declare fields and __post_init__ instead of __init__")
    # A second @dataclass by the author would bring equality back, and pluggy compares plugins.
    cls.__eq__ = object.__eq__  # type: ignore[method-assign]
    cls.__hash__ = object.__hash__  # type: ignore[method-assign]
    dataclasses.dataclass(frozen=True, eq=False)(cls)
    cls.__init__ = _checking(cls.__init__)  # type: ignore[method-assign]
    grad_into = getattr(cls, "grad_into", None)
    taken = inspect.signature(grad_into).parameters if callable(grad_into) else ()
    cls._of_the_run = tuple(name for name in OF_A_RUN if name in taken)
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
            raise FieldError(f"{cls.__name__}: mode 'prox' needs a prox, and it defines none")
        generated(first[1], **checked)

    return __init__
