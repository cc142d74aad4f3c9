"""What `regkit train` prints: rows, JSON lines, or nothing; a bar on a terminal alone.

Covers: regkit/cli/reporters.py, regkit/cli/train.py
"""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import termios

import pytest

EPOCH_KEYS = ["event", "epoch", "accuracy", "loss", "data_loss", "penalty", "penalties", "lr"]


def events(outcome):
    assert outcome.code == 0, outcome.err
    return [json.loads(line) for line in outcome.out.splitlines()]


def test_json_is_one_object_a_line_and_nothing_else(train):
    outcome = train("--json", "--epochs", 5, "--log-every", 2, "--reg", "l2=1@dense1.weights")
    *epochs, end = events(outcome)
    assert outcome.err == ""
    assert [one["epoch"] for one in epochs] == [0, 2, 4]
    for one in epochs:
        assert list(one) == EPOCH_KEYS
        assert one["event"] == "epoch"
        assert list(one["penalties"]) == ["l2@dense1.weights"]
        assert one["penalty"] == pytest.approx(sum(one["penalties"].values()), rel=1e-15)
        assert one["loss"] == pytest.approx(one["data_loss"] + one["penalty"], rel=1e-15)
    assert [one["lr"] for one in epochs] == [0.05 / (1 + 5e-7 * step) for step in (0, 2, 4)]
    assert list(end) == [*["event", "epochs", "weights", "train", "validation", "best", "seconds"]]
    assert (end["event"], end["epochs"]) == ("end", 5)
    assert list(end["train"]) == ["accuracy", "loss", "data_loss", "penalty"]
    assert list(end["validation"]) == ["accuracy", "loss"]
    assert end["seconds"] > 0


def test_the_end_is_measured_after_the_last_update(train):
    """So it is what the first record of a longer run shows at that epoch."""
    end = events(train("--json", "--epochs", 3))[-1]
    longer = events(train("--json", "--epochs", 4, "--log-every", 1))[3]
    assert {key: longer[key] for key in end["train"]} == pytest.approx(end["train"], rel=1e-6)


def test_a_regression_reports_r2(regkit):
    *epochs, end = events(regkit("train", "sine", "--samples", 9, "--epochs", 2, "--json"))
    assert list(epochs[0]) == ["r2" if key == "accuracy" else key for key in EPOCH_KEYS]
    assert list(end["train"]) == ["r2", "loss", "data_loss", "penalty"]
    assert list(end["validation"]) == ["r2", "loss", "rmse"]
    assert "R²" in regkit("train", "sine", "--samples", 9, "--epochs", 2).out


def test_reg_none_trains_without_any(train):
    for one in events(train("--json", "--reg", "none"))[:-1]:
        assert (one["penalty"], one["penalties"]) == (0, {})
        assert one["loss"] == one["data_loss"]


def test_without_reg_it_is_the_chapters(train):
    assert list(events(train("--json"))[0]["penalties"]) == ["l2@dense1"]


def test_no_epochs_are_an_end_without_a_beginning(train):
    (end,) = events(train("--json", "--epochs", 0))
    assert (end["event"], end["epochs"]) == ("end", 0)


def test_quiet_prints_nothing(train):
    outcome = train("-q")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_a_pipe_gets_plain_rows_and_no_bar(train):
    outcome = train("--epochs", 3, "--log-every", 1, "--reg", "l1=1e-3", "--reg", "l2=1e-3@dense1")
    header, *rows = outcome.out.splitlines()
    for column in ("epoch", "accuracy", "loss", "data loss", "l1", "l2@dense1", "lr"):
        assert column in header
    assert [row.split()[0] for row in rows[:3]] == ["0", "1", "2"]
    assert outcome.err == ""
    assert "\r" not in outcome.out
    assert "\x1b" not in outcome.out


def on_a_terminal(environment, workplace, *arguments: str, piped: bool = False) -> tuple[str, str]:
    """What a training prints to stdout, a file or a pipe, and to stderr, a terminal."""
    terminal, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with (
        (workplace / "printed").open("w") as file,
        subprocess.Popen(
            [sys.executable, "-m", "regkit", "train", "--samples", "5", *arguments],
            env=environment | {"TERM": "xterm"},
            cwd=workplace,
            stdout=subprocess.PIPE if piped else file,
            stderr=theirs,
            text=True,
        ) as process,
    ):
        os.close(theirs)
        shown = b""
        while chunk := _read(terminal):
            shown += chunk
        printed, _ = process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0, shown
    return printed if piped else (workplace / "printed").read_text(), shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # How Linux says that nobody holds the other end any more.
        return b""


def test_a_terminal_gets_a_bar_on_stderr_and_the_rows_on_stdout(environment, workplace):
    printed, shown = on_a_terminal(environment, workplace, "--epochs", "3", "--log-every", "1")
    assert "/3 " in shown
    assert "epoch" in shown
    assert [row.split()[0] for row in printed.splitlines()[1:4]] == ["0", "1", "2"]
    assert "\r" not in printed


def test_no_bar_is_drawn_where_a_pager_may_read(environment, workplace):
    printed, shown = on_a_terminal(environment, workplace, "--epochs", "3", piped=True)
    assert shown == ""
    assert printed.splitlines()[0].split()[0] == "epoch"


@pytest.mark.parametrize("flag", ["--json", "-q"])
def test_neither_json_nor_quiet_gets_a_bar(environment, workplace, flag):
    _, shown = on_a_terminal(environment, workplace, "--epochs", "3", flag)
    assert shown == ""


def test_a_terminal_is_told_why_the_first_training_takes_long(environment, workplace, tmp_path):
    job = ("--epochs", "3", "--kernels", "compiled", "--hidden", "4,4")
    told = []
    for folder, more in (("one", []), ("one", []), ("two", ["-q"])):
        environment["NUMBA_CACHE_DIR"] = str(tmp_path / folder)
        _, shown = on_a_terminal(environment, workplace, *job, *more)
        told.append("Note: compiling kernels of this job" in shown)
    assert told == [True, False, False]


def test_gradient_norms_are_in_the_json_lines_that_ask_for_them(train):
    first = json.loads(train("--json", "--gradient-norms").out.splitlines()[0])
    assert first["gradient_norms"].keys() == {"data", "l2@dense1"}
    assert "gradient_norms" not in json.loads(train("--json").out.splitlines()[0])
    assert train("--gradient-norms").err == (
        "Note: gradient norms are shown by --json and kept by --out\n"
    )


def test_json_shows_the_factors_of_schedules_where_there_are_any(train):
    without = train("--json", "--reg", "l2=1e-3")
    assert "factors" not in json.loads(without.out.splitlines()[0])
    with_one = train("--json", "--reg", "l2=1e-3,schedule=warmup:4", "--reg", "l1=1e-3@biases")
    epochs = [json.loads(line) for line in with_one.out.splitlines()][:-1]
    assert epochs
    assert [one["factors"] for one in epochs] == [{"l2": one["epoch"] / 4} for one in epochs]
