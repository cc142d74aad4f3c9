"""The options of `regkit train` that are settings: generated from `Config`, with its groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

import click
from click.core import ParameterSource

from regkit.arguments import RANGE
from regkit.cli.completion import TableFile
from regkit.cli.numerals import Number, Sizes, Threads
from regkit.cli.options import SpecType
from regkit.runs.config import Config
from regkit.runs.config_file import SUFFIX, read_config_file
from regkit.runs.settings import Setting, settings

if TYPE_CHECKING:
    F = TypeVar("F", bound=Callable[..., Any])

DATA = "data"
FILES = ("val_file", "test")
WIDE = 72
"""From this width on, the help has room for long flags beside their text."""
SPEC = re.compile(r"[\w/-]+=[\d.eE+-]+(?:[,@].*)?")
"""A regularizer with a strength."""
SHORT_FLAGS = {"quiet": "-q"}


class SettingOption(click.Option):
    """The flag of a setting."""

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


class ChoiceOrRange(click.Choice[str]):
    """A choice for a sweep; a range stays text, whose error then says what ranges are for."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The choice, or the text of a range."""
        if isinstance(value, str) and RANGE in value:
            return value
        return super().convert(value, param, ctx)


class GroupedCommand(click.Command):
    """A command whose help shows the settings by group, then the other options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the groups."""
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        flags_width = 30 if formatter.width >= WIDE else 20
        for group, members in groupby(options, _group_of):
            rows = [one.get_help_record(ctx) for one in members]
            with formatter.section(group):
                formatter.write_dl([row for row in rows if row is not None], col_max=flags_width)


def setting_options(*, of_study: bool = False, ranges: bool = False) -> Callable[[F], F]:
    """Add a flag for each setting except DATA, which is an argument.

    Args:
        of_study: leave out those that a study's trainings cannot have.
        ranges: whether a number may be a range `LOW..HIGH`, which stays text.
    """

    def add(command: F) -> F:
        for setting in reversed(settings()):
            if setting.name != DATA and (setting.about.in_studies or not of_study):
                command = _option(setting, ranges=ranges)(command)
        return command

    return add


def config_from(sources: Sequence[str], given: dict[str, Any]) -> Config:
    """The settings: defaults, overridden by the file, then by DATA and the flags.

    Args:
        sources: the arguments: a configuration file, DATA, both or none.
        given: the values of all flags; those not given on the command line are ignored.

    Raises:
        ConfigError: the file cannot be used.
    """
    return config_and_tables(sources, given, ())[0]


def config_and_tables(
    sources: Sequence[str], given: dict[str, Any], tables: Sequence[str]
) -> tuple[Config, Mapping[str, Any]]:
    """The settings, as `config_from` has them, and what the file holds in tables of these names.

    Raises:
        ConfigError: the file cannot be used.
    """
    file, typed = file_and_typed(sources, given)
    found: tuple[Config, Mapping[str, Any]] = Config(), {}
    if file is not None:
        found = read_config_file(file, tables=tables)
    return replace(found[0], **typed), found[1]


def file_and_typed(
    sources: Sequence[str], given: dict[str, Any]
) -> tuple[Path | None, dict[str, Any]]:
    """The configuration file if there is one, and what DATA and the flags say, by name."""
    files = [one for one in sources if one.endswith(SUFFIX)]
    data = [one for one in sources if not one.endswith(SUFFIX)]
    for one in data:
        if SPEC.fullmatch(one) and not Path(one).exists():
            raise click.UsageError(
                f"{one!r} is no DATA; each regularizer follows a --reg of its own: --reg {one}"
            )
    if len(files) > 1 or len(data) > 1:
        raise click.UsageError(
            f"expected at most one configuration file ({SUFFIX}) and one DATA, "
            f"got {' '.join(sources)}"
        )
    source_of = click.get_current_context().get_parameter_source
    typed = {
        name: value
        for name, value in given.items()
        if source_of(name) is not ParameterSource.DEFAULT
    }
    if data:
        typed[DATA] = data[0]
    return (Path(files[0]) if files else None), typed


def _group_of(option: click.Option) -> str:
    return option.group if isinstance(option, SettingOption) else "Other options"


def _option(setting: Setting, *, ranges: bool) -> Callable[[F], F]:
    flag = f"--{setting.key}"
    kind = setting.kind
    shared: dict[str, Any] = {
        "cls": SettingOption,
        "group": setting.about.group,
        "default": setting.default,
        "help": setting.about.text,
        "metavar": setting.about.metavar,
        "show_default": setting.default is not None,
    }
    if kind is bool:
        short = [SHORT_FLAGS[setting.name]] if setting.name in SHORT_FLAGS else []
        shared |= {"show_default": False}
        return click.option(*short, f"{flag}/--no-{setting.key}", setting.name, **shared)
    if get_origin(kind) is Literal:
        choice = ChoiceOrRange if ranges else click.Choice
        return click.option(flag, setting.name, type=choice(get_args(kind)), **shared)
    if setting.name == "threads":
        return click.option(flag, setting.name, type=Threads(), **shared)
    if setting.name in FILES:
        return click.option(flag, setting.name, type=TableFile(), **shared)
    if kind in (int, float):
        return click.option(flag, setting.name, type=Number(kind, ranges=ranges), **shared)
    if get_origin(kind) is not tuple:
        return click.option(flag, setting.name, type=kind, **shared)
    if get_args(kind)[0] is int:
        shared |= {"default": ",".join(map(str, setting.default))}
        return click.option(flag, setting.name, type=Sizes(ranges=ranges), **shared)
    text = SpecType() if setting.name == "reg" else click.STRING
    shared |= {"show_default": bool(setting.default)}
    return click.option(flag, setting.name, type=text, multiple=True, **shared)
