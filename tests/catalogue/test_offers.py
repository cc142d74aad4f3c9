"""Which regularizers are installed: read from real `*.dist-info` folders on the path.

Covers: regkit/catalogue/lookup.py, regkit/catalogue/summaries.py
"""

from __future__ import annotations

import sys

import pytest

import regkit as rk
from regkit.catalogue.lookup import find
from regkit.catalogue.offers import Offer, installed, offer_of
from regkit.catalogue.summaries import summary_of
from regkit.errors import PluginError, RegkitWarning, UnknownRegularizerError

BUILT_IN = ["elastic_net", "l1", "l2"]


def offers(name: str) -> list[Offer]:
    return [offer for offer in installed() if offer.name == name]


def test_the_built_ins_come_first_and_through_the_same_door(importable):
    importable.install("regkit-a", {"a_first": "nowhere:A"})
    found = installed()
    assert [offer.name for offer in found[:3]] == BUILT_IN
    assert {offer.distribution for offer in found[:3]} == {"regkit-nn"}
    assert [offer.builtin for offer in found].count(True) == 3
    assert "a_first" in [offer.name for offer in found[3:]]


def test_an_offer_is_read_from_metadata_alone(importable):
    importable.install("regkit-huber", {"huber": "nowhere.at_all:Huber"}, "2.1")
    (offer,) = offers("huber")
    assert (offer.distribution, offer.version, offer.builtin) == ("regkit-huber", "2.1", False)
    assert offer.spec_name == "huber"
    assert offer.qualified_name == "regkit-huber/huber"
    assert find("huber") == offer
    assert "nowhere" not in sys.modules


def test_the_summary_is_the_docstring_of_the_class_without_importing_it(importable):
    source = '''
        """A module."""
        raise RuntimeError("imported")

        class Other:
            """Not this one."""

        class Huber:
            """Quadratic near zero.

            And more.
            """
    '''
    importable.install("regkit-huber", {"huber": "huber_module:Huber"}, huber_module=source)
    (offer,) = offers("huber")
    assert summary_of(offer) == "Quadratic near zero."
    assert "huber_module" not in sys.modules


@pytest.mark.parametrize(
    "source",
    ["class Huber: pass", "class (:", "# -*- coding: nothing -*-", "x = 1\0", "-" * 100_000],
)
def test_without_a_docstring_the_summary_is_the_distributions(importable, source):
    importable.install("regkit-huber", {"huber": "huber_module:Huber"}, huber_module=source)
    assert summary_of(offers("huber")[0]) == "What regkit-huber is for"


def test_without_either_there_is_no_summary(importable):
    importable.install("regkit-huber", {"huber": "nowhere:Huber"})
    (metadata,) = importable.folder.glob("*.dist-info/METADATA")
    metadata.write_text("Metadata-Version: 2.1\nName: regkit-huber\nVersion: 1.0\n")
    assert summary_of(offers("huber")[0]) is None


def test_two_distributions_with_one_name_are_told_apart_by_theirs(importable):
    importable.install("regkit-a", {"huber": "module_a:Huber"})
    importable.install("regkit-b", {"huber": "module_b:Huber"})
    assert [offer.spec_name for offer in offers("huber")] == ["regkit-a/huber", "regkit-b/huber"]
    with pytest.raises(PluginError, match="write regkit-a/huber or regkit-b/huber"):
        find("huber")
    assert find("huber", distribution="regkit-b").entry_point.value == "module_b:Huber"


@pytest.mark.parametrize("spelling", ["Regkit_A", "regkit.a", "REGKIT-a"])
def test_a_distributions_name_is_compared_as_packaging_does(importable, spelling):
    importable.install("regkit-a", {"huber": "module_a:Huber"})
    assert find("huber", distribution=spelling).distribution == "regkit-a"


def test_a_built_in_wins_and_the_claimant_is_shadowed(importable):
    importable.install("regkit-rival", {"l2": "rival:L2"})
    assert find("l2").builtin
    own, rival = offers("l2")
    assert (own.shadowed, rival.shadowed) == (False, True)
    assert rival.spec_name == "regkit-rival/l2"
    assert find("l2", distribution="regkit-rival") == rival
    assert find("l2", distribution="regkit-nn") == own


def test_the_first_distribution_of_a_name_on_the_path_hides_the_second(
    importable, new_site, tmp_path, monkeypatch
):
    importable.install("regkit-huber", {"huber": "new:Huber"}, "2.0")
    older = new_site(tmp_path / "older")
    older.install("Regkit_Huber", {"huber": "old:Huber"}, "1.0")
    monkeypatch.setattr(sys, "path", [*sys.path, str(older.folder)])
    assert [offer.version for offer in offers("huber")] == ["2.0"]


@pytest.mark.parametrize("variable", ["", "none", " , none"])
def test_an_empty_list_allows_built_ins_only(importable, monkeypatch, variable):
    importable.install("regkit-huber", {"huber": "nowhere:Huber"})
    monkeypatch.setenv("REGKIT_PLUGINS", variable)
    assert [offer.name for offer in installed()] == BUILT_IN
    with pytest.raises(UnknownRegularizerError, match="installed, but REGKIT_PLUGINS does not"):
        find("huber")


def test_a_list_allows_what_it_names_and_the_built_ins(importable, monkeypatch):
    importable.install("regkit-a", {"huber": "a:Huber", "cauchy": "a:Cauchy"})
    importable.install("regkit-b", {"huber": "b:Huber", "tukey": "b:Tukey"})
    monkeypatch.setenv("REGKIT_PLUGINS", "tukey, regkit-a/huber")
    assert [offer.name for offer in installed()] == [*BUILT_IN, "huber", "tukey"]
    assert find("huber").distribution == "regkit-a"


def test_an_unknown_name_gets_close_matches_and_what_there_is(importable, monkeypatch):
    importable.install("regkit-huber", {"huber": "nowhere:Huber"})
    monkeypatch.setenv("REGKIT_PLUGINS", "huber")
    with pytest.raises(UnknownRegularizerError) as caught:
        find("hubber")
    assert str(caught.value) == (
        "unknown regularizer 'hubber'; did you mean 'huber'? (installed: elastic_net, huber, l1, l2)"  # noqa: E501
    )
    with pytest.raises(UnknownRegularizerError, match="unknown regularizer 'else/huber'"):
        find("huber", distribution="else")


def damage(info, what):
    if what == "no metadata":
        (info / "METADATA").unlink()
    elif what == "metadata in another encoding":
        (info / "METADATA").write_bytes("Name: regkit-huber\nSummary: für\n".encode("latin-1"))
    elif what == "entry points that are no pairs":
        (info / "entry_points.txt").write_text("[regkit]\nhuber\n")
    elif what == "entry points in another encoding":
        (info / "entry_points.txt").write_bytes("[regkit]\nhübér = x:Y\n".encode("latin-1"))
    elif what == "an entry point that names no object":
        (info / "entry_points.txt").write_text("[regkit]\nhuber = regkit-huber:Huber\n")


@pytest.mark.parametrize(
    "what",
    [
        "no metadata",
        "metadata in another encoding",
        "entry points that are no pairs",
        "entry points in another encoding",
        "an entry point that names no object",
    ],
)
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
def test_a_damaged_distribution_hides_nobody_else(importable, what):
    importable.install("regkit-huber", {"huber": "nowhere:Huber"})
    importable.install("regkit-fine", {"fine": "nowhere:Fine"})
    (info,) = importable.folder.glob("regkit_huber*.dist-info")
    damage(info, what)
    names = [offer.name for offer in installed() if summary_of(offer) is not False]
    assert {*BUILT_IN, "fine"} <= set(names)
    assert str(rk.regularizer("l2=0.5")) == "l2=0.5"


def test_what_cannot_be_read_is_not_skipped_silently(importable):
    importable.install("regkit-huber", {"huber": "nowhere:Huber"})
    (info,) = importable.folder.glob("*.dist-info")
    damage(info, "entry points that are no pairs")
    with pytest.warns(RegkitWarning, match="left out: regkit-huber"):
        installed()


def test_an_entry_point_that_names_no_object_is_refused_by_name(importable):
    importable.install("regkit-huber", {"huber": "regkit-huber:Huber"}, "1.2")
    with pytest.raises(PluginError) as caught:
        rk.regularizer("huber")
    assert "'huber' of regkit-huber 1.2 cannot be imported from 'regkit-huber:Huber'" in str(
        caught.value
    )


def test_an_object_is_traced_to_its_offer_only_if_it_is_the_very_object(importable):
    importable.install("regkit-mine", {"mine": "mine_module:Mine"}, mine_module="class Mine: pass")
    assert offer_of(int) is None
    assert offer_of(None) is None
    loaded = find("mine").entry_point.load()
    assert offer_of(loaded).qualified_name == "regkit-mine/mine"
    assert offer_of(type("Mine", (), {})) is None
