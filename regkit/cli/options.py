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
    """A spec string; shell completion offers regularizers' names, from metadata alone."""

    name = "SPEC"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The installed names that start with `incomplete`."""
        return [
            CompletionItem(offer.spec_name, help=summary_of(offer))
            for offer in installed()
            if offer.spec_name.startswith(incomplete)
        ]


def debug_option(command: F) -> F:
    """`--debug`: show the traceback of an error; `main` reads the flag."""
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
    return click.option("-q", "--quiet", is_flag=True, help="Print only warnings and errors.")(
        command
    )


def weights_option(command: F) -> F:
    """`--weights`."""
    return click.option(
        "--weights",
        type=click.Choice(["last", "best", "zeroed"]),
        help="Which weights to load.  [default: the first that exist of zeroed, best, last]",
    )(command)


def plugin_file_option(command: F) -> F:
    """`--plugin-file FILE`, repeatable."""
    return click.option(
        "--plugin-file",
        "plugin_files",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="A Python file that defines further regularizers. Repeatable.",
    )(command)


def classes_from(plugin_files: Sequence[Path]) -> list[type]:
    """The classes of the plugin files; prints a note if one has the name of an installed one.

    Raises:
        InputError: a file does not exist.
        PluginError: a file cannot be used.
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
                f"not the one from {offer.distribution} {offer.version}",
                err=True,
            )
    return classes
