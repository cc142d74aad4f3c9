"""`manifest.json`: what is read is what was written, and what is none is refused in one line."""

import json

import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.runs.folder import RunFolder
from regkit.runs.manifest_file import FORMAT, MOST_BYTES, read_manifest, write_manifest

MANIFEST = {
    "format": FORMAT,
    "identity": "a" * 64,
    "files": {"config.toml": ["b" * 64], "preparation.json": ["c" * 64]},
    "versions": {"regkit": "0.2.0"},
    "code": "d" * 64,
    "blas": {"name": "openblas", "version": None, "threads": 1},
    "kernels": "numpy",
    "plugins": {"l2": {"distribution": "regkit-nn", "version": "0.2.0"}, "mine": None},
    "plugin_files": {"mine.py": "e" * 64},
    "data": {"training rows": "f" * 64, "data file": None},
}


@pytest.fixture
def path(tmp_path):
    (tmp_path / "config.toml").write_text("epochs = 3\n")
    return tmp_path / "manifest.json"


def refused(path):
    """The message, which every command shows that opens the run."""
    with pytest.raises(InputError) as caught:
        read_manifest(path)
    with pytest.raises(InputError) as again:
        RunFolder.existing(path.parent)
    assert str(again.value) == str(caught.value)
    return str(caught.value)


def test_what_was_written_is_read(path):
    write_manifest(path, MANIFEST)
    assert read_manifest(path) == MANIFEST
    assert RunFolder.existing(path.parent).identity == "a" * 64


@pytest.mark.parametrize("change", [{"format": None}, {"format": 2}, {"format": FORMAT + 1}])
def test_a_run_in_another_format_is_refused_with_the_version_that_made_it(path, change):
    path.write_text(json.dumps(MANIFEST | {"versions": {"regkit": "0.1.0"}} | change))
    assert refused(path) == (
        f"{path.parent} was made by regkit 0.1.0, and regkit {rk.__version__} cannot read its "
        "files: train it again, or install regkit-nn==0.1.0"
    )


@pytest.mark.parametrize("version", ["0.2.0", "99.0"])
def test_a_run_in_this_format_is_opened_whichever_version_made_it(path, version):
    path.write_text(json.dumps(MANIFEST | {"versions": {"regkit": version}}))
    assert read_manifest(path)["versions"] == {"regkit": version}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is not the manifest of a run, or is damaged: "),
        (b"\xff", "is not the manifest of a run, or is damaged: "),
        (b"[]", "is not the manifest of a run, or is damaged: "),
        (b"{}", "is not the manifest of a run, or is damaged: "),
        (b'{"versions": 1}', "is not the manifest of a run, or is damaged: "),
        (b"[" * 100_000, "is not the manifest of a run, or is damaged: "),
        (b"9" * 10_000, "is not the manifest of a run, or is damaged: "),
        (b" " * (MOST_BYTES + 1), "is damaged: it has "),
    ],
    ids=["absent", "empty", "bytes", "list", "bare", "version", "deep", "digits", "huge"],
)
def test_what_is_no_manifest_is_refused_by_name(path, content, complaint):
    if content is not None:
        path.write_bytes(content)
    message = refused(path)
    assert f"manifest.json {complaint}" in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("part", MANIFEST)
@pytest.mark.parametrize("value", [None, 3.5, ["a"], {"a": {"b": {"c": []}}}])
def test_a_part_that_is_absent_or_of_another_kind_is_refused(path, part, value):
    without = {name: one for name, one in MANIFEST.items() if name != part}
    for damaged in (without, MANIFEST | {part: value}):
        path.write_text(json.dumps(damaged))
        assert str(path.parent) in refused(path)


def test_the_commands_say_so_in_one_line(path, regkit):
    path.write_text(json.dumps({"versions": {"regkit": "0.1.0"}}))
    for command in ("resume", "verify", "evaluate"):
        outcome = regkit(command, path.parent)
        assert outcome.code == 2
        assert outcome.error.startswith(f"{path.parent} was made by regkit 0.1.0, and regkit ")
