"""A study's folder survives kills, and refuses what is not its own."""

import json
import os
from dataclasses import replace

import pytest

from regkit.errors import InputError
from regkit.studies.folder import StudyFolder, plain
from regkit.studies.plan import StudyPlan
from regkit.studies.task import Outcome

PLAN = StudyPlan("compare", {"seeds": [0, 1]}, {"epochs": 3})
TASKS = {
    "a": [{"arm": "ünï", "score": 0.1 + 0.2}],
    "b": [{"at": 1, "score": 1.5}, {"at": 2, "score": float("nan")}, {"at": 3, "score": 2.0}],
    "c": [{"arm": "c", "failed": "why\nnot"}],
}


def outcome(key):
    return Outcome(key, TASKS[key], 0.25, "machine")


def complete(path, order="abc"):
    with StudyFolder.opened(path, PLAN) as folder:
        for key in order:
            if key not in folder.finished:
                folder.add(outcome(key))
        folder.complete("abc", {"winner": "a"})
    return {name: (path / name).read_bytes() for name in ("plan.toml", "rows.jsonl", "result.json")}


def test_the_order_in_which_tasks_finish_changes_nothing(tmp_path):
    assert complete(tmp_path / "1") == complete(tmp_path / "2", "cab") == complete(tmp_path / "1")


def test_a_study_that_has_grown_keeps_its_rows_and_is_not_complete(tmp_path):
    plan = replace(PLAN, options={"trials": 2}, growing="trials")
    with StudyFolder.opened(tmp_path, plan) as folder:
        for key in "abc":
            folder.add(outcome(key))
        folder.complete("abc", {})
    with StudyFolder.opened(tmp_path, plan):
        assert (tmp_path / "result.json").exists()
    larger = replace(plan, options={"trials": 3})
    with StudyFolder.opened(tmp_path, larger) as folder:
        assert set(folder.finished) == set("abc")
    assert not (tmp_path / "result.json").exists()
    assert (tmp_path / "plan.toml").read_text() == larger.to_toml()


def test_rows_hold_no_times_and_no_machines(tmp_path):
    files = complete(tmp_path)
    assert b"machine" not in files["rows.jsonl"] + files["result.json"]
    timings = [json.loads(line) for line in (tmp_path / "timings.jsonl").read_text().splitlines()]
    assert timings == [{"task": key, "seconds": 0.25, "host": "machine"} for key in "abc"]
    rows = [json.loads(line) for line in files["rows.jsonl"].decode().splitlines()]
    assert rows[0] == {"task": "a", "arm": "ünï", "score": 0.1 + 0.2}
    assert rows[2] == {"task": "b", "of": 3, "at": 2, "score": None}


def test_a_kill_after_any_byte_leaves_a_study_that_ends_with_the_same_bytes(tmp_path):
    expected = complete(tmp_path / "whole")
    rows = expected["rows.jsonl"]
    for length in range(len(rows) + 1):
        path = tmp_path / str(length)
        path.mkdir()
        (path / "plan.toml").write_bytes(expected["plan.toml"])
        (path / "rows.jsonl").write_bytes(rows[:length])
        with StudyFolder.opened(path, PLAN) as folder:
            kept = set(folder.finished)
        # Rows of a task count together or not at all.
        ends = {key: rows.rindex(f'"task": "{key}"'.encode()) for key in TASKS}
        assert kept == {key for key, at in ends.items() if rows[at:].index(b"\n") + at < length}
        assert complete(path) == expected


def test_a_kill_after_any_byte_of_a_timing_leaves_whole_lines(tmp_path):
    complete(tmp_path / "whole")
    timings = (tmp_path / "whole/timings.jsonl").read_bytes()
    for length in range(len(timings) + 1):
        path = tmp_path / str(length)
        path.mkdir()
        (path / "plan.toml").write_text(PLAN.to_toml())
        (path / "timings.jsonl").write_bytes(timings[:length])
        with StudyFolder.opened(path, PLAN) as folder:
            folder.add(outcome("c"))
        lines = (path / "timings.jsonl").read_bytes().splitlines()
        assert [json.loads(line)["task"] for line in lines][-1] == "c"
        complete(path)
        assert (path / "timings.jsonl").read_bytes() == timings


def test_what_a_kill_left_unfinished_is_removed(tmp_path):
    expected = complete(tmp_path)
    (tmp_path / ".regkit-0123456789abcdef.new").write_text("half a fi")
    assert complete(tmp_path) == expected
    assert not list(tmp_path.glob(".regkit-*"))


def test_rows_are_the_same_now_and_after_a_resumption(tmp_path):
    given = [{"score": float("nan"), "pair": (1, float("inf")), "by_seed": {3: 1.5}}]
    with StudyFolder.opened(tmp_path, PLAN) as folder:
        folder.add(Outcome("k", given, 0.0, ""))
        now = folder.finished["k"]
    with StudyFolder.opened(tmp_path, PLAN) as folder:
        assert folder.finished["k"] == now
    assert now == [{"score": None, "pair": [1, None], "by_seed": {"3": 1.5}}]


def test_another_plan_is_refused_and_nothing_is_written(tmp_path):
    complete(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    other = StudyPlan("compare", {"seeds": [0, 2]}, {"epochs": 3})
    with pytest.raises(InputError, match=r"study.seeds was \[0, 1\], now it is \[0, 2\]; choose"):
        StudyFolder.opened(tmp_path, other).__enter__()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_a_check_refuses_stays_as_it_was(tmp_path):
    plan = replace(PLAN, options={"trials": 2}, growing="trials")
    with StudyFolder.opened(tmp_path, plan) as folder:
        folder.add(outcome("a"))
        folder.complete("a", {})
        folder.run.mkdir()
        (folder.run / "config.toml").write_text("")
        assert folder.is_complete
    (tmp_path / ".regkit-0123456789abcdef.new").write_text("half a fi")
    with (tmp_path / "rows.jsonl").open("a") as rows:
        rows.write('{"task": "half a r')
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    seen = []

    def refuse(folder):
        seen.append((set(folder.finished), folder.is_complete))
        raise InputError("it does not fit")

    for trials in (2, 3):
        larger = replace(plan, options={"trials": trials})
        with pytest.raises(InputError, match="it does not fit"):
            StudyFolder.opened(tmp_path, larger, refuse).__enter__()
        assert {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()} == before
    assert seen == [({"a"}, True), ({"a"}, False)]
    (tmp_path / "rows.jsonl").write_text("no row\n")
    with pytest.raises(InputError, match="line 1 is not JSON"):
        StudyFolder.opened(tmp_path, larger).__enter__()
    assert (tmp_path / "plan.toml").read_bytes() == before["plan.toml"]
    assert (tmp_path / "result.json").exists()


def test_what_is_no_study_is_refused(tmp_path):
    def refuse(path, message):
        with pytest.raises(InputError, match=message):
            StudyFolder.opened(path, PLAN).__enter__()

    (tmp_path / "file").write_text("")
    refuse(tmp_path / "file", "is a file, not a folder")
    for name, content, message in [
        ("config.toml", "", "holds a run"),
        ("rows.jsonl", "", "without its plan"),
        ("result.json", "", "without its plan"),
        ("timings.jsonl", "", "without its plan"),
        ("plan.toml", "= 3", "is not the plan of a study"),
        ("run", "", "is not a folder: the winner's run is saved there"),
    ]:
        path = tmp_path / name.replace(".", "-")
        path.mkdir()
        (path / name).write_text(content)
        refuse(path, message)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "plan.toml").write_text("x = " + "[" * 50_000)
    refuse(tmp_path / "deep", "is not the plan of a study")
    for name, line, message in [
        ("garbage", "x\n", "line 1 is not JSON"),
        ("list", '{"task": ["a"]}\n', "line 1 is not a row"),
        ("number", "3\n", "line 1 is not a row of a study"),
        ("keyless", "{}\n", "line 1 is not a row"),
    ]:
        path = tmp_path / name
        path.mkdir()
        (path / "plan.toml").write_text(PLAN.to_toml())
        (path / "rows.jsonl").write_text(line)
        refuse(path, message)


def test_links_and_pipes_in_place_of_files_are_refused(tmp_path):
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "plan.toml").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "piped").mkdir()
    os.mkfifo(tmp_path / "piped" / "rows.jsonl")
    (tmp_path / "winner").mkdir()
    (tmp_path / "winner" / "run").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / ".lock").symlink_to(tmp_path / "elsewhere")
    for name in ("linked", "piped", "winner", "locked"):
        with pytest.raises(InputError):
            StudyFolder.opened(tmp_path / name, PLAN).__enter__()
    assert not (tmp_path / "elsewhere").exists()


def test_only_one_process_works_on_a_study(tmp_path):
    with (
        StudyFolder.opened(tmp_path, PLAN),
        pytest.raises(InputError, match="another process is at work"),
    ):
        StudyFolder.opened(tmp_path, PLAN).__enter__()


def test_it_is_complete_once_there_is_a_result_and_a_run(tmp_path):
    complete(tmp_path)
    with StudyFolder.opened(tmp_path, PLAN) as folder:
        assert not folder.is_complete
        folder.run.mkdir()
        (folder.run / "config.toml").write_text("")
        assert folder.is_complete


def test_numbers_that_json_lacks_become_null():
    assert plain({"a": [float("inf"), 1.0], "b": (float("nan"),)}) == {
        "a": [None, 1.0],
        "b": [None],
    }
