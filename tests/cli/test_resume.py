"""`regkit train --out`, `resume` and `evaluate`, as processes.

Covers: regkit/cli/evaluate.py, regkit/cli/reporters.py, regkit/cli/train.py
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from importlib.metadata import version

import pytest
from plugin_sources import HUBER

SHORT = ["--samples", "20", "--epochs", "6", "--log-every", "2", "--out", "run"]
LONGER = ["--samples", "20", "--hidden", "8", "--epochs", "12000", "--log-every", "500"]

FILES = ("last.safetensors", "best.safetensors", "metrics.jsonl")


@pytest.fixture
def process(environment, workplace):
    """Starts `regkit train`, or another command, and waits for its first two records."""
    started = []

    def start(*arguments, command="train"):
        running = subprocess.Popen(
            [sys.executable, "-m", "regkit", command, *arguments, "--json"],
            env=environment,
            cwd=workplace,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A test run in the background would hand down an ignored SIGINT.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        started.append(running)
        assert all(running.stdout.readline() for _ in range(2))
        return running

    yield start
    for running in started:
        running.kill()
        running.communicate()


def contents(folder):
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture
def unbroken(regkit, workplace):
    """The files of a run that nothing interrupted."""
    assert regkit("train", *LONGER, "--out", "unbroken", "-q").code == 0
    return contents(workplace / "unbroken")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_the_resumed_run_is_the_unbroken_one(
    process, regkit, workplace, unbroken, sent, code
):
    running = process(*LONGER, "--out", "run")
    running.send_signal(sent)
    _, err = running.communicate(timeout=60)
    assert running.returncode == code
    (line,) = err.splitlines()
    assert line.startswith(f"{sent.name} after epoch ")
    assert line.endswith("go on with: regkit resume run")
    assert contents(workplace / "run") != unbroken
    resumed = regkit("resume", "run", "--json")
    assert resumed.code == 0
    assert contents(workplace / "run") == unbroken
    assert json.loads(resumed.out.splitlines()[-1])["event"] == "end"


def test_a_resumed_run_that_is_interrupted_again_says_how_to_go_on(process, regkit):
    assert regkit("train", *LONGER, "--epochs", 1000, "--out", "run").code == 0
    running = process("run", "--epochs", "99999999", command="resume")
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err.splitlines()[-1].endswith("go on with: regkit resume run")


def test_a_second_signal_ends_it_at_once(process, workplace):
    running = process("--samples", "20000", "--epochs", "99999", "--log-every", "1", "--out", "run")
    running.send_signal(signal.SIGINT)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode in (130, 143)
    assert (workplace / "run" / "config.toml").exists()


def test_two_trainings_into_one_folder(process, regkit):
    process("--samples", "20", "--epochs", "99999999", "--log-every", "10", "--out", "run")
    for second in (["train", *SHORT, "--force"], ["resume", "run"]):
        outcome = regkit(*second)
        assert outcome.code == 2
        assert outcome.error == "another training is writing to run"


def test_a_run_is_not_overwritten_unless_forced(regkit, workplace):
    assert regkit("train", *SHORT).code == 0
    before = contents(workplace / "run")
    refused = regkit("train", *SHORT, "--seed", 1)
    assert refused.code == 2
    assert "run holds a run: go on with `regkit resume run`" in refused.error
    assert contents(workplace / "run") == before
    assert regkit("train", *SHORT, "--seed", 1, "--force").code == 0
    assert contents(workplace / "run") != before


@pytest.mark.parametrize(("asked", "recorded"), [("auto", 1), (2, 2)])
def test_the_number_of_threads_is_recorded(regkit, workplace, asked, recorded):
    assert regkit("train", *SHORT, "--threads", asked, OPENBLAS_NUM_THREADS="2").code == 0
    manifest = json.loads((workplace / "run" / "manifest.json").read_text())
    assert manifest["blas"]["threads"] == recorded


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--batch-size", 50, "--activation", "tanh"),
        ("--hidden", "8,8", "--reg", "elastic_net=1e-3", "--gradient-norms"),
    ],
)
def test_compiled_kernels_are_recorded_and_resumed_to_the_bit(regkit, workplace, options):
    compiled = ("--kernels", "compiled", *options)
    assert regkit("train", *SHORT, *compiled).code == 0
    unbroken = contents(workplace / "run")
    assert regkit("train", *SHORT, *compiled, "--epochs", 4, "--force").code == 0
    assert regkit("resume", "run", "--epochs", 6).code == 0
    assert contents(workplace / "run")["last.safetensors"] == unbroken["last.safetensors"]
    manifest = json.loads((workplace / "run" / "manifest.json").read_text())
    assert manifest["versions"]["numba"] == version("numba")


def test_kernels_come_from_the_manifest_or_the_run_is_refused(regkit, workplace, site):
    assert regkit("train", *SHORT, "--kernels", "compiled").code == 0
    assert "nothing differs in 4 records" in regkit("verify", "run").out
    (site.folder / "numba.py").write_text("raise ImportError('no numba here')")
    before = contents(workplace / "run")
    for command in (["verify", "run"], ["resume", "run", "--epochs", 8]):
        refused = regkit(*command)
        assert refused.code == 2
        assert "need numba, which cannot be imported (no numba here)" in refused.error
    assert contents(workplace / "run") == before


def test_a_finished_run_is_left_as_it_is(regkit, workplace):
    assert regkit("train", *SHORT).code == 0
    before = contents(workplace / "run")
    outcome = regkit("resume", "run")
    assert (outcome.code, outcome.out) == (0, "")
    assert "run is finished after 6 epochs" in outcome.err
    assert contents(workplace / "run") == before


def test_a_run_without_a_checkpoint_starts_again(regkit, workplace):
    assert regkit("train", *SHORT).code == 0
    before = contents(workplace / "run")
    for name in FILES:
        (workplace / "run" / name).unlink()
    assert regkit("resume", "run").code == 0
    assert contents(workplace / "run") == before


def test_fewer_epochs_are_refused(regkit):
    assert regkit("train", *SHORT).code == 0
    outcome = regkit("resume", "run", "--epochs", 3)
    assert outcome.code == 2
    assert "the run has 6 epochs" in outcome.error


@pytest.mark.parametrize("command", ["resume", "verify", "evaluate"])
@pytest.mark.parametrize("kind", ["absent", "empty", "file"])
def test_what_is_no_run_is_refused_by_name(regkit, workplace, command, kind):
    if kind == "empty":
        (workplace / "it").mkdir()
    if kind == "file":
        (workplace / "it").write_text("")
    outcome = regkit(command, "it")
    assert outcome.code == 2
    assert outcome.error.startswith("it is not the folder of a run")


DAMAGES = {
    "config.toml": [b"", b"epochs = 'six'", b"=", b"\xff", b"unknown = 1"],
    "manifest.json": [b"", b"{}", b"[]", b"\xff", b"{"],
    "last.safetensors": [b"", b"PK\x03\x04", b"\x80\x04K\x01."],
    "metrics.jsonl": [b"no json\n", b"\xff\n"],
}


@pytest.mark.parametrize(
    ("name", "content"), [(name, one) for name, all_ in DAMAGES.items() for one in all_]
)
def test_a_damaged_file_is_named_and_nothing_is_changed(regkit, workplace, name, content):
    assert regkit("train", *SHORT).code == 0
    (workplace / "run" / name).write_bytes(content)
    before = {path.name: path.read_bytes() for path in (workplace / "run").iterdir()}
    outcome = regkit("resume", "run", "--epochs", 9)
    if (name, content) == ("config.toml", b""):
        # An empty file of settings is a file of defaults, whose network has other layers.
        assert outcome.code == 2
        return
    assert outcome.code == 2
    assert name in outcome.error
    assert {path.name: path.read_bytes() for path in (workplace / "run").iterdir()} == before


def test_a_plugin_file_is_asked_for_again_but_not_needed_to_evaluate(regkit, workplace, site):
    site.install("unused", {}, huber=HUBER)
    (workplace / "huber.py").write_text((site.folder / "huber.py").read_text())
    flags = ["--plugin-file", "huber.py"]
    assert regkit("train", *SHORT, "--reg", "huber=1e-3", *flags).code == 0
    for command in (["resume", "run", "--epochs", 9], ["verify", "run"]):
        outcome = regkit(*command)
        assert outcome.code == 2
        assert "give --plugin-file huber.py again" in outcome.error
        assert regkit(*command, *flags).code == 0
    (workplace / "huber.py").unlink()
    assert regkit("evaluate", "run").code == 0


def test_a_plugin_that_is_gone_is_named_but_not_needed_to_evaluate(regkit, site):
    site.install("regkit-huber", {"huber": "regkit_huber:Huber"}, regkit_huber=HUBER)
    assert regkit("train", *SHORT, "--reg", "huber=1e-3").code == 0
    for path in sorted(site.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    outcome = regkit("resume", "run", "--epochs", 9)
    assert outcome.code == 2
    assert "run needs regkit-huber 1.0, which is not installed" in outcome.error
    assert regkit("evaluate", "run").code == 0


def test_a_full_disk_keeps_the_last_good_checkpoint(regkit, workplace, environment):
    assert regkit("train", *SHORT, "--hidden", "400").code == 0
    before = (workplace / "run" / "last.safetensors").read_bytes()
    limit = len(before) // 2
    done = subprocess.run(
        [sys.executable, "-m", "regkit", "resume", "run", "--epochs", "9"],
        env=environment,
        cwd=workplace,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 2
    assert "cannot save run/last.safetensors: File too large" in done.stderr
    assert (workplace / "run" / "last.safetensors").read_bytes() == before
    assert regkit("resume", "run", "--epochs", 9).code == 0


def test_patience_stops_on_the_data_loss_and_says_what_the_penalized_loss_would_have_done(regkit):
    outcome = regkit(
        *["train", "--samples", "50", "--epochs", "3000", "--log-every", "10", "--out", "run"],
        *["--patience", "60", "--reg", "l2=0.05", "--json"],
    )
    assert outcome.code == 0
    end = json.loads(outcome.out.splitlines()[-1])
    assert end["epochs"] < 3000
    at = end["epochs"] - 1
    stopped = f"Note: stopped at epoch {at}: the validation data loss has not improved since epoch"
    assert f"{stopped} {at - 60}\n" in outcome.err


@pytest.mark.parametrize("more", [[], ["--epochs", "5000"]])
def test_a_run_that_patience_stopped_is_left_as_it_is(regkit, workplace, more):
    flags = ["--samples", "50", "--epochs", "3000", "--patience", "60", "--reg", "l2=0.05"]
    assert regkit("train", *flags, "--log-every", "1000", "--out", "run").code == 0
    before = {path.name: path.read_bytes() for path in (workplace / "run").iterdir()}
    again = regkit("resume", "run", *more)
    assert (again.code, again.out) == (0, "")
    assert "run is finished: --patience 60 stopped it at epoch " in again.err
    assert "more epochs would not change that" in again.err
    assert {path.name: path.read_bytes() for path in (workplace / "run").iterdir()} == before
    assert regkit("verify", "run").code == 0


def test_min_delta_without_patience_is_refused(regkit):
    outcome = regkit("train", "--epochs", 2, "--min-delta", 0.1)
    assert outcome.code == 2
    assert outcome.error == "--min-delta applies only with --patience: give both, or neither"


@pytest.mark.parametrize("log_every", [1, 10, 100_000])
def test_the_best_weights_are_those_of_the_lowest_loss_whatever_is_logged(
    regkit, workplace, log_every
):
    flags = ["--samples", "30", "--epochs", "900", "--reg", "none", "--out", "run"]
    outcome = regkit("train", *flags, "--log-every", log_every, "--json")
    best = json.loads(outcome.out.splitlines()[-1])["best"]
    measured = json.loads(regkit("evaluate", "run", "--json").out)
    assert (measured["weights"], measured["epoch"]) == ("best.safetensors", best["epochs"])
    assert measured["loss"] == best["validation"]["loss"]
    every = regkit("train", *flags, "--log-every", 1, "--force", "-q")
    assert every.code == 0
    lines = (workplace / "run" / "metrics.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    losses = [one["validation"]["data_loss"] for one in records]
    last = json.loads(regkit("evaluate", "run", "--weights", "last", "--json").out)
    assert best["validation"]["loss"] == min(*losses, last["loss"])
    assert min(losses) < last["loss"]


def test_the_trained_weights_are_the_best_of_a_run_shorter_than_log_every(regkit):
    flags = ["sklearn:iris", "--epochs", "90", "--out", "run", "--json"]
    end = json.loads(regkit("train", *flags).out.splitlines()[-1])
    found = json.loads(regkit("evaluate", "run", "--json").out)
    assert found["accuracy"] > 0.9
    assert found["loss"] <= end["validation"]["loss"]


def test_the_last_lines_say_which_weights_they_measure(regkit):
    flags = ["--samples", "30", "--epochs", "300", "--out", "run"]
    lines = regkit("train", *flags, "--reg", "l1=1e-3").out.splitlines()[-4:]
    assert lines[0].startswith("weights:    the lines below measure the last ones; the best ")
    assert lines[-1].startswith("saved in run; evaluate, predict and plot take the best weights")
    zeroed = regkit("train", *flags, "--reg", "l1=1e-3", "--zero-small", "--force")
    lines = zeroed.out.splitlines()[-4:]
    assert lines[0].startswith("weights:    the lines below measure the zeroed ones; the best ")
    assert "take the zeroed weights" in lines[-1]


def test_zeroing_that_was_cut_off_is_made_up_for_and_a_stale_file_goes(regkit, workplace):
    flags = ["--samples", "30", "--epochs", "300", "--out", "run", "--reg", "l1=1e-3"]
    assert regkit("train", *flags, "--zero-small").code == 0
    zeroed = workplace / "run" / "zeroed.safetensors"
    unbroken = zeroed.read_bytes()
    assert "is finished" in regkit("resume", "run").err
    zeroed.unlink()  # As a kill between the last checkpoint and the zeroing leaves it.
    resumed = regkit("resume", "run")
    assert resumed.code == 0
    assert "exact zeros: " in resumed.out
    assert zeroed.read_bytes() == unbroken
    # Cut off while it is trained further, it must not leave the zeros of the shorter run.
    further = regkit("resume", "run", "--epochs", 400, "--json")
    assert further.code == 0
    found = json.loads(regkit("evaluate", "run", "--json").out)
    assert (found["weights"], found["epoch"]) == ("zeroed.safetensors", 400)


def test_a_refused_resume_leaves_the_zeroed_weights(regkit, workplace):
    flags = ["--samples", "30", "--epochs", "300", "--out", "run", "--reg", "l1=1e-3"]
    assert regkit("train", *flags, "--zero-small").code == 0
    metrics = workplace / "run" / "metrics.jsonl"
    metrics.write_text(metrics.read_text().replace("{", "garbage", 1))
    before = {path.name: path.read_bytes() for path in (workplace / "run").iterdir()}
    assert regkit("resume", "run", "--epochs", 400).code == 2
    assert {path.name: path.read_bytes() for path in (workplace / "run").iterdir()} == before


def test_patience_needs_something_to_validate_on(regkit, workplace):
    (workplace / "t.csv").write_text("a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(40)))
    outcome = regkit(
        "train", "t.csv", "--target", "y", "--val", 0, "--patience", 3, "--epochs", 2, "--hidden", 3
    )
    assert outcome.code == 2
    assert outcome.err.endswith("Error: --patience needs validation data: leave out --val 0\n")


def test_exact_zeros_are_reported_and_kept(regkit):
    outcome = regkit(
        *["train", "--samples", "100", "--epochs", "600", "--log-every", "600", "--out", "run"],
        *["--reg", "l1=2e-3@dense1.weights", "--zero-small", "--json"],
    )
    assert outcome.code == 0
    zeroed, end = map(json.loads, outcome.out.splitlines()[-2:])
    assert zeroed["event"] == "zeroed"
    assert zeroed["zeros_before"] < zeroed["zeros_after"] <= zeroed["candidates"] == 128
    assert zeroed["objective_after"] <= zeroed["objective_before"]
    assert end["event"] == "end"
    assert end["validation"] == zeroed["after"]["validation"]
    measured = json.loads(regkit("evaluate", "run", "--json").out)
    assert measured["weights"] == "zeroed.safetensors"
    assert measured["loss"] == end["validation"]["loss"]


@pytest.mark.parametrize(
    ("cut", "epoch"), [(lambda lines: [], 0), (lambda lines: [lines[0], *lines[2:]], 2)]
)
def test_records_that_are_lost_are_missed(regkit, workplace, cut, epoch):
    assert regkit("train", *SHORT).code == 0
    path = workplace / "run" / "metrics.jsonl"
    path.write_text("".join(cut(path.read_text().splitlines(keepends=True))))
    verified = regkit("verify", "run")
    assert verified.code == 2
    assert f"the first difference is at epoch {epoch}" in verified.out
    resumed = regkit("resume", "run", "--epochs", 8)
    assert resumed.code == 0
    assert f"the first of epoch {epoch}: they are lost" in resumed.err
