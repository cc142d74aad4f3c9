"""The options that the commands of studies share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from regkit.cli.numerals import Number
from regkit.cli.options import debug_option, json_option, plugin_file_option, quiet_option
from regkit.runs.unseen import TEST_SHARE

if TYPE_CHECKING:
    F = TypeVar("F", bound=Callable[..., Any])


class Folder(click.Path):
    """A folder's path; an empty text, such as that of an unset variable, is refused."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """The path."""
        if value == "":
            self.fail("name a folder", param, ctx)
        return super().convert(value, param, ctx)


def study_options(command: F) -> F:
    """`--out`, `--workers`, `--dask`, `--dry-run`, `--json`, `-q`, `--plugin-file`, `--debug`."""
    for option in (
        debug_option,
        plugin_file_option,
        quiet_option,
        json_option,
        click.option(
            "--dry-run", is_flag=True, help="Say how many cells there are and how long; do nothing."
        ),
        click.option(
            "--dask",
            metavar="ADDRESS",
            help="A Dask scheduler to send the cells to, such as tcp://host:8786.",
        ),
        click.option(
            "--workers",
            type=Number(int),
            metavar="INTEGER",
            help="Processes on this machine.  [default: one for each CPU]",
        ),
        click.option(
            "--out",
            type=Folder(path_type=Path),
            metavar="DIR",
            help="Folder of the study; the same command goes on there.  [default: save nothing]",
        ),
    ):
        command = option(command)
    return command


def seeds_option(text: str, default: int | None = None) -> Callable[[F], F]:
    """`--seeds`, of which the text says what they move."""
    return click.option(
        "--seeds",
        type=Number(int),
        default=default,
        show_default=default is not None,
        metavar="INTEGER",
        help=text,
    )


def metric_option(default: str) -> Callable[[F], F]:
    """`--metric`; the default is given in words."""
    return click.option(
        "--metric", metavar="NAME", help=f"accuracy, r2, data_loss or rmse.  [default: {default}]"
    )


def test_share_option(command: F) -> F:
    """`--test-share`."""
    return click.option(
        "--test-share",
        type=Number(float),
        metavar="FLOAT",
        help=f"Fraction of a table's rows that only the measurement sees.  [default: {TEST_SHARE}]",
    )(command)


@dataclass(frozen=True)
class StudyFlags:
    """What `study_options` give, under the names that click hands over."""

    out: Path | None
    workers: int | None
    dask: str | None
    dry_run: bool
    as_json: bool
    quiet: bool
    plugin_files: tuple[Path, ...]

    @classmethod
    def taken_from(cls, flags: dict[str, Any]) -> StudyFlags:
        """Those among a command's flags, which are left without them."""
        return cls(**{one.name: flags.pop(one.name) for one in fields(cls)})
