"""Settings that a sweep decides: a range `LOW..HIGH` in place of a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from regkit.arguments import RANGE
from regkit.errors import ConfigError
from regkit.runs.config_file import REG
from regkit.runs.settings import Setting, settings
from regkit.studies.ranges import Range, read_range
from regkit.studies.settings import refusal

LOGARITHMIC = {
    "lr": "learning rates",
    "decay": "decays",
    "batch_size": "batch sizes",
    "hidden": "layer sizes",
}
"""Settings whose ranges are logarithmic, and what they hold: doubling means as much everywhere."""

LINEAR = ("dropout", "momentum", "epochs", "patience", "min_delta")
"""Settings whose ranges are linear; 0 is a value that they often have."""


@dataclass(frozen=True)
class OpenSetting:
    """A setting of which a number is left open.

    Attributes:
        name: the setting's, a field of `Config`.
        parts: its number; several for a list of layer sizes, of which some are given.
    """

    name: str
    parts: tuple[int | Range, ...]

    @property
    def key(self) -> str:
        """Its key in a configuration file."""
        return self.name.replace("_", "-")

    @property
    def ranges(self) -> dict[str, Range]:
        """The ranges by title, which is the key, in a list with the position (`hidden 2`)."""
        return {title: part for title, part in self._titled() if isinstance(part, Range)}

    def value(self, values: Mapping[str, float]) -> Any:
        """The setting's value with these numbers, by title."""
        found = tuple(
            values[title] if isinstance(part, Range) else part for title, part in self._titled()
        )
        return found if self.name == "hidden" else found[0]

    def __str__(self) -> str:
        return ",".join(map(str, self.parts))

    def _titled(self) -> list[tuple[str, int | Range]]:
        if len(self.parts) == 1:
            return [(self.key, self.parts[0])]
        return [(f"{self.key} {number}", one) for number, one in enumerate(self.parts, start=1)]


def without_open(
    given: Mapping[str, Any], source: str
) -> tuple[dict[str, Any], dict[str, OpenSetting]]:
    """Settings under the names of their flags, divided: those with values, and the open ones.

    Args:
        given: such as `{"lr": "1e-3..1e-1", "epochs": 300}`.
        source: where they come from, for messages.

    Raises:
        ConfigError: a range stands for something else than a number, or for one that must be the
            same in every trial, is none, or is given as two numbers.
    """
    known = {one.key: one for one in settings() if one.key != REG}
    values: dict[str, Any] = {}
    found: dict[str, OpenSetting] = {}
    for key, value in given.items():
        if key in known and _is_open(known[key], value):
            found[known[key].name] = opened_setting(known[key], value, f"{source}: {key}")
        else:
            if key in known and _is_pair(known[key], value):
                low, high = value
                raise ConfigError(
                    f'{source}: {key}: a range is text, such as "1e-3..1e-1": write '
                    f'{key} = "{low}{RANGE}{high}", got {value!r:.60}'
                )
            values[key] = value
    return values, found


def opened_setting(setting: Setting, value: str | Sequence[Any], where: str) -> OpenSetting:
    """A setting with this range, or with a list of layer sizes that holds one.

    Args:
        setting: the setting.
        value: the text of the range; for a list of sizes also the list, or its text.
        where: what begins a message.

    Raises:
        ConfigError: as for `without_open`.
    """
    numbers = setting.kind in (int, float) or setting.name == "hidden"
    if not numbers:
        raise ConfigError(
            f"{where}: a range LOW..HIGH is for numbers, and this is {_in_words(setting)}: give "
            f"one value, got {value!r:.60}"
        )
    if not setting.about.in_studies:
        raise ConfigError(f"{where}: {refusal(setting.key)}")
    if setting.name not in (*LOGARITHMIC, *LINEAR):
        raise ConfigError(f"{where}: it must be the same in every trial: give one number")
    parts = value.split(",") if isinstance(value, str) else list(value)
    if setting.name != "hidden" and len(parts) > 1:
        raise ConfigError(f"{where}: {value!r:.60} is no range of numbers, such as 1e-5..1e-1")
    found = OpenSetting(setting.name, tuple(_part(setting, one, where) for one in parts))
    if setting.name == "epochs" and found.ranges["epochs"].low < 1:
        raise ConfigError(f"{where}: a trial must train: let {value} begin at 1 or more")
    return found


def _is_open(setting: Setting, value: Any) -> bool:
    """Whether a range is meant; in other text, such as a path, two dots are two dots."""
    if setting.kind in (str, tuple[str, ...]):
        return False
    parts = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(one, str) and RANGE in one for one in parts)


def _is_pair(setting: Setting, value: Any) -> bool:
    """Whether two numbers stand in place of one; of layer sizes there may be two."""
    if setting.kind not in (int, float) or not isinstance(value, list | tuple):
        return False
    return len(value) == 2 and all(isinstance(one, int | float) for one in value)


def _part(setting: Setting, part: Any, where: str) -> int | Range:
    if isinstance(part, str) and RANGE in part:
        return read_range(
            part.strip(),
            where,
            integer=setting.kind is not float,
            logarithmic=LOGARITHMIC.get(setting.name),
            error=ConfigError,
        )
    try:
        return int(part)
    except (TypeError, ValueError):
        raise ConfigError(
            f"{where}: {part!r:.60} is no layer size, such as 64 or 16..128"
        ) from None


def _in_words(setting: Setting) -> str:
    if get_origin(setting.kind) is Literal:
        return f"one of {', '.join(get_args(setting.kind))}"
    return "true or false"
