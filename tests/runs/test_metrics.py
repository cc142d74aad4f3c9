"""The metrics file: what is on disk equals what the library yielded.

Covers: regkit/training/plain_record.py, regkit/training/record.py
"""

import resource
from pathlib import Path

import pytest

from regkit import L1, L2, Adam, Dense, Model, ReLU, SoftmaxCrossEntropy, datasets
from regkit.errors import InputError, StorageError
from regkit.runs.metrics import Metrics
from regkit.training import Record, steps


def records(epochs: int = 7, log_every: int = 3) -> list[Record]:
    X, y = datasets.spiral(20, 3)
    model = Model([Dense(2, 5), ReLU(), Dense(5, 3)], SoftmaxCrossEntropy())
    return list(
        steps(
            model,
            X,
            y,
            optimizer=Adam(0.05),
            regularizers=[L1(1e-3), L2(1e-3, on="*")],
            epochs=epochs,
            log_every=log_every,
            validation=(X, y),
            gradient_norms=True,
        )
    )


def test_what_is_read_is_what_was_yielded(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path / "metrics.jsonl")
    for record in records():
        metrics.append(record)
    assert metrics.read() == records()


def test_a_line_holds_everything_a_picture_needs() -> None:
    line = records()[1].as_dict()
    assert line["epoch"] == 3
    assert line["loss"] == line["data_loss"] + line["penalty"]
    assert line["penalties"].keys() == line["layers"].keys() == {"l1", "l2@*"}
    assert line["layers"]["l1"].keys() == line["zeros"].keys() == {"dense1", "dense2"}
    assert line["gradient_norms"].keys() == {"data", "l1", "l2@*"}
    assert line["validation"].keys() == {"accuracy", "data_loss"}


@pytest.mark.parametrize(
    "change",
    [{"loss": "much"}, {"penalties": {"l1": 1.0}}, {"accuracy": None}, {"r2": 0.5}, {"lr": None}],
)
def test_what_is_no_record_is_not_taken_for_one(change: dict[str, object]) -> None:
    plain = records()[1].as_dict()
    assert Record.from_dict(plain) == records()[1]
    with pytest.raises(ValueError, match=r"Expected|name different|accuracy"):
        Record.from_dict({**plain, **change})


def test_a_line_that_a_kill_cut_short_is_left_out(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path / "metrics.jsonl")
    for record in records():
        metrics.append(record)
    whole = metrics.read()
    content = metrics.path.read_bytes()
    metrics.path.write_bytes(content[:-10])
    assert metrics.read() == whole[:-1]


def test_cutting_keeps_what_an_unbroken_run_would_have(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path / "metrics.jsonl")
    for record in records(epochs=8):
        metrics.append(record)
    assert [record.epoch for record in metrics.read()] == [0, 3, 6, 7]
    assert [record.epoch for record in metrics.cut(8, 3)] == [0, 3, 6]
    assert [record.epoch for record in metrics.cut(4, 3)] == [0, 3]
    assert [record.epoch for record in metrics.read()] == [0, 3]


@pytest.mark.parametrize(
    "text",
    [
        b"not json\n",
        b"[1]\n",
        b'{"loss": 1}\n',
        b"\xff\xfe\n",
        b"3\n",
        b"null\n",
        b"\n",
        b"[" * 100_000 + b"\n",
        b"9" * 10_000 + b"\n",
    ],
    ids=["text", "list", "partial", "bytes", "number", "null", "empty", "deep", "digits"],
)
def test_a_damaged_line_is_named(tmp_path: Path, text: bytes) -> None:
    metrics = Metrics(tmp_path / "metrics.jsonl")
    metrics.append(records()[0])
    with metrics.path.open("ab") as file:
        file.write(text)
    with pytest.raises(InputError, match=r"metrics\.jsonl, line 2 is not a record"):
        metrics.read()


def test_a_full_disk_leaves_whole_lines_only(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path / "metrics.jsonl")
    first, second, *_ = records()
    metrics.append(first)
    size = metrics.path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, hard))
    try:
        with pytest.raises(StorageError, match=r"cannot write .*File too large"):
            metrics.append(second)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert metrics.path.stat().st_size == size
    assert len(metrics.read()) == 1


def test_a_folder_that_was_renamed_while_training_is_an_error_of_storage(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path / "run" / "metrics.jsonl")
    metrics.path.parent.mkdir()
    first, second, *_ = records()
    metrics.append(first)
    metrics.path.parent.rename(tmp_path / "renamed")
    with pytest.raises(StorageError, match=r"cannot write .*metrics\.jsonl: No such file"):
        metrics.append(second)


def test_a_file_larger_than_any_run_makes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(InputError, match=r"metrics\.jsonl is damaged: it has 1099511627776 bytes"):
        Metrics(path).read()


def test_missing_records_are_counted_without_counting_every_epoch() -> None:
    there = records(epochs=13, log_every=3)[:-1]
    assert [record.epoch for record in there] == [0, 3, 6, 9]
    assert Metrics.missing(there, 12, 3) == (0, 12)
    assert Metrics.missing(there, 13, 3) == (1, 12)
    assert Metrics.missing([there[0], *there[2:]], 12, 3) == (1, 3)
    assert Metrics.missing([], 12, 3) == (4, 0)
    # A checkpoint can claim any number of epochs.
    assert Metrics.missing(there, 3 * 10**18, 3) == (10**18 - 4, 12)
