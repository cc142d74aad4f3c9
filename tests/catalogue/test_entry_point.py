"""Entry points, read as `importlib.metadata` reads them."""

from importlib import metadata

import pytest

from regkit.catalogue.entry_point import EntryPoint, entry_points

TEXT = """
# A comment.
[console_scripts]
tool = regkit:main

[regkit]
huber = a.b:Huber
# Another one.
  spaced=a.b : Huber.Inner [extra]
= = a

[others]
huber = c:Huber
"""


def test_one_groups_entry_points_are_those_of_the_standard_library(tmp_path):
    info = tmp_path / "any-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(TEXT)
    (theirs,) = metadata.distributions(path=[str(tmp_path)])
    found = [(one.name, one.value) for one in entry_points(TEXT, "regkit")]
    assert found == [(one.name, one.value) for one in theirs.entry_points.select(group="regkit")]
    assert [name for name, _ in found] == ["huber", "spaced", ""]


VALUES = ("a", "a.b", "a.b:C", "a.b:C.d", "a : C", "a:C [x, y]", "a [x]")
NO_VALUES = ("a:", "a b", "a-b:C", "")


@pytest.mark.parametrize("value", [*VALUES, *NO_VALUES])
def test_what_an_entry_point_names_is_what_the_standard_library_says(value):
    theirs = metadata.EntryPoint("any", value, "regkit")
    match = theirs.pattern.match(value)
    expected = None if match is None else (match["module"], match["attr"] or "")
    assert EntryPoint("any", value).target == expected


@pytest.mark.parametrize("value", ["os", "os.path", "os:path", "os.path:join.__name__"])
def test_what_it_names_is_imported(value):
    assert EntryPoint("any", value).load() == metadata.EntryPoint("any", value, "regkit").load()


def test_a_line_that_is_no_pair_is_an_error_in_its_own_group_only():
    assert entry_points("[others]\nhuber\n[regkit]\na = b", "regkit") == (EntryPoint("a", "b"),)
    with pytest.raises(ValueError, match="not enough values"):
        entry_points("[regkit]\nhuber\n", "regkit")
