"""Nothing that people depend on is missing from the docs."""

import inspect
import re
from importlib.metadata import distribution
from pathlib import Path

import click
import pytest

import regkit
from regkit import hookspecs
from regkit.cli import cli

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTED = re.compile(r"^\.\. auto\w+:: (\S+)", re.MULTILINE)


def test_every_hook_is_documented_with_its_exact_signature():
    hooks = [one for one in vars(hookspecs).values() if hasattr(one, f"{hookspecs.PROJECT}_spec")]
    headings = {f"{hook.__name__}({', '.join(arguments(hook))})" for hook in hooks}
    page = (DOCS / "reference" / "hooks.md").read_text()
    assert set(re.findall(r"^## `(.*)`$", page, re.MULTILINE)) == headings
    assert {f"regkit.hookspecs.{hook.__name__}" for hook in hooks} <= documented()


def test_every_command_has_a_section_in_the_guide():
    guide = (DOCS / "command-line.md").read_text()
    sections = set(re.findall(r"^#+ `(regkit .*)`$", guide, re.MULTILINE))
    assert sections == set(commands(cli, "regkit"))


def test_the_reference_of_commands_is_generated_with_all_subcommands():
    page = (DOCS / "reference" / "commands.md").read_text()
    assert ".. click:: regkit.cli:cli\n" in page
    assert ":nested: full\n" in page


@pytest.mark.parametrize("name", regkit.__all__)
def test_every_public_name_is_in_the_reference(name):
    assert f"regkit.{name}" in documented()


@pytest.mark.parametrize(
    "entry_point",
    distribution("regkit-nn").entry_points.select(group="regkit"),
    ids=lambda entry_point: entry_point.name,
)
def test_every_built_in_regularizer_has_its_mathematics_on_a_page(entry_point):
    assert f"regkit.{entry_point.attr}" in documented()
    assert (DOCS / "penalties" / f"{entry_point.name}.md").is_file()


def arguments(hook):
    return inspect.signature(hook).parameters


def commands(command, path):
    """The paths of all commands that do something themselves: `regkit plugins list`."""
    if not isinstance(command, click.Group):
        return [path]
    with click.Context(command) as context:
        return [
            full
            for name in command.list_commands(context)
            for full in commands(command.get_command(context, name), f"{path} {name}")
        ]


def documented():
    return {
        name
        for page in DOCS.glob("reference/*.md")
        for name in DOCUMENTED.findall(page.read_text())
    }
