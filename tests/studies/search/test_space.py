"""What a sweep searches.

Covers: regkit/studies/open_fields.py
"""

import pytest

from regkit.errors import FieldError, InputError
from regkit.regularizers.table import Table
from regkit.runs.config import Config
from regkit.studies.search.open_settings import without_open
from regkit.studies.search.space import search_space


def space(*reg, **given):
    _, found = without_open(given, "settings")
    return search_space(Config(reg=reg), found)


def test_numbers_of_regularizers_come_first_and_are_called_by_their_labels():
    found = space("l2=1e-5..1e-1@dense1", "elastic_net=1e-3..1,l1_ratio=0.2..0.8", lr="0.01..1")
    assert list(found.axes) == ["l2@dense1", "elastic_net", "elastic_net l1_ratio", "lr"]


def test_numbers_stand_in_the_order_of_the_declarations_however_they_are_given():
    given = {"momentum": "0..0.9", "lr": "0.01..1", "epochs": "5..9", "hidden": "4..16,4..16"}
    table = {"name": "elastic_net", "l1_ratio": "0.2..0.8", "strength": "1e-3..1"}
    turned = space(Table.of(dict(reversed(table.items()))), **dict(reversed(given.items())))
    found = space(Table.of(table), **given)
    assert list(found.axes) == list(turned.axes)
    assert list(found.axes)[:2] == ["elastic_net", "elastic_net l1_ratio"]
    assert list(found.as_settings()) == list(turned.as_settings())
    values = {title: one.at(0.4) for title, one in found.axes.items()}
    assert found.at(values).hidden == turned.at(values).hidden


def test_the_settings_at_a_point_have_its_numbers():
    found = space("l2=1e-5..1e-1@dense1", "l1=1e-4", hidden="8..64,4", momentum="0..0.9")
    config = found.at({"l2@dense1": 0.25, "hidden 1": 10, "momentum": 0.5})
    assert config.reg == ("l2=0.25@dense1", "l1=1e-4")
    assert (config.hidden, config.momentum) == ((10, 4), 0.5)


def test_without_regularizers_there_are_none_at_any_point():
    assert space("none", lr="0.01..1").end(1.0).reg == ("none",)


def test_two_regularizers_of_one_name_are_told_apart():
    assert list(space("l2=1..2@dense1", "l2=1..3@dense1").axes) == ["l2@dense1", "l2@dense1#2"]


def test_a_table_may_hold_ranges():
    found = space(Table.of({"name": "l2", "strength": "1e-5..1e-1"}))
    assert "0.125" in str(found.at({"l2": 0.125}).reg[0])


def test_whole_paths_leave_the_ranges_open(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = Config(data="t.csv", reg=("l2=1e-5..1e-1@dense1", "l1=1e-4"))
    moved = search_space(config, {}).portable(())
    assert moved.config.data == str(tmp_path / "t.csv")
    assert [str(one.entry) for one in moved.entries] == ["l2=1e-05..0.1@dense1", "l1=1e-4"]
    assert moved.at({"l2@dense1": 0.5}).reg == ("l2=0.5@dense1", "l1=1e-4")


@pytest.mark.parametrize(
    ("reg", "given", "error", "message"),
    [
        (("l2=1e-3",), {}, InputError, "a sweep needs a range"),
        (("none",), {}, InputError, "a sweep needs a range"),
        (("l2=auto",), {}, InputError, "auto is for regkit path"),
        (("none", "l2=1..2"), {}, InputError, "give it alone"),
        (("l2=2..1",), {}, FieldError, "from a smaller number to a larger one"),
        (("l2=1..2,label=momentum",), {"momentum": "0..0.5"}, InputError, "give another label"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_one_line(reg, given, error, message):
    with pytest.raises(error) as caught:
        space(*reg, **given)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
