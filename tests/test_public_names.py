"""The public names of `regkit`, which are imported when they are first used.

Covers: regkit/__init__.py
"""

import inspect
import subprocess
import sys
from types import ModuleType

import pytest

import regkit


@pytest.mark.parametrize("name", regkit.__all__)
def test_each_name_is_what_the_module_defines_that_it_comes_from(name):
    value = getattr(regkit, name)
    if isinstance(value, ModuleType):
        assert value.__name__ == f"regkit.{name}"
    elif inspect.isclass(value) or inspect.isfunction(value):
        assert value.__name__ == name
        assert value.__module__.startswith("regkit.")


def test_a_name_is_looked_up_once():
    vars(regkit).pop("Adam", None)
    found = regkit.Adam
    assert vars(regkit)["Adam"] is found


def test_dir_lists_the_public_names_whether_used_or_not():
    assert set(dir(regkit)) == {*regkit.__all__, "__version__"}
    assert dir(regkit) == sorted(dir(regkit))


@pytest.mark.parametrize("name", ["Adams", "_HOMES", "nothing"])
def test_any_other_name_is_refused_as_pythons_own_modules_do(name):
    with pytest.raises(AttributeError, match=f"module 'regkit' has no attribute '{name}'"):
        getattr(regkit, name)


def test_a_name_loads_what_it_needs_and_no_more():
    program = (
        "import sys, regkit\n"
        "regkit.errors, regkit.hookimpl\n"
        "print('numpy' in sys.modules)\n"
        "regkit.Adam\n"
        "print('numpy' in sys.modules, 'regkit.training' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True", "False"]
