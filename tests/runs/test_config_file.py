"""What a file of settings may ask for: it is read whole, quickly, or refused."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from regkit.errors import ConfigError
from regkit.regularizers.table import Table
from regkit.runs.config import Config
from regkit.runs.config_file import (
    MOST_BYTES,
    config_from_file,
    config_from_mapping,
    config_from_text,
    read_config_file,
    table_of,
    toml_of,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.toml"


def test_what_was_written_is_read(path):
    config = Config(hidden=(5, 3), reg=("l1=1e-3@dense1.weights+dense2.weights",), epochs=10**18)
    path.write_text(toml_of(config))
    assert config_from_file(path) == config


PART = ".".join(["a"] * 100_000)


@pytest.mark.parametrize(
    "text",
    [
        f"{PART} = 1",
        f"[{PART}]",
        f"[[{PART}]]",
        f"x = {{ {PART} = 1 }}",
        ".".join(['"a"'] * 1000) + " = 1",
        " . ".join(["'a.b'"] * 1000) + " = 1",
        ".".join(['"a\\"b"'] * 1000) + " = 1",
        ".".join(["1"] * 1000) + " = 1",
    ],
    ids=["key", "table", "tables", "inline", "quoted", "literal", "escaped", "digits"],
)
def test_a_key_of_many_parts_is_refused_before_it_fills_the_memory(path, text):
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"settings\.toml is nested too deeply"):
        config_from_file(path)


@pytest.mark.parametrize("bracket", ["[", "{a="])
def test_values_nested_too_deeply_are_refused(path, bracket):
    path.write_text("x = " + bracket * 50_000)
    with pytest.raises(ConfigError, match=r"settings\.toml is n"):
        config_from_file(path)


def test_numbers_and_texts_with_points_are_not_taken_for_keys(path):
    weights = ", ".join(["0.5"] * 2000)
    specs = ", ".join(['"l2=0.5@dense1.weights"'] * 200)
    path.write_text(f"reg = [{specs}]\n# {weights}\n")
    assert len(config_from_file(path).reg) == 200
    assert tomllib.loads(path.read_text())


@pytest.mark.parametrize(
    "text", ["a" * 500_000, '"' + "a" * 500_000, "a " * 250_000, '"a" ' * 99_999]
)
def test_what_is_no_toml_is_refused_quickly(path, text):
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"settings\.toml is not TOML"):
        config_from_file(path)


def test_a_file_larger_than_settings_are_is_refused(path):
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(ConfigError, match=f"settings.toml is damaged: .* more than {MOST_BYTES}"):
        config_from_file(path)


def test_a_regularizer_may_be_a_table_in_either_form(path):
    path.write_text(
        """
        reg = ["l2=5e-4@dense1", { name = "l1", strength = 1e-3, on = ["dense2.weights"] }]
        """
    )
    inline = config_from_file(path).reg
    assert inline == (
        "l2=5e-4@dense1",
        Table("l1", values=(("strength", 1e-3),), selectors=("dense2.weights",)),
    )
    path.write_text(
        """
        epochs = 5
        [[reg]]
        name = "regkit-nn/l1"
        on = "dense1"
        strength = 1e-3
        [[reg]]
        name = "tagged"
        tag = "a, b = c"
        levels = [1, 2.5]
        """
    )
    config = config_from_file(path)
    assert config.epochs == 5
    assert [str(one) for one in config.reg] == [
        '{ name = "regkit-nn/l1", strength = 0.001, on = ["dense1"] }',
        '{ name = "tagged", tag = "a, b = c", levels = [1, 2.5] }',
    ]
    assert {one.source for one in config.reg} == {path}


def test_tables_are_written_inline_so_that_the_keys_after_them_are_not_theirs(path):
    config = Config(reg=("l2=1e-3", {"name": "l1", "strength": 0.1}), zero_small=True, epochs=7)
    text = toml_of(config)
    assert '    { name = "l1", strength = 0.1 },\n' in text
    assert tomllib.loads(text)["epochs"] == 7
    path.write_text(text)
    assert config_from_file(path) == config
    assert hash(config_from_file(path)) == hash(config)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('reg = "l2=1e-3"', "reg must be a list of specs and tables, got 'l2=1e-3'; for example"),
        ("reg = [1]", "reg must be a list of specs and tables"),
        ('[reg]\nname = "l2"', r"reg is a list: write \[\[reg\]\] instead of \[reg\]"),
        ("[[reg]]\nstrength = 1", "a regularizer's table needs a name, as in "),
        ('[[reg]]\nname = "l2"\non = []', "l2: on must be one or more selectors"),
        ('[[reg]]\nname = "l2"\nx = {}', "l2: x must be text, a number, true or false, or a list"),
        ('[[reg]]\nname = "l2"\nx = 1979-05-27', "l2: x must be text, a number"),
        ('[[reg]]\nname = "l 2"', "'l 2' is not a regularizer's name"),
    ],
)
def test_what_is_no_regularizer_is_refused_by_file_and_key(path, text, complaint):
    path.write_text(text)
    with pytest.raises(ConfigError, match=complaint) as caught:
        config_from_file(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_mapping_may_hold_values_of_numpy_and_paths():
    given = {
        "data": Path("some/table.csv"),
        "val-file": Path("other.csv"),
        "epochs": np.int32(7),
        "lr": np.float32(0.5),
        "zero-small": np.bool_(True),
        "hidden": (np.int64(4), 3),
        "drop": np.array(["a", "b"]),
        "batch-size": None,
        "reg": ("l2=1e-3", {"name": "l1", "strength": np.float64(0.1)}),
    }
    found = config_from_mapping(given, "settings")
    assert found == Config(
        data="some/table.csv",
        val_file="other.csv",
        epochs=7,
        lr=0.5,
        zero_small=True,
        hidden=(4, 3),
        drop=("a", "b"),
        reg=("l2=1e-3", {"name": "l1", "strength": 0.1}),
    )
    assert config_from_text(toml_of(found), "text") == found


def test_a_mapping_goes_on_from_the_given_settings():
    base = Config(epochs=5, lr=0.1)
    assert config_from_mapping({"lr": 1}, "arm", base=base) == Config(epochs=5, lr=1.0)
    assert config_from_mapping({}, "arm", base=base) == base


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"epoch": 1}, "settings: unknown key 'epoch': did you mean 'epochs'"),
        ({"plugin-file": "x.py"}, "'plugin-file' is not a key: files execute no code"),
        ({"arms": {}}, r"\[arms\] is a table, but all keys belong at the top level"),
        ({"epochs": True}, "epochs must be an integer, got True"),
        ({"epochs": 2.5}, "epochs must be an integer, got 2.5"),
        ({"epochs": None}, "epochs must be an integer, got None"),
        ({"optimizer": "sdg"}, "optimizer must be one of 'sgd', 'adagrad'"),
        ({"hidden": 64}, "hidden must be a list of integers, got 64"),
        ({"hidden": [64, "x"]}, "hidden must be a list of integers"),
        ({"data": b"spiral"}, "data must be a string"),
    ],
)
def test_settings_of_a_mapping_are_refused_in_one_line(given, complaint):
    with pytest.raises(ConfigError, match=complaint) as caught:
        config_from_mapping(given, "settings")
    assert "\n" not in str(caught.value)


def test_tables_of_a_file_are_read_apart_if_they_are_asked_for(path):
    path.write_text('epochs = 5\n[arms."a b"]\nreg = ["l1=1"]\n')
    config, tables = read_config_file(path, tables=("arms", "other"))
    assert config == Config(epochs=5)
    assert tables == {"arms": {"a b": {"reg": ["l1=1"]}}}
    with pytest.raises(ConfigError, match=r"\[arms\] is a table"):
        read_config_file(path, tables=())


def test_a_table_of_settings_is_plain_and_gives_them_back():
    config = Config(hidden=(3,), batch_size=8, reg=("l2=1", {"name": "l1", "strength": 0.5}))
    table = table_of(config)
    assert table["batch-size"] == 8
    assert table["reg"] == ["l2=1", '{ name = "l1", strength = 0.5 }']
    assert "patience" not in table
    assert config_from_mapping({**table, "reg": config.reg}, "table") == config
