"""What the shell offers for DATA, for files of tables and for the folders of runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem


class TableFile(click.ParamType[str]):
    """A file that holds a table; the shell offers those with a known ending.

    Args:
        also: further endings.
    """

    name = "FILE"

    def __init__(self, also: tuple[str, ...] = ()) -> None:
        self._also = also

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The files, and the folders on the way."""
        from regkit.data.endings import ENDINGS

        endings = (*ENDINGS, *self._also)
        return _items(_paths(incomplete, lambda path: path.suffix.lower() in endings))


class Data(TableFile):
    """DATA: a synthetic set, `sklearn:NAME`, or a file."""

    name = "DATA"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that start with `incomplete`, then the files."""
        from regkit.data.bundled import NAMES, PREFIX
        from regkit.runs.config import SYNTHETIC

        before = _typed_before(ctx, param)
        # To bash the colon is a word of its own, and it completes only what follows.
        if before[-2:] == [PREFIX[:-1], ":"] or (
            incomplete == ":" and before[-1:] == [PREFIX[:-1]]
        ):
            return _items([name for name in NAMES if name.startswith(incomplete.strip(":"))])
        names = [*SYNTHETIC, *(f"{PREFIX}{name}" for name in NAMES)]
        offered = _items([name for name in names if name.startswith(incomplete)])
        return [*offered, *super().shell_complete(ctx, param, incomplete)]


class RunFolder(click.Path):
    """The folder of a run; the shell offers the folders that hold one."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The folders of runs, and the folders on the way."""
        return _items(_paths(incomplete, _holds_run, folders_only=True))


def _holds_run(path: Path) -> bool:
    from regkit.runs.folder import CONFIG

    return (path / CONFIG).is_file()


def _items(values: list[str]) -> list[CompletionItem]:
    return [CompletionItem(value) for value in values]


def _typed_before(ctx: click.Context, param: click.Parameter) -> list[Any]:
    """The earlier words of the same argument."""
    value = ctx.params.get(param.name or "")
    return list(value) if isinstance(value, tuple) else [] if value is None else [value]


def _paths(
    incomplete: str, wanted: Callable[[Path], bool], *, folders_only: bool = False
) -> list[str]:
    """The wanted paths that start with `incomplete`, and other folders with a slash.

    Where there is one folder only, what is in it is offered: the shell would add a blank to it.
    """
    start = os.path.basename(incomplete)  # noqa: PTH119 - "runs/" has an empty one, unlike Path
    folder = incomplete[: len(incomplete) - len(start)]
    try:
        entries = sorted(Path(folder or ".").expanduser().iterdir())
        named = [one for one in entries if _is_named(one.name, start)]
        found = []
        for one in named:
            if wanted(one) and (folders_only or one.is_file()):
                found.append(folder + one.name)
            elif one.is_dir():
                found.append(f"{folder}{one.name}/")
    except OSError:
        return []
    if len(found) == 1 and found[0].endswith("/"):
        return _paths(found[0], wanted, folders_only=folders_only)
    return found


def _is_named(name: str, start: str) -> bool:
    """Whether a name starts so; hidden ones are offered when a dot was typed."""
    return name.startswith(start) and (not name.startswith(".") or start.startswith("."))
