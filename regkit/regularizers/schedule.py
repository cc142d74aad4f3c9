"""Schedules: a factor by epoch, as text such as `warmup:50~cosine:50:1000`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from regkit.array_libraries import array_namespace, is_traced
from regkit.errors import InputError
from regkit.suggestions import did_you_mean

JOIN = "~"


class _Form(NamedTuple):
    """A form's arguments as they are written, and its factor at an epoch, which may be traced."""

    arguments: str
    factor: Callable[..., Any]


def _ramp(epoch: Any, start: float, end: float) -> Any:
    share = (epoch - start) / (end - start)
    return share * (share > 0) * (share < 1) + 1.0 * (share >= 1)


def _cosine(epoch: Any, start: float, end: float) -> Any:
    angle = math.pi * _ramp(epoch, start, end)
    cosine = array_namespace(angle).cos(angle) if is_traced(angle) else math.cos(angle)
    return (1 + cosine) / 2


FORMS: Mapping[str, _Form] = {
    "from": _Form("E", lambda epoch, start: 1.0 * (epoch >= start)),
    "until": _Form("E", lambda epoch, end: 1.0 * (epoch < end)),
    "ramp": _Form("A:B", _ramp),
    "warmup": _Form("E", lambda epoch, end: _ramp(epoch, 0, end)),
    "cosine": _Form("A:B", _cosine),
    "step": _Form(
        "E:F", lambda epoch, start, factor: factor * (epoch >= start) + 1.0 * (epoch < start)
    ),
}
"""The forms by name. E, A and B are epochs, F is a factor."""


@dataclass(frozen=True)
class Schedule:
    """A factor by epoch: the product of its parts.

    With e the epoch, counted from 0:

    - `from:E` is 0 before E and 1 from E on; `until:E` is 1 before E and 0 from E on;
    - `ramp:A:B` is clip((e − A) / (B − A), 0, 1), and `warmup:E` is `ramp:0:E`;
    - `cosine:A:B` is ½ (1 + cos π · clip((e − A) / (B − A), 0, 1)), from 1 down to 0 (Loshchilov &
      Hutter 2017, without restarts);
    - `step:E:F` is 1 before E and F from E on.

    Parts are joined by `~`: `warmup:50~cosine:50:1000`.

    Raises:
        InputError: the text is not a schedule.
    """

    text: str
    _parts: tuple[tuple[_Form, list[float]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or not self.text.strip():
            raise InputError(f"a schedule must be text such as 'warmup:50', got {self.text!r}")
        parts = tuple(_part(self.text, one) for one in self.text.split(JOIN))
        object.__setattr__(self, "_parts", parts)

    def __call__(self, epoch: Any) -> Any:
        """The factor at an epoch, ≥ 0; traced where the epoch is."""
        return math.prod(form.factor(epoch, *numbers) for form, numbers in self._parts)

    def __str__(self) -> str:
        return self.text


def _part(text: str, written: str) -> tuple[_Form, list[float]]:
    name, *given = written.strip().split(":")
    form = FORMS.get(name)
    if form is None:
        hint = did_you_mean(name, FORMS) or f"there are {', '.join(map(_usage, FORMS))}"
        raise InputError(f"schedule {text!r}: {name!r} is not known: {hint}")
    expected = form.arguments.split(":")
    if len(given) != len(expected):
        raise InputError(f"schedule {text!r}: write {_usage(name)}, not {written!r}")
    numbers = [_number(text, kind, one) for kind, one in zip(expected, given, strict=True)]
    is_ramp = name in ("ramp", "warmup", "cosine")
    if is_ramp and not ([0.0, *numbers][-2] < numbers[-1]):
        raise InputError(f"schedule {text!r}: {written!r} must end after it begins")
    return form, numbers


def _usage(name: str) -> str:
    return f"{name}:{FORMS[name].arguments}"


def _number(text: str, kind: str, written: str) -> float:
    """An epoch (E, A, B) or a factor (F)."""
    try:
        number = float(written) if kind == "F" else int(written)
    except ValueError:
        number = -1
    if not math.isfinite(number) or number < 0:
        what = "a factor, a number of at least 0" if kind == "F" else "an epoch, an integer ≥ 0"
        raise InputError(f"schedule {text!r}: {written!r} must be {what}")
    return number
