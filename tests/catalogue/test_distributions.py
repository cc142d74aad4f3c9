"""Distributions on the path: what `importlib.metadata` finds, found without it."""

import sys
import zipfile
from importlib import metadata

import pytest

from regkit.catalogue.distributions import distributions, normalized


@pytest.fixture
def alone(site, monkeypatch):
    """`site` is all that is on the path."""
    monkeypatch.setattr(sys, "path", [str(site.folder)])
    return site


def test_the_distributions_are_those_of_the_standard_library():
    found = list(distributions())
    expected = {normalized(one.name): one for one in reversed(list(metadata.distributions()))}
    assert len(found) == len(expected) > 5
    for one in found:
        theirs = expected[one.name]
        assert one.read("entry_points.txt") == theirs.read_text("entry_points.txt")
        fields = one.fields()
        assert normalized(fields["Name"]) == one.name
        assert {name: fields.get(name) for name in ("Version", "Summary")} == {
            name: theirs.metadata.get(name) for name in ("Version", "Summary")
        }


def test_a_distribution_in_an_archive_is_found(alone, tmp_path, monkeypatch):
    alone.install("regkit-huber", {"huber": "nowhere:Huber"}, "2.1")
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as writing:
        for file in alone.folder.rglob("*"):
            writing.write(file, file.relative_to(alone.folder))
    monkeypatch.setattr(sys, "path", [str(archive)])
    (found,) = distributions()
    assert (found.name, found.root, found.fields()["Version"]) == ("regkit-huber", archive, "2.1")
    assert found.read("entry_points.txt").startswith("[regkit]")
    assert found.read("nothing.txt") is None


def test_the_working_directory_is_on_the_path_as_an_empty_text(alone, monkeypatch):
    alone.install("regkit-huber", {"huber": "nowhere:Huber"})
    monkeypatch.chdir(alone.folder)
    monkeypatch.setattr(sys, "path", [""])
    assert [one.name for one in distributions()] == ["regkit-huber"]


@pytest.mark.parametrize("folder", ["regkit_huber.egg-info", "Regkit.Huber-1.0-py3.11.egg-info"])
def test_metadata_of_older_tools_are_read(alone, folder):
    info = alone.folder / folder
    info.mkdir()
    (info / "PKG-INFO").write_text("Name: regkit-huber\nVersion: 1.0\n\nVersion: of the text\n")
    (found,) = distributions()
    assert (found.name, found.fields()["Version"]) == ("regkit-huber", "1.0")


@pytest.mark.parametrize(
    "spelling", ["regkit-two-words", "Regkit_Two.Words", "regkit--two__words", "REGKIT.TWO-_.WORDS"]
)
def test_spellings_that_pep_503_takes_for_one_name_are_one(spelling):
    assert normalized(spelling) == "regkit-two-words"
