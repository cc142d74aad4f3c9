"""`--plugin-file`: the regularizers of a local file, for one command.

Covers: regkit/cli/options.py
"""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

SOURCE = '''
    from regkit import Regularizer

    class FlatNorm(Regularizer):
        """Always 3."""

        width: float = 1.0

        def value(self, w):
            return 3.0 * self.width

        def grad(self, w):
            return 0 * w
'''


@pytest.fixture
def plugin_file(tmp_path):
    """Writes a plugin file."""

    def write(source: str = SOURCE, name: str = "mine.py"):
        path = tmp_path / name
        path.write_text(dedent(source), encoding="utf-8")
        return path

    return write


def test_a_class_goes_by_its_name_in_snake_case(train, plugin_file):
    outcome = train(
        "--plugin-file", plugin_file(), "--reg", "flat_norm=2,width=0.5@dense1.weights", "--json"
    )
    assert outcome.penalties == {"flat_norm@dense1.weights": 3.0}
    assert outcome.err == ""


def test_several_files_may_be_given(train, plugin_file):
    other = SOURCE.replace("FlatNorm", "Other").replace("3.0", "5.0")
    outcome = train(
        *("--plugin-file", plugin_file(), "--plugin-file", plugin_file(other, "other.py")),
        *("--reg", "flat_norm@dense1", "--reg", "other@dense2.weights", "--json"),
    )
    assert outcome.penalties == {"flat_norm@dense1": 6.0, "other@dense2.weights": 5.0}


def test_without_the_flag_nobody_knows_them(train, plugin_file):
    plugin_file()
    outcome = train("--reg", "flat_norm")
    assert outcome.code == 2
    assert "unknown regularizer 'flat_norm'" in outcome.error


@pytest.mark.parametrize("name", ["l2", "flat"])
def test_on_a_clash_the_file_wins_visibly(site, train, plugin_file, name):
    site.install("regkit-flat", {"flat": "nowhere:Flat"}, "1.5")
    path = plugin_file(SOURCE.replace("FlatNorm", name.capitalize()))
    outcome = train("--plugin-file", path, "--reg", f"{name}=1@dense1.weights", "--json")
    assert outcome.penalties == {f"{name}@dense1.weights": 3.0}
    (note,) = outcome.err.splitlines()
    origin = "regkit-flat 1.5" if name == "flat" else "regkit-nn"
    named = f"Note: {name} is the plugin file's {name.capitalize()}"
    assert note.startswith(f"{named}, not the one from ")
    assert origin in note


def test_show_knows_them_too(regkit, plugin_file):
    outcome = regkit("plugins", "show", "flat_norm", "--plugin-file", plugin_file(), "--json")
    assert outcome.code == 0
    shown = json.loads(outcome.out)
    assert (shown["summary"], shown["builtin"]) == ("Always 3.", False)
    assert (
        "From: a plugin file"
        in regkit("plugins", "show", "flat_norm", "--plugin-file", plugin_file()).out
    )


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (None, "does not exist"),
        ("1 / 0", "cannot be run: ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(0)", "cannot be run: SystemExit: 0"),
        ("class Huber: pass", "defines no regularizer"),
        (SOURCE.replace("Regularizer)", "Regularizer, 3)"), "cannot be run: TypeError"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(train, plugin_file, tmp_path, source, problem):
    path = tmp_path / "nowhere.py" if source is None else plugin_file(source)
    outcome = train("--plugin-file", path)
    assert outcome.code == 2
    assert str(path) in outcome.error
    assert problem in outcome.error
    assert outcome.out == ""


def test_a_class_of_a_file_that_fails_in_a_run_is_named(train, plugin_file):
    path = plugin_file(SOURCE.replace("return 0 * w", "return w.tolist"))
    outcome = train("--plugin-file", path, "--reg", "flat_norm@dense1.weights")
    assert outcome.code == 2
    assert outcome.error.startswith("regularizer 'flat_norm@dense1.weights': penalty_grad raised ")
    assert outcome.error.endswith("at layer dense1, parameter weights")
