"""The settings of a study."""

import json
from dataclasses import replace

import numpy as np
import pytest

from regkit.errors import ConfigError, InputError
from regkit.runs.config import Config
from regkit.runs.settings import settings
from regkit.studies.comparisons.arms import arms_of
from regkit.studies.settings import WHY_NOT, as_config, portable, with_seed


def test_a_mapping_may_use_the_names_of_flags_or_of_python():
    expected = Config(batch_size=8, hidden=(4, 5), lr=0.1)
    for name in ("batch_size", "batch-size"):
        given = {name: np.int64(8), "hidden": np.array([4, 5]), "lr": np.float64(0.1)}
        assert as_config(given) == (expected, {})
    assert as_config({"batch_size": None})[0].batch_size is None
    assert as_config({"hidden": ()})[0].hidden == ()


def test_a_configuration_file_may_hold_arms(tmp_path):
    (tmp_path / "c.toml").write_text('epochs = 5\n[arms.a]\nreg = ["l1=1"]\n')
    config, arms = as_config(tmp_path / "c.toml")
    assert (config.epochs, arms) == (5, {"a": {"reg": ["l1=1"]}})
    assert as_config(str(tmp_path / "c.toml"))[0] == config
    assert as_config({"arms": {"b": []}})[1] == {"b": []}


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        ({"out": "x"}, "--out"),
        ({"json": True}, "the command's own flags"),
        ({"quiet": True}, "the command's own flags"),
        ({"log_every": 5}, "one row of each training"),
        ({"gradient_norms": True}, "one row of each training"),
        ({"threads": 2}, "one BLAS thread"),
        ({"seed": 3}, "--seeds"),
        ({"data_seed": 3}, "--seeds"),
        ({"split_seed": 3}, "--seeds"),
    ],
)
def test_a_setting_that_a_study_cannot_have_is_refused_wherever_it_comes_from(
    given, instead, tmp_path
):
    ((name, value),) = given.items()
    key = name.replace("_", "-")
    (tmp_path / "c.toml").write_text(f"{key} = {json.dumps(value)}\n")
    for source in (given, Config(**given), tmp_path / "c.toml"):
        with pytest.raises(InputError, match=f"leave out the setting {key}$") as caught:
            as_config(source)
        assert instead in str(caught.value)
    with pytest.raises(ConfigError, match=f"^arm 'a': .* leave out the setting {key}$"):
        arms_of({"a": {"reg": [], **given}})


def test_there_is_a_reason_for_each_setting_that_a_study_cannot_have():
    assert set(WHY_NOT) == {one.key for one in settings() if not one.about.in_studies}


def test_a_seed_of_the_study_is_the_only_one():
    assert with_seed(Config(split_seed=3), 7) == replace(Config(), seed=7)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"epoch": 3}, "unknown key 'epoch': did you mean 'epochs'?"),
        ({"epochs": "many"}, "epochs must be an integer"),
        ({"data": "arrays"}, "numpy.savez"),
        (3, "settings must be a mapping"),
        ({"arms": 3}, "arms must be tables"),
    ],
)
def test_what_cannot_be_used_is_said(given, message):
    with pytest.raises((InputError, ConfigError), match=message):
        as_config(given)


def test_paths_are_whole_when_settings_travel(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("mask.npy", np.ones((2, 64)))
    config = Config(data="d.csv", test="t.csv", reg=("support,of=mask.npy@dense1.weights", "l2=1"))
    found = portable(config, [])
    assert (found.data, found.test) == (str(tmp_path / "d.csv"), str(tmp_path / "t.csv"))
    assert str(tmp_path / "mask.npy") in str(found.reg[0])
    assert found.reg[1] == "l2=1"
    assert portable(Config(data="sklearn:wine", reg=("none",)), []).data == "sklearn:wine"
