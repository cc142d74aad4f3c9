"""What a file of settings may ask for: it is read whole, quickly, or refused."""

import tomllib

import pytest

from regkit.errors import ConfigError
from regkit.regularizers.table import Table
from regkit.runs.config import Config
from regkit.runs.config_file import MOST_BYTES, config_from_file, toml_of


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
