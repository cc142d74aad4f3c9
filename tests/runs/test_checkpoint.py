"""Checkpoints keep everything, and say so when they are damaged."""

import json
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from regkit import Adam, Dense, Model, ReLU, SoftmaxCrossEntropy, datasets
from regkit.errors import InputError
from regkit.nn.architecture import Architecture
from regkit.runs.checkpoint import Checkpoint
from regkit.sealed_arrays import write_sealed
from regkit.training import Plan, Training

RUN = "a" * 64


def trained() -> Training:
    X, y = datasets.spiral(20, 3)
    model = Model([Dense(2, 5), ReLU(), Dense(5, 3)], SoftmaxCrossEntropy())
    training = Training(model, X, y, Plan(optimizer=Adam(0.05), epochs=4, batch_size=16))
    for _ in training.records():
        training.finish_epoch()
    return training


def saved(path: Path) -> Training:
    training = trained()
    Checkpoint.of(
        Architecture.of(training.model),
        training.model,
        training.optimizer,
        training.state(),
        run=RUN,
    ).save(path)
    return training


def test_a_checkpoint_comes_back_as_it_went(tmp_path: Path) -> None:
    training = saved(tmp_path / "file")
    checkpoint = Checkpoint.load(tmp_path / "file")
    assert (checkpoint.epoch, checkpoint.run) == (4, RUN)
    assert checkpoint.state == training.state()
    fresh = Model([Dense(2, 5), ReLU(), Dense(5, 3)], SoftmaxCrossEntropy(), seed=9)
    optimizer = Adam(0.05)
    optimizer.attach(fresh.parameters)
    checkpoint.put_into(fresh)
    checkpoint.put_moments_into(optimizer)
    assert np.array_equal(fresh.parameters, training.model.parameters)
    for name, moment in training.optimizer.moments.items():
        assert np.array_equal(optimizer.moments[name], moment)


def test_any_reader_of_safetensors_finds_the_parameters_by_name(tmp_path: Path) -> None:
    training = saved(tmp_path / "file")
    arrays = load_file(tmp_path / "file")
    for layer in training.model.parameter_layers:
        for name, array in layer.params.items():
            assert np.array_equal(arrays[f"{layer.name}.{name}"], array)


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        saved(tmp_path / name / "last")
    assert (tmp_path / "a/last").read_bytes() == (tmp_path / "b/last").read_bytes()


def damaged(content: bytes) -> dict[str, bytes]:
    flipped = bytearray(content)
    flipped[-3] ^= 1
    (length,) = struct.unpack("<Q", content[:8])
    in_state = content.replace(b'\\"epoch\\": 4', b'\\"epoch\\": 5', 1)
    assert in_state != content
    return {
        "empty": b"",
        "truncated in the header": content[: length // 2],
        "truncated in the arrays": content[:-5],
        "longer than it should be": content + b"more",
        "a bit flipped in an array": bytes(flipped),
        "another epoch in the state": in_state,
        "a header as large as the disk": struct.pack("<Q", 2**62) + content[8:],
        "a pickle": pickle.dumps({"parameters": [1, 2, 3]}),
        "text": b"these are not the weights you are looking for",
    }


DAMAGES = (
    "empty",
    "truncated in the header",
    "truncated in the arrays",
    "longer than it should be",
    "a bit flipped in an array",
    "another epoch in the state",
    "a header as large as the disk",
    "a pickle",
    "text",
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "file.safetensors"
    saved(path)
    path.write_bytes(damaged(path.read_bytes())[damage])
    with pytest.raises(InputError, match=r"file\.safetensors is not a"):
        Checkpoint.load(path)


def test_somebody_elses_safetensors_file_is_refused(tmp_path: Path) -> None:
    save_file({"x": np.zeros(3)}, tmp_path / "file", metadata={"format": "np"})
    with pytest.raises(InputError, match="is not a checkpoint of this regkit"):
        Checkpoint.load(tmp_path / "file")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        Checkpoint.load(tmp_path / "absent")
    with pytest.raises(InputError, match="is a folder, not a regular file"):
        Checkpoint.load(tmp_path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_flipped_byte_goes_unnoticed(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "file"
    if not path.exists():
        saved(path)
    whole = path.read_bytes()
    position = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[position] ^= data.draw(st.integers(1, 255))
    other = tmp_path / "flipped"
    other.write_bytes(bytes(flipped))
    intact = Checkpoint.load(path)
    try:
        found = Checkpoint.load(other)
    except InputError:
        return
    # White space between the header's parts may change without meaning anything.
    assert found.state == intact.state
    for name, array in intact.parameters.items():
        assert np.array_equal(found.parameters[name], array)


def test_a_file_of_another_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "best.safetensors"
    training = saved(path)
    assert Checkpoint.load(path, run=RUN).run == RUN
    with pytest.raises(InputError, match=r"best\.safetensors belongs to another run than .*: put"):
        Checkpoint.load(path, run="b" * 64)
    # Outside a run's folder a file belongs to none.
    Checkpoint.of_model(Architecture.of(training.model), training.model, 4).save(path)
    with pytest.raises(InputError, match="belongs to another run"):
        Checkpoint.load(path, run=RUN)
    assert Checkpoint.load(path).run == ""


def sealed_anew(path: Path, **changes: object) -> None:
    """Change the state of a file, as somebody can who knows how it is sealed."""
    arrays = load_file(path)
    with safe_open(path, framework="numpy") as file:
        ((_, sealed),) = file.metadata().items()
    head = {name: value for name, value in json.loads(sealed).items() if name != "sha256"}
    write_sealed(path, head | changes, arrays)


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": -1},
        {"epoch": "4"},
        {"epoch": None},
        {"state": {"epoch": "many"}},
        {"state": [1]},
        {"architecture": {"layers": 3, "loss": {}, "dtype": "float32"}},
        {"architecture": None},
        {"run": None},
        {"run": 3},
        {"format": 2},
    ],
    ids=str,
)
def test_a_state_of_another_form_is_refused_though_its_checksum_is_right(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    path = tmp_path / "file.safetensors"
    saved(path)
    sealed_anew(path)
    assert Checkpoint.load(path).epoch == 4
    sealed_anew(path, **changes)
    with pytest.raises(InputError, match=r"file\.safetensors is not a checkpoint of this regkit"):
        Checkpoint.load(path)


def test_a_file_larger_than_the_memory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "file.safetensors"
    with path.open("wb") as file:
        file.truncate(2**43)
    with pytest.raises(InputError, match=r"file\.safetensors would need .* GB of memory"):
        Checkpoint.load(path)


def test_another_network_or_optimizer_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "file")
    checkpoint = Checkpoint.load(tmp_path / "file")
    wider = Model([Dense(2, 6), ReLU(), Dense(6, 3)], SoftmaxCrossEntropy())
    with pytest.raises(InputError, match="different layers"):
        checkpoint.put_into(wider)
    optimizer = Adam(0.05)
    optimizer.attach(wider.parameters)
    with pytest.raises(InputError, match="another optimizer"):
        checkpoint.put_moments_into(optimizer)
