"""A run's folder: whose it is, what it holds, and what is never overwritten."""

import json

import pytest

import regkit as rk
from regkit.errors import InputError, StorageError
from regkit.runs.folder import FILES, FORMAT, RunFolder


@pytest.fixture
def folder(tmp_path):
    """One that holds a run, as far as its settings tell."""
    path = tmp_path / "run"
    path.mkdir()
    (path / "config.toml").write_text("epochs = 3\n")
    return RunFolder(path)


def manifest_by(version, **more):
    return json.dumps({"versions": {"regkit": version}} | more)


@pytest.mark.parametrize("more", [{}, {"format": FORMAT + 1}, {"format": None}])
def test_a_run_in_another_format_is_refused_with_the_version_that_made_it(folder, more):
    folder.manifest.write_text(manifest_by("0.1.0", **more))
    with pytest.raises(InputError) as caught:
        RunFolder.existing(folder.path)
    assert str(caught.value) == (
        f"{folder.path} was made by regkit 0.1.0, and regkit {rk.__version__} cannot read its "
        "files: train it again, or install regkit-nn==0.1.0"
    )


def test_the_commands_say_so_in_one_line(folder, regkit):
    folder.manifest.write_text(manifest_by("0.1.0"))
    for command in ("resume", "verify", "evaluate"):
        outcome = regkit(command, folder.path)
        assert outcome.code == 2
        assert outcome.error.startswith(f"{folder.path} was made by regkit 0.1.0, and regkit ")


@pytest.mark.parametrize("version", ["0.2.0", "99.0"])
def test_a_run_in_this_format_is_opened_whichever_version_made_it(folder, version):
    folder.manifest.write_text(manifest_by(version, format=FORMAT))
    assert RunFolder.existing(folder.path).config == folder.path / "config.toml"


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b'{"versions": 1}', b"\xff"])
def test_a_manifest_that_cannot_be_read_is_left_to_whoever_needs_it(folder, content):
    if content is not None:
        folder.manifest.write_bytes(content)
    assert RunFolder.existing(folder.path).holds_run


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
    paths = {one.name for name, one in vars(folder).items() if name != "path"}
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
