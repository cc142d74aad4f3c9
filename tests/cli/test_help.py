"""`regkit --help` says what the commands say of themselves.

Covers: regkit/cli/__init__.py
"""

import click
import pytest

from regkit.cli import COMMANDS, cli


@pytest.mark.parametrize(("name", "summary"), COMMANDS.items())
def test_the_summary_of_a_command_is_the_first_line_of_its_own_help(name, summary):
    command = cli.get_command(click.Context(cli), name)
    assert summary == command.get_short_help_str(limit=1000)


def test_help_shows_every_command(regkit):
    shown = regkit("--help").out
    assert all(f"\n  {name} " in shown for name in COMMANDS)
