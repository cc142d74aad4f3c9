"""Files are written whole or not at all."""

import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from regkit.errors import InputError, StorageError
from regkit.storage import UNFINISHED, append, read_whole, regular, write_whole


def test_content_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StorageError, match=r"cannot save .*file.*File too large.*intact"):
            write_whole(path, bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_kill_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    program = (
        "import os, pathlib, signal, sys\n"
        "from regkit import storage\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"storage.write_whole(pathlib.Path({os.fspath(path)!r}), b'new')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -9
    assert path.read_bytes() == b"old"


def test_the_file_is_on_the_disk_before_it_is_renamed_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rename is only durable once the folder that holds the name is synced."""
    happened: list[tuple[str, int]] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        happened.append(("synced", os.fstat(descriptor).st_ino))
        fsync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        happened.append(("renamed", self.stat().st_ino))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    write_whole(tmp_path / "file", b"new")
    file, folder = (tmp_path / "file").stat().st_ino, tmp_path.stat().st_ino
    assert happened == [("synced", file), ("renamed", file), ("synced", folder)]


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.fspath(path))


def make_link(path: Path) -> None:
    (path.parent / "elsewhere").write_bytes(b"mine")
    path.symlink_to("elsewhere")


KINDS = {
    "a named pipe": os.mkfifo,
    "a socket": make_socket,
    "a symbolic link": make_link,
    "a folder": os.mkdir,
}


@pytest.mark.parametrize("use", [write_whole, append], ids=["write_whole", "append"])
@pytest.mark.parametrize(("kind", "make"), KINDS.items(), ids=KINDS)
def test_what_is_no_regular_file_is_never_written_to(
    tmp_path: Path, kind: str, make: Callable[[Path], None], use: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / "file"
    make(path)
    there = {one.name for one in tmp_path.iterdir()}
    with pytest.raises(InputError, match=f"file is {kind}, not a regular file"):
        use(path, b"new")
    assert {one.name for one in tmp_path.iterdir()} == there
    if path.is_symlink():
        assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("kind", ["a named pipe", "a folder"])
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    KINDS[kind](tmp_path / "file")
    with pytest.raises(InputError, match=f"file is {kind}, not a regular file"):
        read_whole(tmp_path / "file", most=10)


def test_an_endless_device_is_not_read() -> None:
    with pytest.raises(InputError, match="/dev/zero is a device, not a regular file"):
        read_whole(Path("/dev/zero"), most=10)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_whole(path, most=5) == b"12345"
    with pytest.raises(InputError, match="file is damaged: it has 5 bytes, more than 4"):
        read_whole(path, most=4)
    with pytest.raises(InputError, match="absent cannot be read: No such file"):
        read_whole(tmp_path / "absent", most=4)


def test_a_hole_of_a_terabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(InputError, match="more than 1000"):
        read_whole(path, most=1000)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_whole(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_mode_that_the_user_gives_to_files(
    tmp_path: Path, mask: int, mode: int
) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "written", b"new")
        append(tmp_path / "appended", b"new")
    finally:
        os.umask(before)
    for name in ("written", "appended"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode


def test_a_link_that_waits_at_the_old_name_beside_the_file_is_not_followed(tmp_path: Path) -> None:
    """The name of the file beside was known in advance once."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / ".file.new").symlink_to(victim)
    write_whole(tmp_path / "file", b"new")
    assert victim.read_bytes() == b"mine"


def test_no_two_files_beside_have_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = []
    replace = Path.replace

    def renamed(self: Path, target: Path) -> Path:
        names.append(self.name)
        assert self.match(UNFINISHED)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", renamed)
    for _ in range(20):
        write_whole(tmp_path / "file", b"new")
    assert len(set(names)) == 20


def test_a_hard_link_to_the_old_content_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / "file").hardlink_to(tmp_path / "mine")
    write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_appending_adds_to_what_is_there(tmp_path: Path) -> None:
    append(tmp_path / "file", b"one")
    append(tmp_path / "file", b"two")
    assert (tmp_path / "file").read_bytes() == b"onetwo"


@pytest.mark.parametrize("use", [write_whole, append], ids=["write_whole", "append"])
@pytest.mark.parametrize("name", ["gone/file", "x" * 300, "a\0b"])
def test_a_place_that_cannot_be_written_to_is_an_error_of_storage(
    tmp_path: Path, use: Callable[[Path, bytes], None], name: str
) -> None:
    with pytest.raises(StorageError) as caught:
        use(tmp_path / name, b"new")
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_absent_is_nothing(tmp_path: Path) -> None:
    assert regular(tmp_path / "absent") is None
    (tmp_path / "file").write_bytes(b"12")
    assert regular(tmp_path / "file" / "below") is None
    found = regular(tmp_path / "file")
    assert found is not None
    assert found.st_size == 2
