"""Files of regularizers in a run: hashed, copied, and found again when the originals are gone."""

import hashlib
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import regkit as rk
from regkit.errors import FieldError, InputError
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_file
from regkit.runs.copied_files import copied_files, holding_files, with_copies
from regkit.runs.execute import execute
from regkit.runs.job import job
from regkit.runs.start import reopened
from regkit.runs.verify import verify


class Distance(rk.Regularizer):
    """Squared distance to reference weights."""

    reference: rk.File | None = None
    factors: rk.File | None = None

    def value(self, w):
        return float(np.sum((w - self.reference.array) ** 2))

    def grad(self, w):
        return (2 * (w - self.reference.array)).astype(w.dtype)


KNOWN = {"classes": [Distance], "plugin_files": ()}
TINY = Config(samples=10, hidden=(4,), epochs=4, log_every=2, val_samples=0)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The working directory, with two files that have the same name."""
    monkeypatch.chdir(tmp_path)
    for number, folder in enumerate(("one", "two")):
        (tmp_path / folder).mkdir()
        arrays = {"dense1.weights": np.full((2, 4), number / 8), "dense2.weights": np.ones((4, 3))}
        np.savez(tmp_path / folder / "start.npz", **arrays)
    return tmp_path


def trained(reg, out="run", **settings):
    config = replace(TINY, reg=reg, out=out, **settings)
    return execute(config, classes=[Distance])


def spec(path):
    return f"distance=0.01,reference={path}:dense1.weights@dense1.weights"


def test_a_run_keeps_copies_and_its_settings_name_them(place):
    original = (place / "one" / "start.npz").read_bytes()
    trained((spec("one/start.npz"), "l2=1e-3"))
    assert (place / "run/files/start.npz").read_bytes() == original
    (table, text) = tomllib.loads((place / "run/config.toml").read_text())["reg"]
    assert table == {
        "name": "distance",
        "strength": 0.01,
        "reference": "files/start.npz:dense1.weights",
        "on": ["dense1.weights"],
    }
    assert text == "l2=1e-3"
    manifest = json.loads((place / "run/manifest.json").read_text())
    assert manifest["files"]["files/start.npz"] == [hashlib.sha256(original).hexdigest()]
    assert list(manifest["plugins"]) == ["distance", "l2"]


def test_it_is_resumed_and_verified_without_the_originals(place, monkeypatch):
    trained((spec("one/start.npz"),), "whole", epochs=8)
    trained((spec("one/start.npz"),))
    (place / "one" / "start.npz").unlink()
    monkeypatch.chdir(place / "two")
    run = place / "run"
    assert verify(run, **KNOWN).same
    with reopened(run, **KNOWN, epochs=8) as (session, changes):
        assert changes == []
        list(session.records())
    assert verify(run, **KNOWN).same
    weights = [rk.load(path).model.parameters for path in (run, place / "whole")]
    np.testing.assert_array_equal(*weights)


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"other"), Path.unlink])
def test_a_changed_copy_is_refused(place, change):
    trained((spec("one/start.npz"),))
    change(place / "run/files/start.npz")
    with (
        pytest.raises(InputError, match=r"run/files/start\.npz is not what the run wrote: put it"),
        reopened(place / "run", **KNOWN, epochs=8),
    ):
        pytest.fail("it was resumed")


def test_verify_names_the_changed_copy(place):
    trained((spec("one/start.npz"),))
    (place / "run/files/start.npz").write_bytes((place / "two" / "start.npz").read_bytes())
    found = verify(place / "run", **KNOWN)
    assert found.changed_files == ["files/start.npz"]
    assert found.first_difference == 0


def test_files_of_the_same_name_are_kept_apart_and_each_is_copied_once(place):
    table = {
        "name": "distance",
        "strength": 0.01,
        "on": "dense2.weights",
        "reference": "one/start.npz:dense2.weights",
        "factors": "two/../two/start.npz:dense1.weights",
    }
    made = job(replace(TINY, reg=(spec("one/start.npz"), table)), [Distance])
    assert [one.name for one in copied_files(made.config)] == [
        "files/start.npz",
        "files/start-2.npz",
    ]
    execute(replace(TINY, reg=(spec("one/start.npz"), table), out="run"), classes=[Distance])
    again = config_from_file(place / "run" / "config.toml")
    fields = [dict(entry.fields) for entry in again.reg]
    assert fields[0]["reference"] == "files/start.npz:dense1.weights"
    assert fields[1]["reference"] == "files/start.npz:dense2.weights"
    assert fields[1]["factors"] == "files/start-2.npz:dense1.weights"
    remade = job(again, [Distance])
    assert list(map(str, with_copies(remade.config).reg)) == list(map(str, again.reg))
    assert verify(place / "run", **KNOWN).same


def test_a_run_can_be_started_from_its_own_settings_over_itself(place):
    trained((spec("one/start.npz"),))
    (place / "one" / "start.npz").unlink()
    config = config_from_file(Path("run/config.toml"))
    execute(replace(config, out="run"), classes=[Distance], force=True)
    assert verify(place / "run", **KNOWN).same


def test_force_removes_the_copies_of_the_run_before(place):
    trained((spec("one/start.npz"),))
    execute(replace(TINY, reg=("l2=1e-3",), out="run"), force=True)
    assert list((place / "run/files").iterdir()) == []


def identity(path):
    return json.loads((path / "manifest.json").read_text())["identity"]


def test_the_identity_goes_by_contents_not_by_paths(place):
    (place / "moved.npz").write_bytes((place / "one" / "start.npz").read_bytes())
    for number, path in enumerate(["one/start.npz", "moved.npz", "two/start.npz"]):
        trained((spec(path),), f"run{number}")
    first, moved, other = (identity(place / f"run{number}") for number in range(3))
    assert first == moved != other


def test_a_table_refers_to_the_folder_of_its_configuration(place, monkeypatch):
    text = """
    [[reg]]
    name = "distance"
    strength = 0.01
    on = "dense1.weights"
    reference = "start.npz:dense1.weights"
    """
    (place / "two" / "run.toml").write_text(text)
    made = job(replace(config_from_file(Path("two/run.toml")), samples=5, hidden=(4,)), [Distance])
    assert made.regularizers[0].reference.array[0, 0] == 1 / 8
    (place / "run.toml").write_text(text)
    with pytest.raises(
        FieldError, match=r"^run\.toml: Distance: reference: start\.npz does not ex"
    ):
        job(config_from_file(Path("run.toml")), [Distance])


def test_training_from_python_keeps_copies_too(place):
    X, y = rk.datasets.spiral(samples=5, classes=3)
    penalty = Distance(0.01, on="dense1.weights", reference="one/start.npz:dense1.weights")
    text = '{ name = "l2", strength = 0.25 }'
    for number, regularizers in enumerate(([penalty, text], [penalty, {"name": "l2"}])):
        model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
        out = place / f"run{number}"
        rk.train(model, X, y, optimizer=rk.SGD(0.1), regularizers=regularizers, epochs=2, out=out)
        assert (out / "files/start.npz").exists()
        found = config_from_file(out / "config.toml").reg
        assert dict(found[0].fields)["reference"] == "files/start.npz:dense1.weights"
        assert found[1] == ("l2=0.25", "l2=1.0")[number]
        (out / "files/start.npz").write_bytes(b"")
        with pytest.raises(InputError, match=r"files/start\.npz is not what the run wrote"):
            rk.load(out)


def test_an_entry_without_files_stays_as_it_is(place):
    for entry in ("l2=1e-3@dense1", '{ name = "l2" }'):
        assert holding_files(entry, rk.regularizer(entry)) is entry
    assert holding_files("raw", object()) == "raw"


def test_a_file_that_changes_while_a_run_is_set_up_is_not_copied(place):
    made = job(replace(TINY, reg=(spec("one/start.npz"),)), [Distance])
    (one,) = copied_files(made.config)
    assert one.content() == (place / "one" / "start.npz").read_bytes()
    (place / "one" / "start.npz").write_bytes(b"")
    with pytest.raises(InputError, match=r"one/start\.npz has changed since it was read"):
        one.content()


def test_links_among_the_copies_are_refused(place):
    trained((spec("one/start.npz"),))
    copy = place / "run/files/start.npz"
    copy.unlink()
    copy.symlink_to(place / "one" / "start.npz")
    with pytest.raises(InputError, match=r"start\.npz is a symbolic link, not a regular file"):
        rk.load(place / "run")
    copy.unlink()
    copy.parent.rmdir()
    copy.parent.symlink_to(place / "one")
    with pytest.raises(InputError, match="files is a symbolic link, not a folder"):
        rk.load(place / "run")
