"""Shell completion, through the door that the shell uses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def complete(regkit):
    """What bash is offered after these words, the last of which is being typed."""

    def run(*words: str, **variables: str) -> list[str]:
        outcome = regkit(
            _REGKIT_COMPLETE="bash_complete",
            COMP_WORDS=" ".join(("regkit", *words)),
            COMP_CWORD=str(len(words)),
            **variables,
        )
        assert outcome.code == 0, outcome.err
        return [line.partition(",")[2] for line in outcome.out.splitlines() if line]

    return run


@pytest.mark.parametrize("words", [("train", "--reg"), ("plugins", "show")], ids=" ".join)
def test_names_come_from_metadata(site, complete, words):
    site.install("regkit-huber", {"l_huber": "nowhere:Huber"})
    site.install("regkit-rival", {"l1": "nowhere:L1"})
    offered = complete(*words, "l")
    assert {"l1", "l2", "l_huber"} <= set(offered)
    assert "elastic_net" not in offered
    assert complete(*words, "regkit-r") == ["regkit-rival/l1"]


def test_what_may_not_be_used_is_not_offered(site, complete):
    site.install("regkit-huber", {"huber": "nowhere:Huber"})
    assert complete("train", "--reg", "hu") == ["huber"]
    assert complete("train", "--reg", "hu", REGKIT_PLUGINS="none") == []


@pytest.fixture
def folder(workplace):
    """Tables, a settings file, a run, and things that are neither."""
    for name in ("a.csv", "sp.NPZ", "run.toml", "notes.md", ".hidden.csv", "data/b.parquet"):
        path = workplace / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (workplace / "runs" / "iris").mkdir(parents=True)
    (workplace / "runs" / "iris" / "config.toml").touch()
    (workplace / "runs" / "empty").mkdir()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("train", "sp"), ["spiral", "sp.NPZ"]),
        (("train", "sklearn:d"), ["sklearn:diabetes", "sklearn:digits"]),
        (("train", "a"), ["a.csv"]),
        (("train", "r"), ["run.toml", "runs/"]),
        (("train", "data"), ["data/b.parquet"]),
        (("train", "run.toml", "v"), ["vertical"]),
        (("train", "n"), []),
        (("train", "."), [".hidden.csv"]),
        (("train", "nowhere/"), []),
        (("train", "--test", "s"), ["sp.NPZ"]),
        (("train", "--val-file", "data/"), ["data/b.parquet"]),
        (("plot", "runs/"), ["runs/empty/", "runs/iris"]),
        (("plot", "runs/i"), ["runs/iris"]),
        (("plot", "a"), []),
        (("resume", "runs/i"), ["runs/iris"]),
        (("evaluate", "runs/iris", "da"), ["data/b.parquet"]),
        (("predict", "runs/iris", "sklearn:i"), ["sklearn:iris"]),
        (("verify", "runs/"), ["runs/empty/", "runs/iris"]),
    ],
)
def test_data_files_and_runs_are_offered(complete, words, offered):
    assert complete(*words) == offered


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("sklearn", ":", "i"), ["iris"]),
        (("sklearn", ":"), ["breast_cancer", "diabetes", "digits", "iris", "wine"]),
    ],
)
def test_a_colon_is_a_word_to_bash_which_completes_what_follows(complete, words, offered):
    assert complete("train", *words) == offered


def test_without_a_word_all_data_are_offered(complete):
    offered = complete("train", "")
    assert offered[:4] == ["spiral", "vertical", "sine", "sklearn:breast_cancer"]


def test_choices_and_commands_are_offered(complete):
    assert complete("train", "--optimizer", "ad") == ["adagrad", "adam"]
    assert "plugins" in complete("pl")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(regkit, shell):
    outcome = regkit(_REGKIT_COMPLETE=f"{shell}_source")
    assert outcome.code == 0
    assert "_REGKIT_COMPLETE" in outcome.out


def test_bash_runs_the_script_and_gets_the_words(environment, workplace):
    (workplace / "sp.csv").touch()
    script = """
        eval "$(_REGKIT_COMPLETE=bash_source regkit)"
        COMP_WORDS=(regkit train sp) COMP_CWORD=2
        _regkit_completion regkit
        echo "${COMPREPLY[@]}"
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    done = subprocess.run(
        ["bash", "-c", script],
        env=environment | {"PATH": path},
        cwd=workplace,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["spiral", "sp.csv"]
    assert done.stderr == ""
