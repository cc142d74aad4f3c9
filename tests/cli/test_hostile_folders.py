"""A run's folder that somebody else made can neither hold a command up nor lead it elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sys
import warnings

import pytest
from made_runs import edit_settings, made_run

from regkit.cli import main
from regkit.runs.folder import FILES, LOCK

COMMANDS = {
    "resume": ["resume", "run", "--epochs", "9"],
    "verify": ["verify", "run"],
    "evaluate": ["evaluate", "run"],
    "predict": ["predict", "run", "rows.csv"],
    "plot": ["plot", "run"],
    "train": ["train", "--samples", "5", "--epochs", "2", "--out", "run", "--force"],
}


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # The length of a socket's path is limited.


def make_link(path):
    path.symlink_to("../secret")


def make_dangling_link(path):
    path.symlink_to("../new")


KINDS = {
    "pipe": os.mkfifo,
    "socket": make_socket,
    "link": make_link,
    "dangling": make_dangling_link,
    "folder": os.mkdir,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run's folder as it should be."""
    path = tmp_path_factory.mktemp("whole") / "run"
    made_run(path, epochs=6, log_every=2)
    return path


@pytest.fixture
def here(whole, workplace, monkeypatch, capsys):
    """A copy of the run, with a file beside it; runs commands in this process."""
    shutil.copytree(whole, workplace / "run")
    (workplace / "secret").write_text("secret")
    (workplace / "rows.csv").write_text("x1,x2\n0,0\n1,1\n")
    monkeypatch.chdir(workplace)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["regkit", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().err

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*FILES, LOCK])
def test_what_is_no_file_is_refused_by_every_command_at_once(here, workplace, name, kind):
    path = workplace / "run" / name
    path.unlink(missing_ok=True)
    KINDS[kind](path)
    before = everything(workplace)
    for arguments in COMMANDS.values():
        code, err = here(*arguments)
        assert code == 2, arguments
        (line,) = err.splitlines()
        assert line.startswith(f"Error: run/{name} is a"), arguments
        assert line.endswith(", not a regular file")
    assert everything(workplace) == before


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_so_it_is_by_a_process_which_would_hang_otherwise(whole, workplace, regkit, arguments):
    shutil.copytree(whole, workplace / "run")
    (workplace / "rows.csv").write_text("x1,x2\n0,0\n1,1\n")
    (workplace / "run" / "metrics.jsonl").unlink()
    os.mkfifo(workplace / "run" / "metrics.jsonl")
    outcome = regkit(*arguments)
    assert outcome.code == 2
    assert outcome.error == "run/metrics.jsonl is a named pipe, not a regular file"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_of_pictures_that_is_elsewhere_is_left_alone(here, workplace, command):
    (workplace / "elsewhere").mkdir()
    (workplace / "elsewhere" / "losses.png").write_text("mine")
    (workplace / "run" / "plots").symlink_to("../elsewhere")
    code, err = here(*COMMANDS[command])
    assert code == 2
    assert err == "Error: run/plots is a symbolic link, not a folder\n"
    assert everything(workplace / "elsewhere") == {"losses.png": b"mine"}


@pytest.mark.parametrize("kind", ["pipe", "link", "dangling"])
def test_a_picture_is_written_to_a_file_only(here, workplace, kind):
    (workplace / "run" / "plots").mkdir()
    KINDS[kind](workplace / "run" / "plots" / "losses.png")
    before = everything(workplace)
    code, err = here("plot", "run")
    assert code == 2
    assert "run/plots/losses.png is a" in err
    assert everything(workplace) == before


@pytest.mark.parametrize("kind", ["pipe", "link", "dangling"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_so_are_predictions(here, workplace, suffix, kind):
    KINDS[kind](workplace / "run" / f"out{suffix}")
    before = everything(workplace)
    code, err = here("predict", "run", "rows.csv", "--out", f"run/out{suffix}", "--force")
    assert code == 2
    what = "named pipe" if kind == "pipe" else "symbolic link"
    assert err.splitlines()[-1] == f"Error: run/out{suffix} is a {what}, not a regular file"
    assert everything(workplace) == before


def test_a_link_to_the_folder_itself_is_followed(here, workplace):
    (workplace / "run").rename(workplace / "moved")
    (workplace / "run").symlink_to("moved")
    for command, arguments in COMMANDS.items():
        code, err = here(*arguments)
        assert code == 0, (command, err)


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder"])
def test_settings_are_read_from_a_file_only(here, workplace, kind):
    KINDS[kind](workplace / "settings.toml")
    code, err = here("train", "settings.toml")
    assert code == 2
    assert err.startswith("Error: settings.toml ")


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("config.toml", "is damaged: it has 1099511627776 bytes"),
        ("manifest.json", "is damaged: it has 1099511627776 bytes"),
        ("preparation.json", "is damaged: it has 1099511627776 bytes"),
        ("metrics.jsonl", "is damaged: it has 1099511627776 bytes"),
        ("last.safetensors", "GB of memory"),
        ("best.safetensors", "GB of memory"),
    ],
)
def test_a_file_of_a_terabyte_is_not_read(here, workplace, name, complaint):
    """It takes no space: it is one hole."""
    with (workplace / "run" / name).open("wb") as file:
        file.truncate(2**40)
    code, err = here("verify", "run")
    assert code == 2
    (line,) = err.splitlines()
    assert line.startswith(f"Error: run/{name} ")
    assert complaint in line


@pytest.mark.parametrize(
    "line", ['{"epoch": 1}', "null", "[]", "{", '{"epoch": "x"}', "1e400", "\x00", "9" * 5000]
)
@pytest.mark.parametrize("command", ["resume", "verify", "plot"])
def test_a_damaged_record_is_named(here, workplace, command, line):
    with (workplace / "run" / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    code, err = here(*COMMANDS[command])
    assert code == 2
    assert "run/metrics.jsonl, line 5 is not a record of a run" in err.splitlines()[-1]


@pytest.mark.parametrize(
    "change",
    [
        {"identity": 1},
        {"files": []},
        {"files": {"config.toml": "x"}},
        {"versions": None},
        {"plugins": {"l2": 3}},
        {"kernels": "cuda"},
        {"data": 1},
        {"blas": []},
    ],
    ids=str,
)
def test_a_manifest_of_another_form_is_no_fault_of_regkits(here, workplace, change):
    path = workplace / "run" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    for command in ("resume", "verify"):
        code, err = here(*COMMANDS[command])
        assert code == 2
        (line,) = err.splitlines()
        assert line.startswith("Error: ")


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        ("1000000000000", "parameters"),
        (", ".join(["8"] * 100_000), "--hidden has 100000 layers: give 1000 at most"),
    ],
    ids=["wide", "deep"],
)
def test_settings_of_a_folder_cannot_ask_for_all_memory(here, workplace, hidden, words):
    settings = (workplace / "run" / "config.toml").read_text()
    (old,) = re.findall(r"^hidden = \[[^]]*\]", settings, re.MULTILINE)
    edit_settings(workplace / "run", old, f"hidden = [{hidden}]")
    for command in ("resume", "verify", "evaluate", "predict", "plot"):
        code, err = here(*COMMANDS[command])
        assert code == 2, command
        assert words in err.splitlines()[-1], command
