"""`regkit sweep`."""

import json
import signal
import subprocess
import sys

import optuna
import pytest
from click.testing import CliRunner

from regkit.cli import cli
from regkit.errors import RegkitError

SMALL = ["--samples", "20", "--epochs", "8", "--hidden", "4", "--seeds", "2", "--workers", "1"]
SEARCH = ["--reg", "l2=1e-5..1e-1@dense1", "--lr", "1e-3..1e-1", "--trials", "4", "--batch", "2"]


def run(*arguments):
    return CliRunner().invoke(cli, ["sweep", *arguments])


def printed(*arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def contents(folder):
    """What must be the same in a study's folder: timings and Optuna's journal hold times."""
    apart = ("timings.jsonl", ".lock", "journal.log")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in apart
    }


def stored_trials(journal):
    """The trials in Optuna's journal without their times."""
    backend = optuna.storages.journal.JournalFileBackend(str(journal))
    storage = optuna.storages.JournalStorage(backend)
    study = optuna.load_study(study_name=None, storage=storage)
    return [(one.number, one.state.name, one.value, one.params) for one in study.trials]


def test_a_table_of_trials_how_they_ended_and_the_best_one(tmp_path):
    lines = printed(*SMALL, *SEARCH, "--out", str(tmp_path / "study")).stdout.splitlines()
    assert lines[0].split() == [
        "trial",
        "l2@dense1",
        "lr",
        "data_loss,",
        "mean",
        "±",
        "SE",
        "test",
        "rows",
    ]
    assert lines[6].startswith("4 trials: ")
    assert lines[7].startswith("best: trial ")
    assert "on test rows, by which nothing was chosen" in lines[8]
    assert lines[-1].startswith(f"saved in {tmp_path / 'study'}; the run of trial ")


def test_json_is_one_object_a_line(tmp_path):
    result = printed(*SMALL, *SEARCH, "--json", "--out", str(tmp_path / "study"))
    events = [json.loads(line) for line in result.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert kinds == ([*["cell"] * 4, "trial", "trial"] * 2) + ["end"]
    trials = [event for event in events if event["event"] == "trial"]
    assert [trial["trial"] for trial in trials] == [0, 1, 2, 3]
    kept = json.loads((tmp_path / "study/result.json").read_text())
    assert {"event": "end", **kept} == events[-1]


def test_a_dry_run_counts_cells_and_does_nothing(tmp_path):
    out = ["--out", str(tmp_path / "study")]
    said = printed(*SMALL, *SEARCH, *out, "--dry-run").stdout
    assert said.startswith("8 cells, 8 trainings: about ")
    assert not (tmp_path / "study").exists()


def test_a_dry_run_refuses_a_storage_as_the_run_would(tmp_path):
    study = ["--out", str(tmp_path / "study"), "--dry-run", "--storage"]
    said = printed(*SMALL, *SEARCH, *study, f"sqlite:///{tmp_path}/trials.db").stdout
    assert said.startswith("8 cells, ")
    for url in ("sqlite:////no/such/folder/t.db", f"sqlite:///{tmp_path}/trials.db?odd=query"):
        refused = run(*SMALL, *SEARCH, *study, url)
        assert isinstance(refused.exception, RegkitError)
        assert str(refused.exception).startswith(f"the storage {url} cannot be used (")
        assert "\n" not in str(refused.exception)
    assert not list(tmp_path.iterdir())


def test_a_flag_overrides_the_file_whichever_of_the_two_is_a_range(tmp_path):
    path = tmp_path / "search.toml"
    path.write_text(
        'samples = 20\nepochs = 5\nreg = ["none"]\nlr = "1e-3..1e-1"\nmomentum = 0.5\n'
        'optimizer = "sgd"\n'
    )
    given = [str(path), "--trials", "1", "--seeds", "1", "--workers", "1", "--json"]
    flags = [
        "--lr",
        "0.25",
        "--momentum",
        "0.1..0.9",
        "--hidden",
        "4..8,4",
        "--batch-size",
        "8..16",
    ]
    *_, end = printed(*given, *flags).stdout.splitlines()
    assert ranges(end) == {"momentum": (0.1, 0.9), "hidden 1": (4, 8), "batch-size": (8, 16)}
    *_, end = printed(*given).stdout.splitlines()
    assert ranges(end) == {"lr": (0.001, 0.1)}


def ranges(end):
    """The ends of each range, by title."""
    return {title: (one["low"], one["high"]) for title, one in json.loads(end)["ranges"].items()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--reg", "l2=1"], "a sweep needs a range, and no number is left open"),
        ([*SEARCH, "--sampler", "tep"], "unknown sampler 'tep': did you mean 'tpe'?"),
        ([*SEARCH, "--samples", "10..20"], "samples: it must be the same in every trial"),
        (
            [*SEARCH, "--optimizer", "sgd..adam"],
            "optimizer: a range LOW..HIGH is for numbers, and this is one of sgd, adagrad, rmsprop",
        ),
        ([*SEARCH, "--lr", "1..0.1"], "command line: lr: 1..0.1 must go from a smaller number"),
        ([*SEARCH, "--hidden", "4..a"], "hidden: 4..a is no range of numbers"),
        ([*SEARCH, "--reg", "l2=1,mode=a..b"], "a range LOW..HIGH is for numbers"),
        ([*SEARCH, "--reg", "l2=auto"], "auto is for regkit path"),
        ([*SEARCH, "--test-share", "0.2"], "spiral is measured on a fresh draw: leave it out"),
        ([*SEARCH, "--storage", "sqlite:///t.db"], "give --out as well"),
        (
            [*SEARCH, "--out", "s", "--storage", "sqlite:////no/such/folder/t.db"],
            "the storage sqlite:////no/such/folder/t.db cannot be used (",
        ),
        ([*SEARCH, "--out", "s", "--storage", "nothing://me:secret@host/db"], "nothing://me:***@"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*SMALL, *arguments)
    assert isinstance(result.exception, RegkitError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)
    assert "secret" not in result.output + str(result.exception)
    assert result.exception.exit_code == 2


def test_a_choice_that_is_no_range_is_bad_usage_as_elsewhere():
    result = run(*SMALL, *SEARCH, "--optimizer", "lion")
    assert result.exit_code == 2
    assert "'lion' is not one of" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--lr", "1e-3..1e-1"], "a range LOW..HIGH of a setting is for regkit sweep"),
        (["--hidden", "4..8"], "a range LOW..HIGH of a setting is for regkit sweep"),
        (["--epochs", "4..8"], "a range LOW..HIGH of a setting is for regkit sweep"),
    ],
)
@pytest.mark.parametrize("command", ["train", "compare", "path"])
def test_other_commands_say_what_a_range_of_a_setting_is_for(command, arguments, message):
    result = CliRunner().invoke(cli, [command, *arguments])
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


def test_a_file_for_training_says_so_too(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text('lr = "1e-3..1e-1"\n')
    result = CliRunner().invoke(cli, ["train", str(path)])
    assert "lr must be a number, got '1e-3..1e-1'; a range LOW..HIGH of a setting is for" in str(
        result.exception
    )


def test_an_existing_folder_with_another_plan_is_refused(tmp_path):
    study = ["--out", str(tmp_path / "study")]
    printed(*SMALL, *SEARCH, *study)
    before = (tmp_path / "study/rows.jsonl").read_bytes()
    again = printed(*SMALL, *SEARCH, *study, "--json").stdout
    assert '"event": "cell"' not in again
    changed = run(*SMALL, *SEARCH, *study, "--sampler", "random")
    assert "study.sampler was 'tpe', now it is 'random'" in str(changed.exception)
    assert changed.exception.exit_code == 2
    assert (tmp_path / "study/rows.jsonl").read_bytes() == before


def test_a_sweep_in_which_nothing_finished_is_an_error():
    arguments = ["--optimizer", "sgd", "--lr", "1e29..1e30", "--reg", "none", "--trials", "1"]
    result = run(*SMALL, *arguments)
    assert "no trial has finished" in str(result.exception)
    assert result.exception.exit_code == 2
    assert "DivergenceError" in result.output


@pytest.mark.slow
def test_the_installed_command_without_optuna_says_what_to_install():
    program = "import sys; sys.modules['optuna'] = None; from regkit.cli import main; main()"
    command = [sys.executable, "-c", program, "sweep", "--lr", "1e-3..1e-1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: a sweep needs optuna, which ")
    assert line.endswith("pip install 'regkit-nn[search]'")
    assert done.stdout == ""


KILLED = ["sweep", "--samples", "30", "--epochs", "600", "--hidden", "8", "--seeds", "4"]
KILLED += [*SEARCH[:4], "--trials", "15", "--batch", "5", "--out", "study", "--json"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The folder of a whole sweep with one worker."""
    folder = tmp_path_factory.mktemp("undisturbed")
    command = [sys.executable, "-m", "regkit", *KILLED, "--workers", "1"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_sweep_that_is_killed_again_and_again_ends_with_the_same_trials(
    number, tmp_path, undisturbed
):
    command = [sys.executable, "-m", "regkit", *KILLED, "--workers", "2"]
    cells, kills = 0, 0
    for lines in (3, 9, 2, 14):
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        seen = 0
        for line in process.stdout:
            seen += '"event": "cell"' in line
            if seen == lines:
                break
        process.send_signal(number)
        rest, said = process.communicate(timeout=60)
        assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
        assert "Traceback" not in said
        cells += seen + rest.count('"event": "cell"')
        kills += 1
    kept = len((tmp_path / "study/rows.jsonl").read_text().splitlines())
    whole = len((undisturbed / "study/rows.jsonl").read_text().splitlines())
    assert kills == 4
    assert cells <= kept < whole
    again = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert again.stdout.count('"event": "cell"') == whole - kept
    assert contents(tmp_path) == contents(undisturbed)
    assert stored_trials(tmp_path / "study/journal.log") == stored_trials(
        undisturbed / "study/journal.log"
    )


def test_flags_in_another_order_mean_the_same_sweep(tmp_path, monkeypatch):
    small = ["--samples", "20", "--epochs", "4", "--seeds", "1", "--workers", "1", "--out", "study"]
    flags = [["--reg", "l2=1e-5..1e-1"], ["--lr", "1e-3..1e-1"], ["--hidden", "4..16,4..16"]]
    one, other = (sum(order, small) for order in (flags, flags[::-1]))
    calls = {"one": [(one, 3)], "other": [(other, 3)], "mixed": [(one, 2), (other, 3), (one, 3)]}
    for name, given in calls.items():
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        for words, trials in given:
            printed(*words, "--trials", str(trials))
    assert (
        contents(tmp_path / "one") == contents(tmp_path / "other") == contents(tmp_path / "mixed")
    )


@pytest.mark.slow
def test_two_workers_and_one_give_the_same_bytes(tmp_path, undisturbed):
    command = [sys.executable, "-m", "regkit", *KILLED, "--workers", "2"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert contents(tmp_path) == contents(undisturbed)
    assert stored_trials(tmp_path / "study/journal.log") == stored_trials(
        undisturbed / "study/journal.log"
    )
