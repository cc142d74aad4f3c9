"""What a page says of making things again, done."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import regkit as rk
from regkit.reports.page import instructions
from regkit.studies.saved_study import saved_study


def carried_out(made, folder):
    """Do as the page says, in an empty folder."""
    (folder / made.file_name).write_text(made.file_text)
    for command in made.commands:
        program, *words = shlex.split(command)
        called = {"regkit": [sys.executable, "-m", "regkit"], "python": [sys.executable]}[program]
        subprocess.run([*called, *words], cwd=folder, check=True, capture_output=True)
    return folder / "again"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["comparison", "path_study", "sweep_study", "synthetic_sweep"])
def test_the_command_on_the_page_makes_the_same_study_again(kind, request, tmp_path):
    folder = request.getfixturevalue(kind)
    again = carried_out(instructions.of_study(saved_study(folder)), tmp_path)
    for name in ("rows.jsonl", "result.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.slow
def test_the_commands_on_the_page_make_the_same_run_again(finished_run, tmp_path):
    made = instructions.of_run(finished_run)
    again = carried_out(made, tmp_path)
    assert (again / "metrics.jsonl").read_bytes() == (finished_run / "metrics.jsonl").read_bytes()
    assert ["numpy", __import__("numpy").__version__] in [list(row) for row in made.versions.rows]


@pytest.mark.slow
def test_seeds_that_do_not_count_from_0_are_given_in_python(tmp_path):
    settings = {"data": "spiral", "samples": 10, "hidden": [4], "epochs": 5}
    rk.compare(settings, seeds=[4, 7], workers=1, out=tmp_path / "study")
    made = instructions.of_study(saved_study(tmp_path / "study"))
    assert made.commands[0].startswith("python -c ")
    (tmp_path / "empty").mkdir()
    again = carried_out(made, tmp_path / "empty")
    rows = (tmp_path / "study" / "rows.jsonl").read_bytes()
    assert (again / "rows.jsonl").read_bytes() == rows


@pytest.mark.parametrize("of_study", [rk.compare, rk.sweep])
def test_a_share_of_a_table_is_told_only_where_it_divides_one(of_study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{i % 7},{i % 5},{i % 2}\n" for i in range(40))
    Path("a.csv").write_text(f"x,z,y\n{rows}")
    shared = {"hidden": [], "epochs": 1, "lr": "0.01..0.1" if of_study is rk.sweep else 0.01}
    few = {"trials": 1} if of_study is rk.sweep else {}
    told = {}
    for name, data in {
        "table": {"data": "a.csv", "target": "y"},
        "synthetic": {"data": "spiral", "samples": 20},
        "file": {"data": "a.csv", "target": "y", "test": "a.csv"},
    }.items():
        for seeds in (2, [4, 5]):
            folder = Path(f"{name}-{seeds}")
            of_study({**shared, **data}, seeds=seeds, workers=1, out=folder, **few)
            (command,) = instructions.of_study(saved_study(folder)).commands
            told.setdefault(name, set()).add(
                "--test-share 0.2" in command or "test_share=" in command
            )
    assert told == {"table": {True}, "synthetic": {False}, "file": {False}}


def test_files_of_plugins_are_named(tmp_path, comparison):
    study = saved_study(comparison)
    study.plan["made-with"]["mine.py"] = "0" * 64
    made = instructions.of_study(study)
    assert "--plugin-file mine.py" in made.commands[0]
