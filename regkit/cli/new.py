"""`regkit new`: create the folder of a new plugin."""

from __future__ import annotations

from pathlib import Path

import click

from regkit.cli.options import debug_option


@click.command(epilog="Example: regkit new soft_clip")
@click.argument("name")
@debug_option
def new(name: str) -> None:
    """Create the folder regkit-NAME: an installable plugin with one working penalty.

    NAME is the regularizer's name, in snake case. Nothing is overwritten.
    """
    from regkit.scaffold import write_plugin

    folder = write_plugin(name, Path.cwd())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        click.echo(f"wrote {path.relative_to(folder.parent)}")
    click.echo(f"next: pip install -e './{folder.name}[test]' && pytest {folder.name}")
