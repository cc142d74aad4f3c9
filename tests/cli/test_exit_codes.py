"""How the command ends when something stops it: 1, 2, 3, 130 or 143, and one line.

Covers: regkit/__main__.py, regkit/cli/__init__.py
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys

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
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
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


@pytest.mark.parametrize("arguments", [["plugins", "list"], ENDLESS])
def test_a_reader_that_goes_away_gets_no_traceback(environment, workplace, arguments):
    with subprocess.Popen(
        [sys.executable, "-m", "regkit", *arguments],
        env=environment,
        cwd=workplace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(timeout=60)
    assert errors == b""
