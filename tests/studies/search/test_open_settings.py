"""Ranges in settings."""

import pytest

from regkit.errors import ConfigError
from regkit.runs.config import Config
from regkit.runs.settings import settings
from regkit.studies.ranges import Range
from regkit.studies.search.open_settings import LINEAR, LOGARITHMIC, without_open


def opened(**given):
    values, found = without_open(
        {name.replace("_", "-"): one for name, one in given.items()}, "settings"
    )
    assert not values
    return found


def test_settings_with_values_stay_as_they_are():
    given = {"lr": 0.1, "hidden": [64], "data": "../table.csv", "target": "a..b", "na": ["..", "?"]}
    given |= {"lr-schedule": "cosine:0:9", "reg": ["l2=1e-5..1"], "unknown key": "1..2"}
    assert without_open(given, "settings") == (given, {})


def test_a_range_is_logarithmic_where_doubling_means_as_much_everywhere():
    found = opened(lr="1e-3..1e-1", batch_size="16..256", momentum="0..0.9", epochs="10..500")
    assert found["lr"].ranges == {"lr": Range(1e-3, 1e-1, logarithmic=True)}
    assert found["batch_size"].ranges == {"batch-size": Range(16, 256, True, integer=True)}
    assert found["momentum"].ranges == {"momentum": Range(0, 0.9)}
    assert found["epochs"].ranges == {"epochs": Range(10, 500, integer=True)}


@pytest.mark.parametrize("hidden", ["16..128,32,8..64", ["16..128", 32, "8..64"]])
def test_a_list_of_layer_sizes_may_hold_several_ranges(hidden):
    (found,) = opened(hidden=hidden).values()
    assert list(found.ranges) == ["hidden 1", "hidden 3"]
    assert found.value({"hidden 1": 20, "hidden 3": 9}) == (20, 32, 9)
    assert str(found) == "16..128,32,8..64"


def test_one_layer_size_is_a_list_of_one():
    (found,) = opened(hidden="16..128").values()
    assert list(found.ranges) == ["hidden"]
    assert found.value({"hidden": 20}) == (20,)


def test_every_setting_that_may_be_open_is_a_number_and_a_field_of_the_settings():
    kinds = {one.name: one.kind for one in settings()}
    assert {kinds[name] for name in (*LOGARITHMIC, *LINEAR)} == {int, float, tuple[int, ...]}
    assert all(hasattr(Config(), name) for name in (*LOGARITHMIC, *LINEAR))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"optimizer": "sgd..adam"}, "settings: optimizer: a range LOW..HIGH is for numbers, and"),
        ({"standardize": "no..yes"}, "this is true or false"),
        ({"lr": (1e-3, 1e-1)}, 'a range is text, such as "1e-3..1e-1": write lr = "0.001..0.1"'),
        ({"epochs": [5, 10]}, 'write epochs = "5..10", got [5, 10]'),
        ({"samples": "10..20"}, "samples: it must be the same in every trial"),
        ({"threads": "1..4"}, "settings: threads: every training of a study has one BLAS thread"),
        ({"epochs": "0..20"}, "settings: epochs: a trial must train: let 0..20 begin at 1 or more"),
        ({"seed": "0..9"}, "settings: seed: a study's seeds decide"),
        ({"lr": "1..0.1"}, "lr: 1..0.1 must go from a smaller number to a larger one"),
        ({"lr": "0..0.1"}, "a range of learning rates is logarithmic, so 0 must be above 0"),
        ({"lr": "a..b"}, "lr: a..b is no range of numbers"),
        ({"lr": "1e-3...1e-1"}, "with two dots"),
        ({"lr": "0.1..0.2,0.3"}, "is no range of numbers"),
        ({"epochs": "1.5..3"}, "epochs: the ends of 1.5..3 must be integers"),
        ({"hidden": "8..16,many"}, "hidden: 'many' is no layer size"),
        ({"hidden": ["8..16", None]}, "hidden: None is no layer size"),
    ],
)
def test_what_cannot_be_a_range_is_refused_in_one_line(given, message):
    with pytest.raises(ConfigError) as caught:
        without_open(given, "settings")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
