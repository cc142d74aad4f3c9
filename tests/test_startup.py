"""What a process of regkit's own has in its environment before NumPy is loaded."""

import os
import subprocess
import sys

import pytest

from regkit.startup import ENVIRONMENT, child_environment, prepare_environment

NAME = "OPENBLAS_THREAD_TIMEOUT"
REPORTS_WHEN_NUMPY_IS_LOADED = f"""
import os, sys

class Watching:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print("numpy", os.environ.get({NAME!r}), file=sys.stderr)
            sys.meta_path.remove(self)

sys.meta_path.insert(0, Watching())
assert "numpy" not in sys.modules
from regkit.cli import main
main()
"""


@pytest.fixture
def unset(monkeypatch):
    """An environment without the variables; what a test sets is undone."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "environ", os.environ.copy())


@pytest.mark.usefixtures("unset")
def test_what_the_user_has_not_set_is_set():
    assert NAME not in os.environ
    prepare_environment()
    assert os.environ[NAME] == ENVIRONMENT[NAME] == "16"


@pytest.mark.usefixtures("unset")
@pytest.mark.parametrize("value", ["4", "30", ""])
def test_a_users_own_value_is_kept_here_and_in_a_child(value):
    os.environ[NAME] = value
    prepare_environment()
    assert os.environ[NAME] == value
    assert child_environment()[NAME] == value


@pytest.mark.usefixtures("unset")
def test_a_child_gets_everything_else_as_it_is_here_and_this_process_stays():
    before = dict(os.environ)
    assert child_environment() == before | ENVIRONMENT
    assert dict(os.environ) == before


@pytest.mark.parametrize(("given", "seen"), [({}, "16"), ({NAME: "20"}, "20")])
def test_the_command_sets_it_before_numpy_is_loaded(environment, workplace, given, seen):
    inherited = {name: value for name, value in environment.items() if name not in ENVIRONMENT}
    arguments = ["train", "--samples", "5", "--epochs", "0", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", REPORTS_WHEN_NUMPY_IS_LOADED, *arguments],
        env=inherited | given,
        cwd=workplace,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, f"numpy {seen}\n")


def test_importing_the_library_leaves_the_environment_alone(environment):
    inherited = {name: value for name, value in environment.items() if name not in ENVIRONMENT}
    program = f"import os, regkit; regkit.train; print({NAME!r} in os.environ)"
    done = subprocess.run(
        [sys.executable, "-c", program], env=inherited, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
