"""Installed metadata are read once a process, and again when the path changes."""

import json
import os
import sys
from urllib.request import pathname2url

import pytest

from regkit.catalogue import metadata
from regkit.catalogue.distributions import distributions
from regkit.catalogue.metadata import offerings
from regkit.catalogue.offers import installed
from regkit.catalogue.summaries import summary_of


@pytest.fixture
def alone(site, monkeypatch):
    """`site` is all that is on the path, so that nobody else changes a folder on it."""
    monkeypatch.setattr(sys, "path", [str(site.folder)])
    return site


@pytest.fixture
def reads(alone, monkeypatch):
    """A list that grows by one whenever the distributions on the path are looked through."""
    found = []

    def counted():
        found.append(list(sys.path))
        return distributions()

    monkeypatch.setattr(metadata, "distributions", counted)
    return found


def names():
    return [one.name for one in offerings()]


def let_a_second_pass(folder):
    """Two changes within a tick of the file system's clock would look like one."""
    changed = folder.stat().st_mtime_ns + 10**9
    os.utime(folder, ns=(changed, changed))


def test_the_path_is_looked_through_once_however_often_it_is_asked(alone, reads):
    alone.install("regkit-huber", {"huber": "nowhere:Huber"})
    first = offerings()
    assert names() == ["regkit-huber"]
    assert offerings() is first
    assert len(reads) == 1


def test_installing_and_removing_are_noticed(alone, reads):
    assert names() == []
    alone.install("regkit-huber", {"huber": "nowhere:Huber"})
    let_a_second_pass(alone.folder)
    assert names() == ["regkit-huber"]
    (info,) = alone.folder.glob("*.dist-info")
    info.rename(alone.folder.parent / info.name)
    let_a_second_pass(alone.folder)
    let_a_second_pass(alone.folder)
    assert names() == []
    assert len(reads) == 3


def test_a_folder_that_joins_the_path_is_noticed(alone, reads, new_site, tmp_path, monkeypatch):
    alone.install("regkit-huber", {"huber": "nowhere:Huber"})
    other = new_site(tmp_path / "other")
    other.install("regkit-other", {"other": "nowhere:Other"})
    assert names() == ["regkit-huber"]
    monkeypatch.setattr(sys, "path", [*sys.path, str(other.folder)])
    assert names() == ["regkit-huber", "regkit-other"]
    assert len(reads) == 2


def test_entries_of_the_path_that_are_no_folders_do_no_harm(alone, monkeypatch):
    alone.install("regkit-huber", {"huber": "nowhere:Huber"})
    monkeypatch.setattr(sys, "path", ["/not/there", *sys.path, __file__])
    assert names() == ["regkit-huber"]


def test_an_offering_holds_what_the_metadata_say(alone):
    alone.install("Regkit_Huber", {"huber": "a.b:Huber", "other": "a.b:Other"}, "2.1")
    (found,) = offerings()
    assert (found.name, found.version) == ("Regkit_Huber", "2.1")
    assert found.summary == "What Regkit_Huber is for"
    assert found.roots == (alone.folder,)
    assert {one.name: one.value for one in found.entry_points} == {
        "huber": "a.b:Huber",
        "other": "a.b:Other",
    }


def test_a_distribution_with_other_entry_points_only_offers_nothing(alone):
    alone.install("regkit-tool", {"tool": "nowhere:main"})
    (entry_points,) = alone.folder.glob("*.dist-info/entry_points.txt")
    entry_points.write_text("[console_scripts]\nregkit = nowhere:main\n")
    assert names() == []


@pytest.mark.parametrize("layout", [".", "src"])
def test_the_modules_of_an_editable_installation_lie_in_its_project(alone, tmp_path, layout):
    project = tmp_path / "a project"
    (project / layout).mkdir(parents=True, exist_ok=True)
    (project / layout / "huber_module.py").write_text('class Huber:\n    """Nearly square."""\n')
    alone.install("regkit-huber", {"huber": "huber_module:Huber"})
    (info,) = alone.folder.glob("*.dist-info")
    origin = {"url": f"file://{pathname2url(str(project))}", "dir_info": {"editable": True}}
    (info / "direct_url.json").write_text(json.dumps(origin))
    (offer,) = (one for one in installed() if one.name == "huber")
    assert summary_of(offer) == "Nearly square."
