"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from regkit.catalogue.offers import installed
from regkit.catalogue.summaries import summary_of

if TYPE_CHECKING:
    F = TypeVar("F", bound=Callable[..., Any])

DEBUG = "--debug"


class SpecType(click.ParamType[str]):
    """A spec string; the shell completes regularizers' names, from metadata alone."""

    name = "SPEC"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The installed names that begin like what was typed."""
        return [
            CompletionItem(offer.spec_name, help=summary_of(offer))
            for offer in installed()
            if offer.spec_name.startswith(incomplete)
        ]


def debug_option(command: F) -> F:
    """`--debug`: the traceback of an error; `main` looks for it where errors end up."""
    return click.option(
        DEBUG, is_flag=True, expose_value=False, help="Show the traceback of an error."
    )(command)


def debug_wanted(arguments: Sequence[str]) -> bool:
    """Whether `--debug` is among the arguments."""
    return DEBUG in arguments


def json_option(command: F) -> F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def quiet_option(command: F) -> F:
    """`-q`."""
    return click.option(
        "-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors."
    )(command)


def weights_option(command: F) -> F:
    """`--weights`."""
    return click.option(
        "--weights",
        type=click.Choice(["last", "best", "zeroed"]),
        help="Which of the run's weights.  [default: zeroed, best or last, the first there is]",
    )(command)


def plugin_file_option(command: F) -> F:
    """`--plugin-file FILE`, repeatable."""
    return click.option(
        "--plugin-file",
        "plugin_files",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Also offer the regularizers that this Python file defines. Repeatable.",
    )(command)


def classes_from(plugin_files: Sequence[Path]) -> list[type]:
    """The classes of the plugin files; says so where one takes an installed name.

    Raises:
        InputError, PluginError: a file is not there, or cannot be used.
    """
    if not plugin_files:
        return []
    from regkit.catalogue.plugin_files import classes_in
    from regkit.regularizers.naming import snake_case

    classes = [cls for path in plugin_files for cls in classes_in(path)]
    offers = {offer.spec_name: offer for offer in installed()}
    for cls in classes:
        offer = offers.get(snake_case(cls.__name__))
        if offer is not None:
            click.echo(
                f"Note: {offer.name} is the plugin file's {cls.__name__}, "
                f"not that of {offer.distribution} {offer.version}",
                err=True,
            )
    return classes
