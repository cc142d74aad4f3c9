"""What a file of settings may ask for: it is read whole, quickly, or refused."""

import tomllib

import pytest

from regkit.errors import ConfigError
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
