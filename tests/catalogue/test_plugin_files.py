"""The regularizers that a local Python file defines."""

from __future__ import annotations

import pickle
import sys
from textwrap import dedent

import pytest

import regkit as rk
from regkit.catalogue.plugin_files import by_name, classes_in
from regkit.errors import InputError, PluginError

SOURCE = """
    import regkit
    from regkit import L1, L2, Regularizer

    class HuberNorm(L2):
        delta: float = 0.1

    class Raw:
        @regkit.hookimpl
        def penalty(self, layer): return 0.0

        @regkit.hookimpl
        def penalty_grad(self, layer): return None

    class _Hidden(L1):
        pass

    class NoPlugin:
        pass

    Again = HuberNorm
"""


@pytest.fixture
def plugin_file(tmp_path):
    """Writes a plugin file; its module is forgotten afterwards."""
    before = set(sys.modules)

    def write(source: str, name: str = "my_penalties.py"):
        path = tmp_path / name
        path.write_text(dedent(source), encoding="utf-8")
        return path

    yield write
    for name in set(sys.modules) - before:
        if name.startswith("regkit_plugin_file_"):
            del sys.modules[name]


def test_it_offers_what_it_defines_itself_and_does_not_hide(plugin_file):
    classes = classes_in(plugin_file(SOURCE))
    assert [cls.__name__ for cls in classes] == ["HuberNorm", "Raw"]
    assert list(by_name(classes)) == ["huber_norm", "raw"]
    one = rk.regularizer("huber_norm=0.5,delta=0.2", classes=classes)
    assert str(one) == "huber_norm=0.5,delta=0.2"


def test_its_regularizers_can_be_pickled(plugin_file):
    cls = classes_in(plugin_file(SOURCE))[0]
    assert pickle.loads(pickle.dumps(cls(0.5))).strength == 0.5


def test_a_file_name_need_not_be_an_identifier(plugin_file):
    assert len(classes_in(plugin_file(SOURCE, "my-penalty v1.2.py"))) == 2


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def f(:", "SyntaxError"),
        ("import surely_not_there", "No module named 'surely_not_there'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        (
            "import regkit\nclass A(regkit.L1):\n    scale: float = 1.0",
            "the field name 'scale' is reserved",
        ),
    ],
)
def test_one_that_cannot_be_run_is_refused_and_forgotten(plugin_file, source, cause):
    path = plugin_file(source)
    with pytest.raises(PluginError) as caught:
        classes_in(path)
    assert str(caught.value).startswith(f"plugin file {path} cannot be run: ")
    assert cause in str(caught.value)
    assert "regkit_plugin_file_my_penalties" not in sys.modules


@pytest.mark.parametrize("source", ["", "from regkit import L1, L2", "class Huber: pass"])
def test_one_without_a_regularizer_is_refused(plugin_file, source):
    with pytest.raises(PluginError, match="defines no regularizer"):
        classes_in(plugin_file(source))


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        classes_in(tmp_path / "nowhere.py")
    with pytest.raises(InputError, match="is not a file"):
        classes_in(tmp_path)


def test_what_is_no_python_file_is_refused(plugin_file):
    with pytest.raises(InputError, match=r"is not a Python file \(\.py\)"):
        classes_in(plugin_file(SOURCE, "penalties.txt"))


def test_two_files_with_one_name_of_a_regularizer_are_refused(plugin_file):
    source = "import regkit\nclass Huber(regkit.L1): pass"
    classes = classes_in(plugin_file(source, "a.py")) + classes_in(plugin_file(source, "b.py"))
    with pytest.raises(PluginError, match=r"_a and .*_b both define 'huber'"):
        by_name(classes)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("@regkit.hookimpl\n    def penalty(self, layer): return 0.0", "has no penalty_grad"),
        ("def penalty(self, layer): return 0.0", "not a function marked with"),
    ],
)
def test_a_raw_plugin_that_lacks_something_is_offered_and_told_so(plugin_file, body, problem):
    [cls] = classes_in(plugin_file("import regkit\nclass Half:\n    " + body + "\n"))
    X, y = rk.datasets.spiral(samples=5, classes=3)
    model = rk.Model([rk.Dense(2, 3)], rk.SoftmaxCrossEntropy())
    half = rk.regularizer("half", classes=[cls])
    with pytest.raises(PluginError, match=problem):
        rk.train(model, X, y, optimizer=rk.Adam(), regularizers=[half], epochs=1)
