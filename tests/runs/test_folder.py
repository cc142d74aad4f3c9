"""A run's folder: whose it is, what it holds, and what is never overwritten."""

import os
import socket

import pytest

from regkit.errors import InputError, StorageError
from regkit.runs.folder import FILES, LOCK, PLOTS, RunFolder
from regkit.storage import UNFINISHED


@pytest.fixture
def folder(tmp_path):
    """One that holds a run, as far as its settings tell."""
    path = tmp_path / "run"
    path.mkdir()
    (path / "config.toml").write_text("epochs = 3\n")
    return RunFolder(path)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.fspath(path))


def make_link(path):
    path.symlink_to(path.parent.parent / "elsewhere")


KINDS = {
    "a named pipe": os.mkfifo,
    "a socket": make_socket,
    "a symbolic link": make_link,
    "a folder": os.mkdir,
}


@pytest.mark.parametrize("name", [*FILES, LOCK])
@pytest.mark.parametrize(("kind", "make"), KINDS.items(), ids=KINDS)
def test_a_folder_with_anything_else_than_files_is_refused_at_once(folder, name, kind, make):
    (folder.path / name).unlink(missing_ok=True)
    make(folder.path / name)
    refused = pytest.raises(InputError, match=f"{name} is {kind}, not a regular file")
    with refused:
        RunFolder.existing(folder.path)
    with refused:
        folder.require_free(force=True)
    with refused, folder.locked():
        pytest.fail("it was opened")


def test_pictures_of_a_run_stay_in_its_folder(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.png").write_text("mine")
    (folder.path / PLOTS).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="plots is a symbolic link, not a folder"):
        folder.require_free(force=True)
    assert (tmp_path / "elsewhere" / "mine.png").exists()


def test_a_link_to_a_runs_folder_is_as_good_as_the_folder(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder.path)
    linked = RunFolder(tmp_path / "link")
    linked.require_free(force=True)
    with linked.locked():
        linked.clear()
    assert not folder.holds_run


def test_what_a_kill_left_unfinished_is_removed(folder):
    left = folder.path / UNFINISHED.replace("*", "0123456789abcdef")
    left.write_bytes(b"half")
    with folder.locked():
        assert not left.exists()


def test_what_cannot_be_removed_is_an_error_of_storage(folder):
    (folder.path / PLOTS / "losses.png").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"cannot write to .*run: Is a directory"):
        folder.clear()


def test_what_is_no_run_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match=r"nowhere is not the folder of a run: it does not exist"):
        RunFolder.existing(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"is not the folder of a run: it has no config\.toml"):
        RunFolder.existing(tmp_path)


def test_a_folder_that_holds_a_run_is_free_only_by_force(folder):
    with pytest.raises(InputError, match=r"holds a run: go on with `regkit resume .*`, "):
        folder.require_free(force=False)
    folder.require_free(force=True)


@pytest.mark.parametrize("force", [False, True])
def test_a_file_is_not_free_even_by_force(tmp_path, force):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="file is a file, not a folder"):
        RunFolder(tmp_path / "file").require_free(force=force)


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_without_a_run_is_free(tmp_path, force):
    RunFolder(tmp_path).require_free(force=force)
    RunFolder(tmp_path / "to be made").require_free(force=force)


def test_clearing_removes_a_runs_files_and_nothing_else(folder):
    for name in (*FILES, "notes.txt", "plots/losses.png", "plots/losses.svg", "plots/mine.txt"):
        path = folder.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    folder.clear()
    left = {path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*.*")}
    assert left == {"notes.txt", "plots/mine.txt"}
    folder.clear()


def test_each_file_of_a_run_has_an_attribute_and_is_cleared(folder):
    paths = {one.name for name, one in vars(folder).items() if name not in ("path", "identity")}
    assert paths == set(FILES)


def test_while_one_training_writes_another_is_kept_out(tmp_path):
    first, second = RunFolder(tmp_path / "new" / "run"), RunFolder(tmp_path / "new" / "run")
    with (
        first.locked(),
        pytest.raises(InputError, match="another training is writing to"),
        second.locked(),
    ):
        pytest.fail("both write")
    with second.locked():
        assert second.path.is_dir()


def test_the_lock_is_given_back_when_the_training_fails(folder):
    with pytest.raises(KeyError), folder.locked():
        raise KeyError
    with folder.locked():
        pass


def test_a_folder_that_cannot_be_made_is_an_error_of_storage(tmp_path):
    (tmp_path / "file").write_text("mine")
    with (
        pytest.raises(StorageError, match=r"cannot create the folder .*: Not a directory"),
        RunFolder(tmp_path / "file" / "run").locked(),
    ):
        pytest.fail("there is no such folder")
