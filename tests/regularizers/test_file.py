"""A field's file: one array of numbers, read once, or one line that says why not."""

import copy
import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from regkit.errors import FieldError
from regkit.regularizers.file import File

WEIGHTS = np.arange(6.0, dtype=np.float32).reshape(2, 3)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory, with two archives and an array."""
    monkeypatch.chdir(tmp_path)
    np.savez("start.npz", **{"dense1.weights": WEIGHTS, "mask": np.array([True, False])})
    np.savez("single.npz", only=WEIGHTS)
    np.save("groups.npy", np.array([0, 0, 1]))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "path", "name"),
    [
        ("start.npz", "start.npz", None),
        ("start.npz:dense1.weights", "start.npz", "dense1.weights"),
        ("a/b.NPY", "a/b.NPY", None),
        ("C:/a/b.npz:x:y", "C:/a/b.npz", "x:y"),
        ("my.npz.d/start.npz", "my.npz.d/start.npz", None),
    ],
)
def test_text_is_a_path_and_the_name_of_an_array(text, path, name):
    file = File(text)
    assert (file.path, file.name) == (Path(path), name)
    assert str(file) == text
    assert file == File(str(file)) == File(path, name)
    assert len({file, File(path, name)}) == 1
    assert repr(file) == f"File({text!r})"


def test_a_relative_path_refers_to_the_folder_that_is_given():
    assert File("start.npz:a", folder="runs").path == Path("runs/start.npz")
    assert File(Path("/x/start.npz"), folder="runs").path == Path("/x/start.npz")
    assert File("a.npz") != "a.npz"


@pytest.mark.parametrize("text", ["", "start", "start.csv", "start.npz:", "start.npzx", ":a.b"])
def test_other_text_is_refused(text):
    with pytest.raises(
        FieldError, match=r"^a file is given as PATH or PATH:ARRAY of an NPZ or NPY"
    ):
        File(text)


def test_a_name_is_given_once():
    with pytest.raises(FieldError, match="a file is given as"):
        File("start.npz:a", "b")


@pytest.mark.parametrize(
    ("text", "array"),
    [
        ("start.npz:dense1.weights", WEIGHTS),
        ("start.npz:mask", np.array([True, False])),
        ("single.npz", WEIGHTS),
        ("groups.npy", np.array([0, 0, 1])),
    ],
)
def test_the_array_is_read_as_it_was_saved_and_kept(folder, text, array):
    file = File(text)
    np.testing.assert_array_equal(file.array, array)
    assert file.array.dtype == array.dtype
    assert not file.array.flags.writeable
    assert file.digest == hashlib.sha256(file.path.read_bytes()).hexdigest()
    file.path.unlink()
    assert file.array is file.array


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_holds_the_array_and_needs_the_file_no_more(folder, copied):
    file = File("start.npz:dense1.weights")
    again = copied(file)
    file.path.unlink()
    np.testing.assert_array_equal(again.array, WEIGHTS)
    assert not again.array.flags.writeable
    assert (again, again.digest) == (file, file.digest)


def saved(name, array, **kwargs):
    np.save(name, array, **kwargs)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("gone.npz", r"gone\.npz does not exist \(seen from /"),
        ("start.npz", r"holds 2 arrays: name one, such as start\.npz:dense1\.weights \(arrays: d"),
        ("start.npz:dense1", r"holds no array 'dense1' \(arrays: dense1\.weights, mask\)"),
        ("groups.npy:mask", "holds one array without a name: leave out ':mask'"),
        ("empty.npz", "holds no array$"),
        ("objects.npy", "holds Python objects, not an array of numbers"),
        ("archived.npz", "holds Python objects, not an array of numbers"),
        ("words.npy", "holds <U1 where numbers are needed"),
        ("complex.npy", "holds complex128 where numbers are needed"),
        ("undefined.npy", r"holds entries that are not a number \(NaN\)"),
        ("damaged.npz", "is not an NPZ or NPY file, or is damaged: "),
        ("cut.npz:dense1.weights", "is not an NPZ or NPY file, or is damaged: "),
        ("nothing.npy", "is not an NPZ or NPY file, or is damaged: "),
        ("folder.npy", "folder.npy is a folder, not a regular file|cannot be read"),
        ("pipe.npy", "pipe.npy is a named pipe, not a regular file"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(folder, text, complaint):
    np.savez("empty.npz")
    np.savez("archived.npz", one=np.array([{}], dtype=object))
    saved("objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    saved("words.npy", np.array(["a"]))
    saved("complex.npy", np.array([1j]))
    saved("undefined.npy", np.array([1.0, np.nan]))
    Path("damaged.npz").write_bytes(b"PK\x03\x04 not an archive")
    Path("cut.npz").write_bytes(Path("start.npz").read_bytes()[:200])
    Path("nothing.npy").write_bytes(b"")
    Path("folder.npy").mkdir()
    os.mkfifo("pipe.npy")
    with pytest.raises(FieldError, match=complaint) as caught:
        File(text).array  # noqa: B018
    assert "\n" not in str(caught.value)
