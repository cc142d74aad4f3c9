"""Where Optuna keeps a sweep's trials.

Covers: regkit/studies/search/trial_journal.py, regkit/studies/search/trial_database.py
"""

import json
import sqlite3
import sys
import threading
from contextlib import closing
from dataclasses import replace

import optuna
import pytest
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from regkit.errors import InputError
from regkit.studies.ranges import Range
from regkit.studies.search import trial_database
from regkit.studies.search.repeats import Repeat
from regkit.studies.search.trial import SweepTrial
from regkit.studies.search.trial_database import shown, try_database
from regkit.studies.search.trial_storage import opened_storage

AXES = {"l2@dense1": Range(1e-5, 1e-1, logarithmic=True), "hidden": Range(8, 64, True, True)}
TRIAL = SweepTrial(0, {"l2@dense1": 0.1 / 3, "hidden": 9})


def opened(folder, url=None, axes=AXES):
    return opened_storage(folder, url, "study-of-mine", axes, higher_is_better=False)


@pytest.fixture(params=["journal", "database"])
def storage(request, tmp_path):
    """Opens the same storage each time."""
    url = f"sqlite:///{tmp_path}/trials.db" if request.param == "database" else None
    return lambda axes=AXES: opened(tmp_path, url, axes)


def test_numbers_come_back_to_the_bit(storage):
    with storage() as one:
        assert one.values(0) is None
        one.add(TRIAL)
        assert one.values(0) == TRIAL.values
    with storage() as again:
        assert again.values(0) == TRIAL.values
        assert type(again.values(0)["hidden"]) is int
        assert again.values(1) is None


def test_how_a_trial_ended_is_kept_once(storage):
    scores = {Repeat(0, 0): 0.25, Repeat(1, 1): 0.75}
    ended = [
        replace(TRIAL, state="finished", scores=scores),
        replace(TRIAL, number=1, state="pruned", scores=scores),
        replace(TRIAL, number=2, state="failed", reason="it diverged"),
    ]
    for _ in range(2):
        with storage() as one:
            for trial in ended:
                if one.values(trial.number) is None:
                    one.add(replace(TRIAL, number=trial.number))
                one.tell(trial)
            trials = one.storage.get_all_trials(one.storage.get_study_id_from_name("study-of-mine"))
    assert [(trial.state.name, trial.value) for trial in trials] == [
        ("COMPLETE", 0.5),
        ("PRUNED", 0.5),
        ("FAIL", None),
    ]
    assert trials[1].intermediate_values == {2: 0.5}


@pytest.mark.parametrize("url", [None, "sqlite:///trials.db"])
def test_in_memory_a_storage_goes_on_and_stays_as_it_is(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def in_memory():
        return opened_storage(
            tmp_path, url, "study-of-mine", AXES, higher_is_better=False, in_memory=True
        )

    with in_memory() as empty:
        assert empty.values(0) is None
        empty.add(TRIAL)
    assert not list(tmp_path.iterdir())
    with opened(tmp_path, url) as one:
        one.add(TRIAL)
    if url is None:
        with (tmp_path / "journal.log").open("a") as journal:
            journal.write('{"half a li')
        (tmp_path / "journal.log.lock").touch()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with in_memory() as copy:
        assert copy.values(0) == TRIAL.values
        copy.tell(replace(TRIAL, state="finished", scores={Repeat(0, 0): 0.25}))
        copy.add(replace(TRIAL, number=1))
        assert copy.values(1) == TRIAL.values
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_optuna_itself_reads_the_journal(tmp_path):
    with opened(tmp_path) as one:
        one.add(TRIAL)
        one.tell(replace(TRIAL, state="finished", scores={Repeat(0, 0): 0.25}))
    backend = optuna.storages.journal.JournalFileBackend(str(tmp_path / "journal.log"))
    study = optuna.load_study(
        study_name="study-of-mine", storage=optuna.storages.JournalStorage(backend)
    )
    assert (study.best_value, study.best_params) == (0.25, TRIAL.values)


def test_what_a_kill_left_of_the_journal_does_not_keep_the_next_one_waiting(tmp_path):
    with opened(tmp_path) as one:
        one.add(TRIAL)
    journal = tmp_path / "journal.log"
    whole = journal.read_bytes()
    journal.write_bytes(whole + whole.splitlines()[-1][:50])
    (tmp_path / "journal.log.lock").touch()
    with opened(tmp_path) as again:
        assert journal.read_bytes().startswith(whole)
        assert all(json.loads(line) for line in journal.read_text().splitlines())
        again.add(replace(TRIAL, number=1))
    with opened(tmp_path) as last:
        assert last.values(1) == TRIAL.values


@pytest.mark.parametrize("at", ["first", "middle"])
def test_a_damaged_journal_is_one_line_that_says_what_to_do(tmp_path, at):
    with opened(tmp_path) as one:
        one.add(TRIAL)
    journal = tmp_path / "journal.log"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines.insert(0 if at == "first" else 1, b"no line of a journal\n")
    journal.write_bytes(b"".join(lines))
    with (
        pytest.raises(InputError, match=r"journal\.log is damaged: move it away"),
        opened(tmp_path),
    ):
        pass


def test_a_journal_that_is_no_file_is_refused(tmp_path):
    (tmp_path / "journal.log").mkdir()
    with pytest.raises(InputError, match="is a folder, not a regular file"), opened(tmp_path):
        pass


def test_trials_of_another_search_are_refused(storage):
    with storage() as one:
        one.add(TRIAL)
    with storage({"lr": Range(0.1, 1)}) as other, pytest.raises(InputError) as caught:
        other.values(0)
    assert "is of another search, of hidden, l2@dense1" in str(caught.value)


def test_another_process_that_adds_trials_is_noticed(storage):
    with storage() as one, storage() as two:
        two.add(TRIAL)
        with pytest.raises(InputError, match="another process adds trials"):
            one.add(replace(TRIAL, values={"l2@dense1": 0.01, "hidden": 9}))


SECRET = "s3cr%40t"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////no/such/folder/trials.db", "unable to open database file"),
        (f"nothing://me:{SECRET}@host/db", "nothing"),
        (f"postgresql+pg8000://me:{SECRET}@127.0.0.1:1/db", "needs a driver that is not installed"),
        (f"no url, but {SECRET}", "cannot be used"),
        (f"sqlite://me:{SECRET}@host:no-port/db", "cannot be used"),
        ("sqlite:///trials.db?odd=query", "'odd' are not accepted by the pysqlite driver"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(
    tmp_path, url, said, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pg8000", None)
    with pytest.raises(InputError) as caught, opened(tmp_path, url):
        pass
    message = str(caught.value)
    assert said in message
    assert "\n" not in message
    assert SECRET not in message
    assert "s3cr@t" not in message
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_database_in_memory_would_keep_nothing(tmp_path, url):
    with pytest.raises(InputError, match="keeps nothing: name a file"), opened(tmp_path, url):
        pass


def test_a_database_that_never_answers_is_not_waited_for(tmp_path, monkeypatch):
    released = threading.Event()

    class Mute(SQLiteDialect_pysqlite):
        supports_statement_cache = True

        def create_connect_args(self, url):
            return [], {}

        def connect(self, *arguments, **options):
            released.wait()
            raise OSError("at last")

    monkeypatch.setattr(trial_database, "ANSWER_SECONDS", 0.05)
    monkeypatch.setitem(registry.impls, "mute", lambda: Mute)
    try:
        with (
            pytest.raises(InputError, match=r"mute://me:\*\*\*@host/db does not answer within"),
            opened(tmp_path, f"mute://me:{SECRET}@host/db"),
        ):
            pass
    finally:
        released.set()


def test_a_database_that_holds_something_else_is_refused(tmp_path):
    (tmp_path / "trials.db").write_text("a text, and no database")
    with (
        pytest.raises(InputError, match=r"cannot be used \(.*not a database"),
        opened(tmp_path, f"sqlite:///{tmp_path}/trials.db"),
    ):
        pass


def test_a_trial_of_a_database_leaves_neither_a_file_nor_a_table(tmp_path):
    file = tmp_path / "trials.db"
    try_database(f"sqlite:///{file}")
    try_database(f"sqlite:///file:{file}?uri=true")
    assert not list(tmp_path.iterdir())
    sqlite3.connect(file).close()
    try_database(f"sqlite:///{file}")
    assert file.read_bytes() == b""


def test_a_trial_of_a_database_that_holds_studies_changes_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/trials.db"
    with opened(tmp_path, url) as one:
        one.add(TRIAL)
    before = (tmp_path / "trials.db").read_bytes()
    try_database(url)
    assert (tmp_path / "trials.db").read_bytes() == before


@pytest.mark.parametrize("what", ["locked", "text", "other version", "query", "memory", "folder"])
def test_what_a_run_could_not_use_is_refused_by_a_trial(what, tmp_path, monkeypatch):
    file = tmp_path / "trials.db"
    url = f"sqlite:///{file}"
    monkeypatch.chdir(tmp_path)
    if what == "locked":
        held = sqlite3.connect(file)
        held.execute("BEGIN EXCLUSIVE")
        url += "?timeout=0"
    elif what == "text":
        file.write_text("a text, and no database")
    elif what == "other version":
        with opened(tmp_path, url) as one:
            one.add(TRIAL)
        with closing(sqlite3.connect(file)) as changed:
            changed.execute("UPDATE alembic_version SET version_num = 'v0.9.0.a'")
            changed.commit()
    else:
        url = {"query": f"{url}?odd=1", "memory": "sqlite://", "folder": "sqlite:///no/t.db"}[what]
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match=r"^the storage sqlite://") as caught:
        try_database(url)
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == before
    if what == "locked":
        held.close()


def test_a_url_is_shown_without_its_password():
    assert shown(f"postgresql://me:{SECRET}@host/db") == "postgresql://me:***@host/db"
    assert shown("sqlite:///trials.db") == "sqlite:///trials.db"
