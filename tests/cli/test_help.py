"""`regkit --help` says what the commands say of themselves.

Covers: regkit/cli/__init__.py, regkit/cli/groups.py
"""

import click
import pytest

from regkit.cli import COMMANDS, cli
from regkit.runs.settings import settings


@pytest.mark.parametrize(("name", "summary"), COMMANDS.items())
def test_the_summary_of_a_command_is_the_first_line_of_its_own_help(name, summary):
    command = cli.get_command(click.Context(cli), name)
    assert summary == command.get_short_help_str(limit=1000)


def test_help_shows_every_command(regkit):
    shown = regkit("--help").out
    assert all(f"\n  {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["trian"], "No such command 'trian': did you mean 'train'?"),
        (["Train"], "No such command 'Train': did you mean 'train'?"),
        (["evalute", "runs/a"], "No such command 'evalute': did you mean 'evaluate'?"),
        (["plugins", "lst"], "No such command 'lst': did you mean 'list'?"),
        (["spiral"], "No such command 'spiral': to train on it, regkit train spiral"),
        (
            ["my iris.csv"],
            "No such command 'my iris.csv': to train on it, regkit train 'my iris.csv'",
        ),
        (["run.toml"], "No such command 'run.toml': to train on it, regkit train run.toml"),
        (
            ["sklearn:iris"],
            "No such command 'sklearn:iris': to train on it, regkit train sklearn:iris",
        ),
        (["zzz"], "No such command 'zzz'"),
        (
            ["--epochs", "3"],
            "No such option '--epochs'. A command comes before its options: "
            "regkit train --epochs …",
        ),
    ],
)
def test_a_misspelt_command_is_answered_with_the_one_that_was_meant(regkit, arguments, complaint):
    done = regkit(*arguments)
    assert done.code == 2
    assert done.error == complaint


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["train", "--epoch", "3"], "'--epochs'"),
        (["train", "--standardise"], "'--standardize'"),
        (["--versoin"], "'--version'"),
        (["train", "spirl"], "did you mean 'spiral'?"),
        (["train", "sklearn:iri"], "did you mean 'iris'?"),
        (["train", "--optimizer", "adm"], "'adam'"),
    ],
)
def test_so_are_options_and_values(regkit, arguments, meant):
    done = regkit(*arguments)
    assert done.code == 2
    assert meant in done.error


@pytest.mark.parametrize("width", [60, 80])
def test_the_help_of_train_fits_the_terminal_and_breaks_no_word(regkit, width):
    shown = regkit("train", "--help", COLUMNS=str(width)).out
    assert max(map(len, shown.splitlines())) <= width
    words = shown.split()
    for setting in settings():
        if setting.name != "data":  # The argument, which the text above describes.
            assert all(word in words for word in setting.about.text.split()), setting.name
    assert "--standardize / --no-standardize" in shown
    assert "[default: standardize]" in " ".join(words)
