"""What the commands of studies say while they go on."""

import json

import pytest

from regkit.cli.study_reporters import study_reporter
from regkit.errors import InputError
from regkit.studies.events import Begun, Finished, Planned, TrialEnded
from regkit.studies.task import Outcome


def finished(*rows):
    return Finished(Outcome("key", list(rows), 0.0, ""))


def said_when_interrupted(events, out, capsys):
    reporter = study_reporter(as_json=False, quiet=True)
    for event in events:
        reporter(event)
    with pytest.raises(KeyboardInterrupt), reporter.telling_how_to_go_on(out):
        raise KeyboardInterrupt
    return capsys.readouterr().err


def kept(count, folder):
    """A folder of a study with the rows of so many tasks, and a part of one more."""
    lines = [json.dumps({"task": str(one)}) + "\n" for one in range(count)]
    (folder / "rows.jsonl").write_text("".join(lines) + '{"task": "half a r')
    return folder


def test_an_interrupted_study_counts_all_of_its_tasks(capsys, tmp_path):
    events = [Begun(12), Planned(1, 1), Planned(11, 2), finished({}), finished({})]
    assert said_when_interrupted(events, None, capsys).startswith("5 of 12 tasks were finished; ")
    # A row that was kept when the signal came is counted, though nobody has told of it.
    assert said_when_interrupted(events, kept(6, tmp_path), capsys) == (
        f"6 of 12 tasks are kept in {tmp_path}; the same command goes on with them\n"
    )


def test_a_study_that_is_interrupted_before_its_first_row_has_none(capsys, tmp_path):
    said = said_when_interrupted([Begun(12)], tmp_path / "study", capsys)
    assert said.startswith("0 of 12 tasks are kept in ")


def test_an_interrupted_sweep_counts_trials_since_nobody_knows_what_is_pruned(capsys, tmp_path):
    events = [Begun(40, "trial"), Planned(2, 0), finished({}), finished({}), TrialEnded({})]
    events += [Planned(2, 1)]
    assert said_when_interrupted(events, kept(4, tmp_path), capsys) == (
        f"1 of 40 trials and 4 trainings are kept in {tmp_path}; the same command goes on with "
        "them\n"
    )


def test_what_failed_is_counted_by_trainings(capsys):
    reporter = study_reporter(as_json=False, quiet=True)
    reporter(Begun(2))
    reporter(finished({"failed": "it diverged"}, {}, {"failed": "again"}))
    reporter.end({}, "")
    assert capsys.readouterr().err == "Warning: 2 of 3 failed: it diverged\n"


def test_another_error_is_told_without_counting(capsys):
    reporter = study_reporter(as_json=True, quiet=False)
    with pytest.raises(InputError), reporter.telling_how_to_go_on(None):
        raise InputError("no such thing")
    assert capsys.readouterr().err == ""
    reporter.end({"found": 1}, "")
    assert json.loads(capsys.readouterr().out) == {"event": "end", "found": 1}
