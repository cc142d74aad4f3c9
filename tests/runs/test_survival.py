"""Killed anywhere, as often as it takes, a run ends with the bytes of an unbroken one."""

import multiprocessing
import os
import random
import time
from pathlib import Path

import pytest

from regkit import storage
from regkit.runs.checkpoint import Checkpoint
from regkit.runs.config import Config
from regkit.runs.job import job
from regkit.runs.start import reopened, started
from regkit.runs.verify import verify

KILLS = 200
FILES = ("last.safetensors", "best.safetensors", "metrics.jsonl", "config.toml")

CONFIG = Config(
    samples=40,
    hidden=(12,),
    reg=("l1=1e-4", "l2=1e-3@dense1"),
    epochs=60,
    batch_size=32,
    log_every=4,
    dtype="float64",
)


def train_from_start(path: Path) -> None:
    with started(path, job(CONFIG), plugin_files=(), force=False) as session:
        session.seconds_between_checkpoints = 0.0
        for _ in session.records():
            pass


def go_on(path: Path) -> None:
    with reopened(path, plugin_files=(), classes=(), epochs=None) as (session, _):
        session.seconds_between_checkpoints = 0.0
        for _ in session.records():
            pass


def slowly(path: Path) -> None:
    """Go on, with a disk so slow that a kill often hits the middle of a checkpoint."""
    sync = os.fsync

    def slow_sync(descriptor: int) -> None:
        time.sleep(0.004)
        sync(descriptor)

    storage.os.fsync = slow_sync
    go_on(path)


def contents(path: Path) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("unbroken") / "run"
    train_from_start(path)
    return contents(path)


@pytest.mark.slow
def test_two_hundred_kills_change_no_byte(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    forks = multiprocessing.get_context("fork")
    chance = random.Random(1)
    kills = runs = kills_while_writing = 0
    while kills < KILLS:
        path = tmp_path / f"run{runs}"
        target = train_from_start
        while True:
            process = forks.Process(target=target, args=(path,))
            process.start()
            process.join(timeout=chance.uniform(0, 0.25))
            if process.is_alive():
                process.kill()
                kills += 1
            process.join()
            kills_while_writing += any(path.glob(storage.UNFINISHED))
            if process.exitcode == 0:
                break
            assert process.exitcode == -9, "a run that was not killed failed"
            was_started = (path / "config.toml").exists()
            target = chance.choice([go_on, slowly]) if was_started else train_from_start
        assert contents(path) == unbroken
        assert not list(path.glob(storage.UNFINISHED))
        runs += 1
    assert kills_while_writing > 0


def test_two_resumed_halves_are_one_run(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    path = tmp_path / "run"
    with started(path, job(CONFIG), plugin_files=(), force=False) as session:
        for record in session.records():
            if record.epoch >= CONFIG.epochs // 2:
                session.stop()
        assert not session.finished
    go_on(path)
    assert contents(path) == unbroken


def test_a_kill_between_the_last_epoch_and_the_end_loses_no_record(
    tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    path = tmp_path / "run"
    with started(path, job(CONFIG), plugin_files=(), force=False) as session:
        session.seconds_between_checkpoints = 0.0
        save = session.training.after_epoch

        def save_and_die() -> None:
            assert save is not None
            save()
            if session.training.epoch == CONFIG.epochs:
                raise KeyError

        session.training.after_epoch = save_and_die
        with pytest.raises(KeyError):
            list(session.records())
    assert Checkpoint.load(path / "last.safetensors").epoch == CONFIG.epochs
    go_on(path)
    assert contents(path) == unbroken


def test_a_run_stopped_between_two_records_is_verified_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with started(path, job(CONFIG), plugin_files=(), force=False) as session:
        session.training.after_epoch = lambda: (
            session.stop() if session.training.epoch == 18 else None
        )
        assert [record.epoch for record in session.records()] == [0, 4, 8, 12, 16]
    assert Checkpoint.load(path / "last.safetensors").epoch == 18
    found = verify(path, plugin_files=(), classes=())
    assert found.records == 5
    assert found.same


def test_a_kill_between_manifest_and_settings_leaves_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`resume --epochs` changes both, one after the other."""
    path = tmp_path / "run"
    train_from_start(path)
    before = contents(path)

    def killed(path: Path, content: bytes) -> None:
        raise KeyError

    with monkeypatch.context() as patch:
        patch.setattr("regkit.runs.start.write_whole", killed)
        with pytest.raises(KeyError), reopened(path, plugin_files=(), classes=(), epochs=90):
            pytest.fail("it went on")
    assert contents(path)["config.toml"] == before["config.toml"]
    go_on(path)
    assert contents(path)["config.toml"] == before["config.toml"]
    with reopened(path, plugin_files=(), classes=(), epochs=90) as (session, _):
        assert not session.finished


def test_a_finished_run_given_more_epochs_is_the_longer_run(tmp_path: Path) -> None:
    from dataclasses import replace

    longer = tmp_path / "longer"
    with started(longer, job(replace(CONFIG, epochs=90)), plugin_files=(), force=False) as session:
        assert len(list(session.records())) == 24
    path = tmp_path / "run"
    train_from_start(path)
    with reopened(path, plugin_files=(), classes=(), epochs=90) as (session, changes):
        assert changes == []
        assert not session.finished
        list(session.records())
    assert contents(path) == contents(longer)
