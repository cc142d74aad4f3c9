"""`regkit path`."""

import json

import pytest
from click.testing import CliRunner

from regkit.cli import cli
from regkit.errors import RegkitError

pytestmark = pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")

LINEAR = ["sklearn:diabetes", "--hidden", "none", "--epochs", "300", "--workers", "1"]


def run(*arguments):
    return CliRunner().invoke(cli, ["path", *arguments])


def test_a_row_a_strength_and_the_choice(tmp_path):
    arguments = ["--reg", "l1=auto@dense1.weights", "--strengths", "4", "--folds", "2"]
    result = run(*LINEAR, *arguments, "--out", str(tmp_path / "study"))
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].split()[0] == "strength"
    assert " 0 of 10 " in lines[4]
    assert "lambda_min" in result.stdout
    assert "lambda_1se" in result.stdout
    said = CliRunner().invoke(cli, ["evaluate", str(tmp_path / "study/run")])
    assert said.exit_code == 0, said.output
    assert "untrained" not in said.output


def test_json_and_dry_run():
    arguments = ["--reg", "l1=0.01..1@dense1.weights", "--strengths", "3", "--folds", "2"]
    result = run(*LINEAR, *arguments, "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["event"] for event in events] == ["cell"] * 9 + ["end"]
    assert events[-1]["strengths"] == pytest.approx([0.01, 0.1, 1])
    result = run(*LINEAR, *arguments, "--dry-run")
    assert result.stdout.startswith("3 cells, 9 trainings: about ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--reg", "l1=1"], "a path needs one regularizer with the strength auto or LOW..HIGH"),
        (["--reg", "l1=auto", "--folds", "1"], "folds must be an integer at least 2"),
        (["--reg", "l1=auto", "--folds", "10000"], "10000 folds need at least 10000 rows"),
        (["--reg", "l1=auto,mode=a..b"], "a range LOW..HIGH is for numbers"),
        (["--reg", "l1=2..1"], "must go from a smaller number to a larger one"),
        (["--reg", "l1=auto", "--strengths", "1"], "strengths must be an integer at least 2"),
        (
            ["--reg", "l2=1e300..1e301,mode=loss", "--strengths", "2", "--optimizer", "sgd"],
            "no strength can be chosen, since at none of them every fold finished",
        ),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, message):
    result = run(*LINEAR, *arguments)
    assert isinstance(result.exception, RegkitError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)
    assert result.exception.exit_code == 2
