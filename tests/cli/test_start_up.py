"""What commands load: no NumPy where none is needed, no plugin that is not used, nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

MANY = 300

LISTS_WHAT_IT_LOADED = """
import atexit, sys
atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))
from regkit.cli import main
main()
"""


@pytest.fixture
def loaded_by(environment, workplace):
    """The modules that a command loads, and what it prints."""

    def run(*arguments: str, **variables: str) -> tuple[set[str], str]:
        done = subprocess.run(
            [sys.executable, "-c", LISTS_WHAT_IT_LOADED, *arguments],
            env=environment | variables,
            cwd=workplace,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return set(done.stderr.split()), done.stdout

    return run


@pytest.fixture(scope="module")
def crowded(new_site, tmp_path_factory):
    """The environment of a path with many plugins on it."""
    site = new_site(tmp_path_factory.mktemp("crowded") / "site")
    for number in range(MANY):
        site.install(
            f"regkit-many-{number}",
            {f"many_{number}": f"many_{number}:Many"},
            **{f"many_{number}": 'class Many:\n    """One of many."""\n'},
        )
    return {"PYTHONPATH": str(site.folder)}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("train", "--help"),
        ("plugins", "--help"),
        ("plugins", "list"),
        ("plugins", "list", "--json"),
    ],
    ids=" ".join,
)
def test_neither_numpy_nor_a_plugin_is_loaded(loaded_by, crowded, arguments):
    modules, printed = loaded_by(*arguments, **crowded)
    assert "regkit.cli" in modules
    assert not {"numpy", "nnfs", "pluggy", "tqdm"} & modules
    assert not {name for name in modules if name.startswith("many_")}
    assert not {name for name in modules if name.startswith("regkit.regularizers")}
    if "list" in arguments:
        assert printed.count("One of many.") == MANY


HEAVY = {
    # Of the standard library and NumPy, with what loads it.
    "email",  # importlib.metadata
    "http",  # urllib.request
    "importlib.metadata",
    "numpy.ma",  # numpy.unique
    "tomllib",
    # What only files, frames, folders and mistakes need.
    "regkit.data.delimited",
    "regkit.data.frames",
    "regkit.data.npz",
    "regkit.regularizers.near_misses",
    "regkit.runs.ledger",
    "regkit.runs.manifest",
}


def test_a_training_without_files_loads_nothing_that_it_does_not_need(loaded_by):
    modules, _ = loaded_by("train", "--epochs", "1", "--quiet")
    assert {"numpy", "regkit.training.loop", "regkit.regularizers.l2"} <= modules
    assert not HEAVY & modules


def test_who_waits_for_a_check_loads_no_law(loaded_by):
    modules, printed = loaded_by("check", "l1")
    assert printed.startswith("l1: ")
    assert not {"numpy", "regkit.testing.laws", "scipy"} & modules


def test_who_checks_loads_neither_scipy_nor_what_only_tests_need(environment):
    program = "import regkit.testing.child, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.split())
    assert "regkit.testing.laws.prox_minimum" in modules
    assert not {"asyncio", "numpy.ma", "scipy", "unittest"} & modules


def test_help_loads_no_command(loaded_by):
    modules, _ = loaded_by("--help")
    of_the_command = {name for name in modules if name.startswith("regkit.cli.")}
    assert of_the_command == {"regkit.cli.groups", "regkit.cli.termination"}


def test_completion_loads_neither(loaded_by, crowded):
    words = {"COMP_WORDS": "regkit train --reg many_29", "COMP_CWORD": "3"}
    modules, printed = loaded_by(_REGKIT_COMPLETE="bash_complete", **words, **crowded)
    assert "numpy" not in modules
    assert not {name for name in modules if name.startswith("many_")}
    assert len(printed.splitlines()) == 11  # many_29 and many_290 to many_299


def test_showing_one_loads_this_one_only(site, loaded_by):
    source = "import regkit\nclass Mine(regkit.L1): pass\n"
    site.install("regkit-one", {"one": "plugin_one:Mine"}, plugin_one=source)
    site.install("regkit-two", {"two": "plugin_two:Mine"}, plugin_two=source)
    modules, _ = loaded_by("plugins", "show", "one")
    assert "plugin_one" in modules
    assert "plugin_two" not in modules


def test_importing_regkit_loads_nothing_but_itself(environment):
    program = "import regkit, sys; print(*(n for n in sys.modules if n.startswith('regkit.')))"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; print('numpy' in sys.modules)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["regkit.about", "False"]
