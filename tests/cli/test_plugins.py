"""`regkit plugins list` and `regkit plugins show`."""

from __future__ import annotations

import json

import pytest

import regkit as rk

HUBER = '''
    import numpy as np
    from typing import Literal
    from regkit import Regularizer


    class Huber(Regularizer):
        """Quadratic near zero, linear beyond delta.

        Formula: Σ min(w²/2δ, |w|).
        """

        delta: float = 0.1
        side: Literal["both", "upper"] = "both"
        strict: bool = False

        def value(self, w): return 0.0
        def grad(self, w): return 0 * w
'''


@pytest.fixture
def installed(site):
    """A plugin, two distributions that claim one name, and one that claims `l2`."""
    site.install("regkit-huber", {"huber": "huber_module:Huber"}, "2.1", huber_module=HUBER)
    for rival in ("regkit-a", "regkit-b"):
        site.install(rival, {"cauchy": "nowhere:Cauchy"})
    site.install("regkit-rival", {"l2": "nowhere:L2"}, "9.0")


def listed(outcome):
    assert (outcome.code, outcome.err) == (0, "")
    return {(one["distribution"], one["name"]): one for one in json.loads(outcome.out)}


@pytest.mark.usefixtures("installed")
def test_list_json_is_one_array_of_objects(regkit):
    found = listed(regkit("plugins", "list", "--json"))
    huber = found["regkit-huber", "huber"]
    assert huber["version"] == "2.1"
    assert huber["builtin"] is False
    assert huber["summary"] == "Quadratic near zero, linear beyond delta."
    own = found["regkit-nn", "l2"]
    assert own["builtin"] is True
    assert own["version"] == rk.__version__
    assert own["summary"].startswith("λ Σw²")
    assert {one["builtin"] for one in found.values()} == {True, False}
    assert len({tuple(one) for one in found.values()}) == 1


@pytest.mark.usefixtures("installed")
def test_list_shows_who_is_shadowed_and_who_is_offered_twice(regkit):
    outcome = regkit("plugins", "list")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    (rival,) = (line for line in lines if "regkit-rival" in line)
    assert "shadowed by the built-in; write regkit-rival/l2" in rival
    (first,) = (line for line in lines if "regkit-a " in line)
    assert "offered twice; write regkit-a/cauchy" in first


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("variable", ["", "none"])
def test_an_empty_regkit_plugins_leaves_the_built_ins(regkit, variable):
    found = listed(regkit("plugins", "list", "--json", REGKIT_PLUGINS=variable))
    assert [name for _, name in found] == ["elastic_net", "l1", "l2"]


@pytest.mark.usefixtures("installed")
def test_regkit_plugins_restricts_before_any_import(site, regkit, train, workplace):
    touch = "from pathlib import Path; Path('imported').touch(); import regkit\n"
    site.install(
        "regkit-touch", {"touch": "touching:Touch"}, touching=touch + "class Touch(regkit.L1): pass"
    )
    outcome = train("--reg", "touch", REGKIT_PLUGINS="huber,cauchy")
    assert outcome.code == 2
    assert outcome.error == (
        "regularizer 'touch' is installed, but REGKIT_PLUGINS does not allow it"
    )
    assert not (workplace / "imported").exists()
    found = listed(regkit("plugins", "list", "--json", REGKIT_PLUGINS="huber,touch"))
    assert [name for _, name in found] == ["elastic_net", "l1", "l2", "huber", "touch"]
    assert train("--reg", "touch", REGKIT_PLUGINS="huber,touch").code == 0
    assert (workplace / "imported").exists()


@pytest.mark.usefixtures("installed")
def test_show_json_gives_fields_with_types_and_defaults(regkit):
    outcome = regkit("plugins", "show", "huber", "--json")
    assert outcome.code == 0
    shown = json.loads(outcome.out)
    assert shown["name"] == "huber"
    assert shown["summary"] == "Quadratic near zero, linear beyond delta."
    assert "Formula: Σ min(w²/2δ, |w|)." in shown["documentation"]
    assert (shown["distribution"], shown["version"], shown["builtin"]) == (
        "regkit-huber",
        "2.1",
        False,
    )
    fields = {field["name"]: (field["type"], field["default"]) for field in shown["fields"]}
    assert fields == {
        "strength": ("float", 1.0),
        "delta": ("float", 0.1),
        "side": ("'both' | 'upper'", "both"),
        "strict": ("bool", False),
        "mode": ("'loss' | 'prox' | 'decoupled'", "loss"),
        "schedule": ("str | None", None),
        "scale": ("'none' | 'size' | 'fan_in' | 'sqrt_fan_in'", "none"),
        "label": ("str | None", None),
    }


@pytest.mark.usefixtures("installed")
def test_show_prints_the_same_for_people(regkit):
    outcome = regkit("plugins", "show", "huber")
    assert outcome.code == 0
    assert outcome.out.startswith("huber: Quadratic near zero, linear beyond delta.\n")
    assert "From: regkit-huber 2.1 (plugin, huber_module:Huber)" in outcome.out
    assert "default 0.1" in outcome.out


RAW = """
    '''A module that is a plugin.'''

    import regkit

    @regkit.hookimpl
    def penalty(layer): return None

    @regkit.hookimpl
    def penalty_grad(layer): return None

    class Raw:
        '''A class that is one.'''

        def __init__(self, *, strength: float = 2.0, power=3): ...

        penalty = staticmethod(penalty)
        penalty_grad = staticmethod(penalty_grad)
"""


@pytest.mark.parametrize(
    ("target", "summary", "fields"),
    [
        ("raw_module", "A module that is a plugin.", {}),
        ("raw_module:Raw", "A class that is one.", {"strength": "float", "power": "int"}),
    ],
)
def test_show_knows_what_is_no_regularizer(site, regkit, target, summary, fields):
    site.install("regkit-raw", {"raw": target}, raw_module=RAW)
    shown = json.loads(regkit("plugins", "show", "raw", "--json").out)
    assert shown["summary"] == summary
    assert {field["name"]: field["type"] for field in shown["fields"]} == fields


@pytest.mark.parametrize("name", ["l1", "l2", "elastic_net"])
def test_show_knows_the_built_ins(regkit, name):
    shown = json.loads(regkit("plugins", "show", name, "--json").out)
    assert (shown["builtin"], shown["distribution"]) == (True, "regkit-nn")
    assert shown["summary"].startswith("λ")


@pytest.mark.usefixtures("installed")
def test_a_name_that_two_distributions_offer_is_refused_with_both(train):
    outcome = train("--reg", "cauchy=0.1")
    assert outcome.code == 2
    assert outcome.error == (
        "regularizer 'cauchy' is offered by 2 distributions: "
        "write regkit-a/cauchy or regkit-b/cauchy"
    )


def test_the_distribution_chooses_among_them(site, train):
    source = "import regkit\nclass Mine(regkit.L2):\n    grad = None\n"
    site.install("regkit-a", {"mine": "bad_one:Mine"}, bad_one=source)
    source = "import regkit\nclass Mine(regkit.L2): pass\n"
    site.install("regkit-b", {"mine": "good_one:Mine"}, good_one=source)
    outcome = train("--reg", "regkit-b/mine=0.1", "--json")
    assert outcome.code == 0
    assert list(outcome.penalties) == ["mine"]


def test_a_built_in_wins_over_a_claimant_which_is_reached_by_its_distribution(site, train):
    source = "import regkit\nclass L2(regkit.Regularizer):\n"
    source += "    def value(self, w): return 7.0\n    def grad(self, w): return 0 * w\n"
    site.install("regkit-rival", {"l2": "rival_module:L2"}, rival_module=source)
    outcome = train("--json", "--reg", "l2=1@dense1.weights", "--reg", "regkit-rival/l2")
    penalties = outcome.penalties
    assert penalties["l2"] == 14.0
    assert 0 < penalties["l2@dense1.weights"] < 1
