"""A plugin that does not import: nothing changes unless it is asked for."""

from __future__ import annotations

import pytest

BROKEN = {
    "raises": ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
    "lacks a package": ("import surely_not_there", "No module named 'surely_not_there'"),
    "does not parse": ("def penalty(:\n", "SyntaxError"),
    "exits": ("import sys; sys.exit(7)", "SystemExit: 7"),
    "lacks the class": ("x = 1", "has no attribute 'Broken'"),
}


@pytest.fixture(params=BROKEN.values(), ids=BROKEN)
def cause(request, site):
    source, cause = request.param
    site.install("regkit-broken", {"broken": "broken_plugin:Broken"}, "0.9", broken_plugin=source)
    return cause


def test_a_broken_plugin_that_is_asked_for_is_named(train, workplace, cause):
    outcome = train("--reg", "broken=0.1")
    assert outcome.code == 2
    assert "'broken' of regkit-broken 0.9" in outcome.error
    assert "'broken_plugin:Broken'" in outcome.error
    assert cause in outcome.error
    assert outcome.out == ""
    assert not list(workplace.iterdir())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--version"], "regkit, version"),
        (["--help"], "train"),
        (["plugins", "list"], "regkit-broken 0.9"),
        (["plugins", "show", "l2"], "λ Σw²"),
        (["train", "--samples", "5", "--epochs", "1"], "validation"),
    ],
)
def test_a_broken_plugin_that_is_not_asked_for_changes_nothing(site, regkit, arguments, expected):
    source = "from pathlib import Path; Path('imported').touch(); raise RuntimeError"
    site.install("regkit-broken", {"broken": "broken_plugin:Broken"}, "0.9", broken_plugin=source)
    outcome = regkit(*arguments)
    assert outcome.code == 0
    assert outcome.err == ""
    assert expected in outcome.out


def test_it_is_not_even_imported(site, regkit, train, workplace):
    source = "from pathlib import Path; Path('imported').touch()"
    site.install("regkit-quiet", {"quiet": "quiet_plugin:Quiet"}, quiet_plugin=source)
    for outcome in (regkit("plugins", "list"), regkit("plugins", "show", "l1"), train()):
        assert outcome.code == 0
    assert not (workplace / "imported").exists()
    train("--reg", "quiet")
    assert (workplace / "imported").exists()


def test_the_traceback_comes_with_debug_only(site, train):
    site.install("regkit-broken", {"broken": "broken_plugin:X"}, broken_plugin="1 / 0")
    quiet, loud = train("--reg", "broken"), train("--reg", "broken", "--debug")
    assert "Traceback" not in quiet.err
    assert "Traceback" in loud.err
    assert "broken_plugin.py" in loud.err
    assert loud.code == quiet.code == 2
    assert loud.err.splitlines()[-1] == f"Error: {quiet.error}"


def test_show_of_a_broken_plugin_names_it(site, regkit):
    site.install("regkit-broken", {"broken": "broken_plugin:X"}, broken_plugin="1 / 0")
    outcome = regkit("plugins", "show", "broken")
    assert outcome.code == 2
    assert "'broken' of regkit-broken 1.0" in outcome.error
    assert "ZeroDivisionError" in outcome.error
