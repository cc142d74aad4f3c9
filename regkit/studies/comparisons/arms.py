"""The arms of a comparison: each a list of regularizers, and settings of its own if need be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from regkit.catalogue.origin import named_by
from regkit.catalogue.plugin_files import is_of_plugin_file
from regkit.errors import ConfigError, InputError, RegkitError
from regkit.regularizers.configured import Configured
from regkit.regularizers.spec import RESERVED
from regkit.regularizers.table import Entry, Table
from regkit.runs.config import NETWORK, REGULARIZATION, TRAINING, Config
from regkit.runs.config_file import REG, config_from_mapping, table_of
from regkit.runs.settings import settings
from regkit.studies.comparisons.tuning import tuned
from regkit.studies.ranges import opened
from regkit.studies.settings import refusal
from regkit.suggestions import did_you_mean

OF_SPECS = "=,@{"
"""A colon after one of these belongs to a spec, and does not end an arm's name."""

_SPEC = re.compile(r"""(?:\{(?:[^{}"']|"(?:[^"\\]|\\.)*"|'[^']*')*\}|\S)+""")
"""Blanks are part of a spec only within an inline table."""


@dataclass(frozen=True)
class Arm:
    """One arm.

    Attributes:
        name: in tables and verdicts.
        reg: its regularizers; none if it is empty.
        settings: further settings of its own, under the names of their flags.
    """

    name: str
    reg: tuple[Entry, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def config(self, base: Config) -> Config:
        """The settings that all arms share, with this arm's own.

        Raises:
            ConfigError: a setting cannot be used.
        """
        return config_from_mapping(
            self.settings, f"arm {self.name!r}", base=replace(base, reg=self.reg or (RESERVED,))
        )

    def as_table(self) -> dict[str, Any]:
        """The arm as plain data; a setting that is None is the text none, as TOML has no null."""
        own = {key: RESERVED if one is None else one for key, one in self.settings.items()}
        return {REG: list(map(str, self.reg)), **own}

    def candidates(
        self, base: Config, tune: int | None, classes: Sequence[type] = ()
    ) -> list[tuple[dict[str, float], Config]]:
        """The settings to try in each seed, and which strengths and other numbers they stand for.

        What is tried is told by `regkit.studies.comparisons.tuning.tuned`.

        Args:
            base: the settings that all arms share.
            tune: how many to try; None for the one that was given.
            classes: regularizer classes that are not installed.

        Raises:
            InputError: numbers are left open though nothing is tuned, or `auto` is given.
            RegkitError: a spec cannot be used.
        """
        config = self.config(base)
        entries = [opened(entry, classes) for entry in self.reg]
        for one in entries:
            if one.is_auto:
                raise InputError(
                    f"arm {self.name!r}: strength auto is for regkit path; give a number, or a "
                    "range such as 1e-5..1e-1 with --tune"
                )
            if one.ranges and tune is None:
                raise InputError(
                    f"arm {self.name!r}: {one.entry} leaves a number open: give --tune N to choose "
                    "it within each seed, or one number"
                )
        return [({}, config)] if tune is None else tuned(config, entries, tune, classes)


def arm_of(text: str) -> Arm:
    """The arm that `--arm` gives: specs separated by blanks, after `NAME:` if it has a name.

    `none` stands for no regularizer.

    Raises:
        InputError: there are no specs, or the name is empty, or `none` stands beside others.
    """
    name, specs = _divided(text)
    entries = _SPEC.findall(specs)
    if not entries:
        raise InputError(
            f"--arm {text!r} names no regularizer: write specs such as 'l2=1e-3 l1=1e-4', or "
            f"{RESERVED!r}"
        )
    return Arm(" ".join(entries) if name is None else name, _reg(f"--arm {text!r}", entries))


def arms_of(given: Mapping[str, Any] | Sequence[Any]) -> list[Arm]:
    """Arms by name: a list of specs, tables or regularizers, or a mapping that has it as `reg`.

    Raises:
        InputError: it is neither, or `none` stands beside other regularizers.
        ConfigError: a setting is unknown, of the wrong type, or one that no arm may have.
    """
    if not isinstance(given, Mapping):
        raise InputError(
            "arms must be lists of regularizers by name, such as {'none': [], 'l2': ['l2=0.001']}, "
            f"got {given!r:.60}"
        )
    return [_arm(str(name), value) for name, value in given.items()]


def leave_one_out(reg: Sequence[Entry]) -> list[Arm]:
    """The whole list, and the list less one each.

    Raises:
        InputError: there are fewer than two regularizers.
    """
    if len(reg) < 2:
        raise InputError("--leave-one-out needs at least two regularizers: give several --reg")
    less = [
        Arm(f"without {left_out}", (*reg[:place], *reg[place + 1 :]))
        for place, left_out in enumerate(reg)
    ]
    return [Arm("all", tuple(reg)), *less]


def _arm(name: str, value: Any) -> Arm:
    own: dict[str, Any] = {}
    if not name.strip():
        raise InputError("an arm must have a name, such as [arms.l2] in a configuration file")
    if isinstance(value, Mapping) and "name" not in value:
        own = {str(key).replace("_", "-"): one for key, one in value.items()}
        value = own.pop(REG, [])
        _require_own(name, own)
    if isinstance(value, str | Mapping | Configured) or not isinstance(value, Iterable):
        raise InputError(
            f"arm {name!r} must be a list of regularizers, such as ['l2=0.001'], got {value!r:.60}"
        )
    arm = Arm(name, _reg(f"arm {name!r}", [_entry(name, one) for one in value]), own)
    # As the configuration holds them: NumPy's numbers have become Python's.
    checked = table_of(arm.config(Config()))
    return replace(arm, settings={key: checked.get(key) for key in own})


def _reg(source: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    if RESERVED in entries and len(entries) > 1:
        raise InputError(f"{source}: {RESERVED!r} means no regularizer: give it alone")
    return () if RESERVED in entries else tuple(entries)


def _entry(arm: str, one: Any) -> Entry:
    if isinstance(one, Table):
        return one
    if isinstance(one, Configured) and not _is_known(type(one)):
        raise InputError(
            f"arm {arm!r}: workers know {type(one).__name__} only if it is installed, or from a "
            "file: put the class into one, and give the file as plugin_files and its spec as text"
        )
    if isinstance(one, str | Configured):
        return str(one)
    if isinstance(one, Mapping):
        try:
            return Table.of(one)
        except RegkitError as error:
            raise type(error)(f"arm {arm!r}: {error}") from error
    raise InputError(
        f"arm {arm!r}: {one!r:.60} is no spec, table or regularizer: settings travel to workers, "
        "objects do not"
    )


def _is_known(cls: type) -> bool:
    """Whether workers find the class: it is installed, or from a plugin file."""
    return named_by(cls) is not None or is_of_plugin_file(cls)


def _require_own(name: str, own: Mapping[str, Any]) -> None:
    known = {one.key: one.about for one in settings()}
    for key in own:
        if key not in known:
            hint = did_you_mean(key, known)
            raise ConfigError(f"arm {name!r}: unknown setting {key!r}{f': {hint}' if hint else ''}")
        if not known[key].in_studies:
            raise ConfigError(f"arm {name!r}: {refusal(key)}")
        if known[key].group not in (NETWORK, REGULARIZATION, TRAINING):
            raise ConfigError(
                f"arm {name!r}: {key} must be the same in every arm: give it outside of the arms"
            )


def _divided(text: str) -> tuple[str | None, str]:
    """The name before the first colon that no spec holds, and the rest."""
    before, colon, rest = text.strip().partition(":")
    if not colon or any(sign in before for sign in OF_SPECS):
        return None, text.strip()
    if not before.strip():
        raise InputError(f"--arm {text!r}: a name must stand before the colon")
    return before.strip(), rest.strip()
