"""Numbers on the command line, in Python's form and in others."""

import pytest
from click.testing import CliRunner

from regkit.cli.train import train


def error(*arguments):
    done = CliRunner().invoke(train, [*arguments, "--print-config"])
    assert done.exit_code == 2
    return done.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("flag", "text", "meant"),
    [
        ("--lr", "0,05", "0.05"),
        ("--lr", "0,005", "0.005"),
        ("--lr", "5e–2", "5e-2"),
        ("--lr", "5e−2", "5e-2"),
        ("--val", "20%", "0.2"),
        ("--epochs", "1e4", "10000"),
        ("--epochs", "100.0", "100"),
        ("--epochs", "10,000", "10000"),
        ("--batch-size", "1,000", "1000"),
    ],
)
def test_the_error_shows_how_to_write_the_number(flag, text, meant):
    assert error(flag, text).startswith(
        f"Error: Invalid value for '{flag}': {text!r} is not a valid"
    )
    assert error(flag, text).endswith(f": write {meant}")


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        *[("--lr", "1,000"), ("--lr", "fast"), ("--lr", ""), ("--epochs", "2.5")],
        *[("--epochs", "10k"), ("--epochs", "inf"), ("--epochs", "5%"), ("--threads", "fast")],
    ],
)
def test_nothing_is_guessed_where_it_cannot_be_told(flag, text):
    assert error(flag, text).startswith(
        f"Error: Invalid value for '{flag}': {text!r} is not a valid"
    )
    assert "write" not in error(flag, text)


@pytest.mark.parametrize("text", ["64,", "64x64", "0", "-1", "", "[64,64]", "64 64"])
def test_what_is_no_list_of_sizes_is_refused(text):
    assert error("--hidden", text).endswith(
        f"{text!r} is not a list of layer sizes such as 64 or 64,64"
    )


@pytest.mark.parametrize("words", [["--reg", "l2=1", "l1=1"], ["spiral", "l1=1"]])
def test_a_second_spec_after_one_flag_is_no_data(words):
    assert error(*words) == (
        "Error: 'l1=1' is no DATA; each regularizer follows a --reg of its own: --reg l1=1"
    )
