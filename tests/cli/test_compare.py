"""`regkit compare` and what the commands of studies share.

Covers: regkit/cli/estimates.py, regkit/cli/study_options.py, regkit/cli/terminals.py
Covers: regkit/cli/carrying_out.py
"""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from regkit.cli import cli
from regkit.errors import RegkitError

SMALL = ["--samples", "20", "--epochs", "15", "--hidden", "4", "--seeds", "3", "--workers", "1"]
ARMS = ["--arm", "none", "--arm", "l2=1e-3@dense1"]


def run(*arguments):
    return CliRunner().invoke(cli, ["compare", *arguments])


def printed(*arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def test_a_table_of_arms_one_of_differences_and_a_verdict():
    lines = printed(*SMALL, *ARMS).stdout.splitlines()
    assert lines[0].split() == ["arm", "accuracy,", "mean", "±", "SD", "zeros", "seeds"]
    assert lines[1].startswith("none ")
    assert lines[1].endswith(" 3")
    assert lines[4].startswith("minus none")
    assert lines[-1].startswith("l2=1e-3@dense1: ")


def test_json_is_one_object_a_line(tmp_path):
    result = printed(*SMALL, *ARMS, "--json", "--out", str(tmp_path / "study"))
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["event"] for event in events] == ["cell"] * 6 + ["end"]
    assert {(event["arm"], event["seed"]) for event in events[:-1]} == {
        (arm, seed) for arm in ("none", "l2=1e-3@dense1") for seed in range(3)
    }
    kept = json.loads((tmp_path / "study/result.json").read_text())
    assert {"event": "end", **kept} == events[-1]


def test_quiet_prints_nothing():
    assert printed(*SMALL, *ARMS, "-q").stdout == ""


def test_a_dry_run_counts_cells_and_does_nothing(tmp_path):
    out = ["--out", str(tmp_path / "study")]
    said = printed(*SMALL, *ARMS, *out, "--dry-run", "--tune", "4").stdout
    assert said.startswith("6 cells, 15 trainings: about ")
    found = json.loads(printed(*SMALL, *ARMS, *out, "--dry-run", "--json").stdout)
    assert (found["event"], found["cells"], found["trainings"]) == ("estimate", 6, 6)
    assert found["seconds"] > 0
    assert not (tmp_path / "study").exists()


def test_without_arms_the_default_regularizer_is_compared_with_none():
    said = printed(*SMALL).stdout
    assert "l2=5e-4@dense1: " in said


def test_leave_one_out_says_what_each_contributes():
    said = printed(*SMALL, "--reg", "l1=1e-4", "--reg", "l2=1e-3", "--leave-one-out").stdout
    assert "minus all" in said
    assert "without l1=1e-4: " in said
    assert "without l2=1e-3: " in said


def test_arms_of_a_configuration_file_have_settings_of_their_own(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(
        "samples = 20\nepochs = 15\n[arms.small]\nreg = []\nhidden = [2]\n"
        '[arms.large]\nreg = ["l2=1e-3"]\nhidden = [6]\n'
    )
    events = [
        json.loads(line)
        for line in printed(
            str(path), "--seeds", "2", "--workers", "1", "--baseline", "large", "--json"
        ).stdout.splitlines()
    ]
    assert {event["arm"]: event["weights"] for event in events[:-1]} == {"small": 10, "large": 30}
    assert events[-1]["baseline"] == "large"
    # For the command that knows no arms it is not a table of settings.
    refused = CliRunner().invoke(cli, ["train", str(path)])
    assert isinstance(refused.exception, RegkitError)


def test_the_same_command_goes_on_and_another_plan_is_refused(tmp_path):
    study = ["--out", str(tmp_path / "study")]
    printed(*SMALL, *ARMS, *study)
    before = (tmp_path / "study/rows.jsonl").read_bytes()
    again = printed(*SMALL, *ARMS, *study, "--json").stdout
    assert len(again.splitlines()) == 1
    changed = run(*SMALL, *ARMS, *study, "--lr", "0.01")
    assert "settings.lr was 0.05, now it is 0.01" in str(changed.exception)
    assert changed.exception.exit_code == 2
    assert (tmp_path / "study/rows.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*ARMS, "--arm", "none"], "arm 'none' is given twice"),
        ([*ARMS, "--baseline", "l3"], "the baseline 'l3' is no arm"),
        ([*ARMS, "--seeds", "1"], "seeds must be an integer at least 2, got 1"),
        (["--arm", "none", "--arm", "l2=1,mode=a..b"], "a range LOW..HIGH is for numbers"),
        (["--arm", "none", "--arm", "l2=1..2"], "leaves a number open: give --tune"),
        (["--arm", "none", "--arm", "l2=auto"], "auto is for regkit path"),
        ([*ARMS, "--metric", "acc"], "unknown metric 'acc': did you mean 'accuracy'?"),
        ([*ARMS, "--test-share", "1"], "--test-share must be"),
        ([*ARMS, "--test-share", "0.2"], "spiral is measured on a fresh draw: leave it out"),
        ([*ARMS, "--tune", "1"], "tune must be an integer at least 2"),
        ([*ARMS, "--workers", "0"], "workers must be an integer at least 1"),
        (["--reg", "l2=1", "--leave-one-out"], "needs at least two regularizers"),
        ([*ARMS, "--workers", "2", "--dask", "tcp://127.0.0.1:1"], "leave it out with --dask"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, message):
    result = run(*arguments)
    assert isinstance(result.exception, RegkitError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)
    assert result.exception.exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--reg", "l1=1", *ARMS], "--reg and --arm exclude each other"),
        ([*ARMS, "--leave-one-out"], "makes the arms itself"),
        ([*ARMS, "--out", ""], "name a folder"),
        (["--seed", "3", *ARMS], "No such option '--seed'"),
    ],
)
def test_options_that_contradict_each_other_are_bad_usage(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.slow
def test_the_installed_command_ends_with_2_and_one_line():
    command = [sys.executable, "-m", "regkit", "compare", "--seeds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "Error: seeds must be an integer at least 2, got 1\n"
    assert done.stdout == ""


IN_A_FILE = "[arms.none]\n[arms.long]\nepochs = 3\n"


@pytest.mark.parametrize(
    ("top", "arguments", "message"),
    [
        ("", ["--reg", "l2=1"], "--reg and the file's [arms] exclude each other"),
        ("", ["--epochs", "5"], "arm 'long' sets epochs itself"),
        ("reg = ['l1=1']\n", [], "reg and [arms] exclude each other"),
        ("seed = 3\n", [], "leave out the setting seed"),
    ],
)
def test_what_an_arm_has_of_its_own_is_not_given_twice(tmp_path, top, arguments, message):
    path = tmp_path / "arms.toml"
    path.write_text(f"samples = 20\n{top}{IN_A_FILE}")
    result = run(str(path), *arguments, "--seeds", "2")
    told = result.output + str(result.exception)
    assert message in told
    assert getattr(result.exception, "exit_code", result.exit_code) == 2


def test_a_comparison_in_which_nothing_finished_is_an_error(tmp_path):
    result = run(*SMALL, *ARMS, "--lr", "1e30", "--optimizer", "sgd", "--out", str(tmp_path / "s"))
    assert "no cell was finished" in str(result.exception)
    assert "DivergenceError" in result.output
    assert (tmp_path / "s/result.json").exists()


def test_quiet_still_tells_of_cells_that_failed():
    result = run(*SMALL, "--arm", "none", "--arm", "l2=1e30", "--optimizer", "sgd", "--quiet")
    assert result.exit_code == 0
    assert "of 6 failed: DivergenceError" in result.stderr
