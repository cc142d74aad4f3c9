"""How the command ends when something stops it: 1, 2, 3, 129, 130, 141 or 143, and one line.

Covers: regkit/__main__.py, regkit/cli/__init__.py
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

ENDLESS = ["train", "--samples", "5", "--epochs", "100000000", "--log-every", "100"]
ENDLESS += ["--kernels", "numpy"]  # By itself so long a job would be compiled first.


@pytest.mark.parametrize(
    ("arguments", "term", "advice"),
    [
        (["sine", "--lr", 1e6, "--reg", "none"], "data loss", "lower the learning rate"),
        (["--lr", 1, "--reg", "l2=50"], "l2", "lower its strength"),
        (
            ["--lr", 1, "--reg", "l1=1e-9", "--reg", "l2=50@dense2.weights"],
            "l2@dense2.weights",
            "lower its strength",
        ),
    ],
)
def test_divergence_is_3_and_names_epoch_and_term(train, arguments, term, advice):
    outcome = train(*arguments, "--optimizer", "sgd", "--epochs", 500, "--log-every", 1, "--json")
    records = [json.loads(line) for line in outcome.out.splitlines()]
    assert outcome.code == 3
    assert outcome.error.startswith(
        f"training diverged at epoch {len(records)}: {term} was the first to leave "
    )
    assert advice in outcome.error
    # What was printed before is whole and finite, and no end is claimed.
    assert {record["event"] for record in records} == {"epoch"}
    assert "NaN" not in outcome.out
    assert "Infinity" not in outcome.out


def test_divergence_under_debug_shows_where(train):
    outcome = train("sine", "--optimizer", "sgd", "--lr", 1e9, "--epochs", 500, "--debug")
    assert outcome.code == 3
    assert "DivergenceError" in outcome.err


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["Ctrl-C", "SIGTERM", "SIGHUP"],
)
@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["rows", "json"])
def test_a_signal_ends_a_training_with_its_code(environment, workplace, sent, code, flags):
    with subprocess.Popen(
        [sys.executable, "-m", "regkit", *ENDLESS, *flags],
        env=environment,
        cwd=workplace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background would hand down an ignored SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            assert process.stdout.readline()
            process.send_signal(sent)
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == code
    (line,) = errors.split("\n\n")[-1].strip().splitlines()
    assert line.startswith("Error: ")
    assert "Traceback" not in errors


def run_with(environment, change: str) -> subprocess.CompletedProcess[str]:
    """`regkit plugins list` after a change to regkit itself."""
    modules = "import click\nfrom regkit import cli\nfrom regkit.cli import plugins"
    program = f"{modules}\n{change}\ncli.main()"
    return subprocess.run(
        [sys.executable, "-c", program, "plugins", "list"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_commands_own_exit_code_is_kept(environment):
    done = run_with(
        environment,
        "from regkit.cli.plugins import list_plugins\n"
        "list_plugins.callback = lambda as_json: click.get_current_context().exit(5)",
    )
    assert (done.returncode, done.stderr) == (5, "")


def test_a_fault_of_regkits_own_is_1_and_says_so(environment):
    done = run_with(environment, "plugins.installed = lambda: 1 / 0")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: regkit itself is at fault (ZeroDivisionError: division by zero); "
        "--debug shows where\n"
    )


READ = [
    ["--help"],
    ["--version"],
    ["train", "--help"],
    ["train", "--print-config"],
    ["plugins", "list"],
    ["plugins", "list", "--json"],
    ["plugins", "show", "l2"],
    ["train", "--samples", "5", "--epochs", "2"],
    ["train", "--samples", "5", "--epochs", "2", "--json"],
    ENDLESS,
    [*ENDLESS, "--json"],
    [*ENDLESS, "--out", "run"],
]


@pytest.mark.parametrize("arguments", READ, ids=" ".join)
def test_a_reader_that_goes_away_ends_it_silently(environment, workplace, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "regkit", *arguments],
        env=environment,
        cwd=workplace,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_run_whose_reader_went_away_can_be_resumed(environment, workplace, regkit):
    test_a_reader_that_goes_away_ends_it_silently(
        environment, workplace, ["train", "--samples", "5", "--epochs", "3", "--out", "run"]
    )
    assert regkit("resume", "run").code == 0


@pytest.mark.parametrize("arguments", READ, ids=" ".join)
def test_a_full_disk_behind_stdout_is_one_line(environment, workplace, arguments):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "regkit", *arguments],
            env=environment,
            cwd=workplace,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "Error: cannot write the output: No space left on device\n"


def test_a_file_that_may_not_grow_behind_stdout_is_one_line(environment, workplace):
    with (workplace / "rows").open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "regkit", *ENDLESS],
            env=environment,
            cwd=workplace,
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        )
    assert done.returncode == 2
    assert done.stderr == "Error: cannot write the output: File too large\n"


def test_an_error_that_nobody_can_read_keeps_its_exit_code(environment, workplace):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "regkit", "train", "--reg", "l2=-1"],
            env=environment,
            cwd=workplace,
            stderr=full,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "soft_clip"], "the working directory no longer exists: change to another folder"),
        (["train", "--samples", "5", "--epochs", "2", "--out", "run"], "No such file or directory"),
    ],
)
def test_a_working_directory_that_is_gone_is_one_line(environment, workplace, arguments, words):
    program = f"import os; os.rmdir({os.fspath(workplace)!r}); from regkit.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        cwd=workplace,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert line.endswith(words)


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-5"])
def test_an_encoding_that_lacks_a_character_is_no_error(environment, workplace, encoding):
    variables = environment | {"PYTHONIOENCODING": encoding}
    done = run_in(workplace, variables, "train", "sine", "--samples", "5", "--epochs", "2")
    assert done.stderr == b""
    assert b"training:   R" in done.stdout


TARGET = ["--target", "y", "--out", "run", "--epochs", "9"]


def test_json_is_json_in_every_encoding(environment, workplace):
    """What stdout cannot hold is escaped as JSON does it."""
    rows = "\n".join(f"{row},{'é€𝒳'[row % 3]}" for row in range(30))
    (workplace / "data.csv").write_text(f"x,y\n{rows}\n", encoding="utf-8")
    (workplace / "rows.csv").write_text("x\n0\n1\n2\n")
    assert run_in(workplace, environment, "train", "data.csv", *TARGET)
    found = {}
    for encoding in ("utf-8", "latin-1"):
        done = run_in(
            workplace, environment | {"PYTHONIOENCODING": encoding}, "predict", "run", "rows.csv"
        )
        found[encoding] = [json.loads(line) for line in done.stdout.decode(encoding).splitlines()]
    assert found["latin-1"] == found["utf-8"]
    assert len(found["utf-8"]) == 3


def run_in(folder, environment, *arguments):
    """A process that ends well."""
    done = subprocess.run(
        [sys.executable, "-m", "regkit", *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_backend_that_matplotlib_does_not_know_is_one_line(regkit):
    assert regkit("train", "--samples", 5, "--epochs", 2, "--out", "run").code == 0
    outcome = regkit("plot", "run", MPLBACKEND="nonsense")
    assert outcome.code == 2
    assert outcome.error.startswith("pictures need matplotlib, which cannot be loaded: ")
    assert "MPLBACKEND" in outcome.error


def test_ctrl_c_while_the_command_is_loading_is_130(environment, workplace):
    """click, which is loaded first, is stopped by a real signal to this process."""
    (workplace / "click.py").write_text(
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "signal.pause()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "regkit", "--help"],
        env=environment | {"PYTHONPATH": os.fspath(workplace)},
        cwd=workplace,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "Error: interrupted\n")


def test_what_the_system_refuses_is_no_fault_of_regkits(environment):
    refusal = "plugins.installed = lambda: open('/nowhere/file')"
    done = run_with(environment, refusal)
    assert done.returncode == 2
    assert done.stderr == "Error: /nowhere/file: No such file or directory\n"


def test_under_nohup_a_hang_up_is_ignored(environment, workplace):
    with subprocess.Popen(
        [sys.executable, "-m", "regkit", *ENDLESS],
        env=environment,
        cwd=workplace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    ) as process:
        try:
            assert process.stdout.readline()
            process.send_signal(signal.SIGHUP)
            assert all(process.stdout.readline() for _ in range(20))
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 143
    assert errors == "Error: terminated\n"


def test_a_hang_up_saves_a_run_and_its_terminal_need_not_be_there(environment, workplace, regkit):
    arguments = [*ENDLESS, "--out", "run"]
    leader, follower = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "regkit", *arguments],
        env=environment,
        cwd=workplace,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(follower)
    try:
        shown = b""
        while b"accuracy" not in shown:
            shown += os.read(leader, 1000)
        os.close(leader)  # The terminal is closed: the system sends SIGHUP.
        assert process.wait(timeout=60) == 129
    finally:
        process.kill()
        process.wait()
    assert (workplace / "run" / "config.toml").exists()
    verified = regkit("verify", "run")
    assert verified.code == 0, verified
