"""What a run was made with, and what differs between then and now.

Covers: regkit/runs/digests.py
"""

import copy
import hashlib
import json
import platform
from importlib.metadata import version

import numpy as np
import pytest

import regkit as rk
from regkit.data import Preparation
from regkit.data.input_column import InputColumn
from regkit.errors import InputError
from regkit.kernels.choice import kernels_for
from regkit.kernels.kernels import Kernels
from regkit.runs.config import Config
from regkit.runs.digests import data_digests
from regkit.runs.manifest import differences, manifest_of, missing_plugins
from regkit.runs.manifest_file import FORMAT, Manifest, read_manifest, write_manifest
from regkit.runs.prepared import DATA, TEST, VALIDATION, RunData

PREPARATION = Preparation("regression", "y", (), (InputColumn("x"),))
ROWS = (np.zeros((3, 1)), np.zeros(3))


def run_data(training=ROWS, **more):
    return RunData(PREPARATION, training, **{"held_out": {}} | more)


def manifest(
    config=None,
    *,
    specs=(),
    plugin_files=(),
    data=None,
    threads=1,
    kernels=None,
    preparation=b"preparation",
    start=(1.0, 2.0),
):
    return manifest_of(
        config or Config(reg=tuple(specs)),
        data or run_data(),
        settings_file=b"settings",
        preparation_file=preparation,
        plugin_files=plugin_files,
        start=np.array(start),
        threads=threads,
        kernels=kernels or Kernels(),
    )


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_it_holds_the_versions_that_results_depend_on():
    found = manifest(kernels=kernels_for("compiled", entries=0), threads=2)
    assert found.keys() == Manifest.__annotations__.keys()
    assert found["format"] == FORMAT
    assert found["versions"] == {
        "regkit": rk.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": platform.platform(),
        "numba": version("numba"),
    }
    assert found["kernels"] == "compiled"
    assert found["blas"]["threads"] == 2
    assert "numba" not in manifest()["versions"]


def test_the_blas_is_the_one_that_numpy_was_built_with():
    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    found = manifest()["blas"]
    assert found.keys() == {"name", "version", "kernel", "threads"}
    assert found["name"] in built


def test_files_are_known_by_their_content(tmp_path):
    for name in ("table.csv", "test.csv", "val.csv", "huber.py"):
        (tmp_path / name).write_text(name)
    files = {DATA: "table.csv", VALIDATION: "val.csv", TEST: "test.csv"}
    data = run_data(files={part: tmp_path / name for part, name in files.items()})
    found = manifest(data=data, plugin_files=[tmp_path / "huber.py"])
    assert found["data"]["data file"] == sha256(b"table.csv")
    assert found["data"]["validation file"] == sha256(b"val.csv")
    assert found["data"]["test file"] == sha256(b"test.csv")
    assert found["plugin_files"] == {"huber.py": sha256(b"huber.py")}
    assert found["files"] == {
        "config.toml": [sha256(b"settings")],
        "preparation.json": [sha256(b"preparation")],
    }
    assert manifest()["data"]["data file"] is None


def test_a_data_file_that_is_gone_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.csv cannot be read: No such file"):
        data_digests(run_data(files={DATA: tmp_path / "gone.csv"}))


def test_rows_are_known_by_type_shape_and_content_and_not_by_their_layout():
    X, y = np.arange(6.0).reshape(2, 3), np.array([0, 1])

    def found(*arrays):
        return data_digests(run_data(arrays))["training rows"]

    assert found(X, y) == found(X.copy(order="F"), y)
    assert found(X, y) == found(np.repeat(X, 2, axis=1)[:, ::2], y)
    others = [
        found(X + 1e-15, y),
        found(X.astype(np.float32), y),
        found(X.reshape(3, 2), y),
        found(X, y[:1]),
        found(y, X),
    ]
    assert len({found(X, y), *others}) == 1 + len(others)


def test_all_rows_are_known_part_by_part():
    parts = {VALIDATION: "validation rows", TEST: "test rows"}
    nothing = data_digests(run_data())
    assert all(nothing[title] is None for title in parts.values())
    for part, title in parts.items():
        found = data_digests(run_data(held_out={part: ROWS}))
        assert {name for name in found if found[name] != nothing[name]} == {title}
    weighted = data_digests(run_data(sample_weight=np.ones(3)))
    assert weighted["training rows"] != nothing["training rows"]


def test_runs_that_must_give_the_same_parameters_are_one_run():
    """However long, wherever, and however they are shown."""
    same = {"epochs": 7, "out": "elsewhere", "json": True, "quiet": True, "log_every": 1}
    assert manifest(Config(**same))["identity"] == manifest(Config())["identity"]
    table = {"data": "here.csv", "test": "there.csv"}
    assert manifest(Config(**table))["identity"] == manifest(Config())["identity"]
    assert manifest(threads=2)["identity"] == manifest()["identity"]


def test_runs_that_differ_in_anything_else_are_others(tmp_path):
    (tmp_path / "huber.py").write_text("1")
    identities = [
        found["identity"]
        for found in (
            manifest(),
            manifest(Config(seed=1, reg=())),
            manifest(Config(lr=0.1, reg=())),
            manifest(specs=["l1=1e-3"]),
            manifest(data=run_data((np.ones((3, 1)), np.zeros(3)))),
            manifest(data=run_data(held_out={VALIDATION: ROWS})),
            manifest(preparation=b"other"),
            manifest(start=(1.0, 3.0)),
            manifest(plugin_files=[tmp_path / "huber.py"]),
            manifest(kernels=kernels_for("compiled", entries=0)),
        )
    ]
    assert len(set(identities)) == len(identities)


def test_each_regularizer_has_its_distribution_and_version(importable):
    importable.install("regkit-huber", {"huber": "nowhere:Huber", "l2": "nowhere:L2"}, "1.5")
    found = manifest(specs=["l2=0.1@dense1", "huber=1", "regkit-huber/l2=2", "from_a_file=3"])
    own = {"distribution": "regkit-nn", "version": version("regkit-nn")}
    theirs = {"distribution": "regkit-huber", "version": "1.5"}
    assert found["plugins"] == {
        "l2": own,
        "huber": theirs,
        "regkit-huber/l2": theirs,
        "from_a_file": None,
    }
    assert manifest(specs=["none"])["plugins"] == {}


def test_a_distribution_that_is_gone_is_missing(importable):
    importable.install("regkit-huber", {"huber": "nowhere:Huber"}, "1.5")
    found = manifest(specs=["huber=1", "l1=1", "from_a_file=3"])
    assert missing_plugins(found) == []
    found["plugins"]["cauchy"] = {"distribution": "regkit-cauchy", "version": "0.3"}
    found["plugins"]["tukey"] = found["plugins"]["cauchy"]
    assert missing_plugins(found) == ["regkit-cauchy 0.3"]


@pytest.mark.parametrize(
    ("part", "name", "before", "after", "line"),
    [
        ("versions", "numpy", "1.0", "2.0", "numpy: 1.0 then, 2.0 now"),
        ("versions", "numba", None, "0.61", "numba: absent then, 0.61 now"),
        ("blas", "threads", 1, 4, "BLAS threads: 1 then, 4 now"),
        ("data", "test rows", "a" * 64, "b" * 64, f"test rows: {'a' * 12} then, {'b' * 12} now"),
        (
            "plugin_files",
            "my.py",
            "a" * 64,
            None,
            f"plugin file my.py: {'a' * 12} then, absent now",
        ),
        (
            "plugins",
            "huber",
            {"distribution": "regkit-huber", "version": "1.0"},
            {"distribution": "regkit-huber", "version": "2.0"},
            "plugin huber: regkit-huber 1.0 then, regkit-huber 2.0 now",
        ),
    ],
)
def test_what_differs_is_a_line_each(part, name, before, after, line):
    then, now = manifest(), manifest()
    for one, value in ((then, before), (now, after)):
        if value is not None:
            one[part][name] = value
    assert differences(then, now) == [line]


def test_nothing_differs_from_itself_in_a_file():
    then = manifest(specs=["l1=0.1"])
    assert differences(json.loads(json.dumps(then)), copy.deepcopy(then)) == []


def test_other_code_is_told_only_under_the_same_version():
    then, now = manifest(), manifest() | {"code": "other"}
    assert differences(then, now) == ["regkit's code has changed under the same version"]
    now["versions"] = now["versions"] | {"regkit": "99"}
    assert differences(then, now) == [f"regkit: {rk.__version__} then, 99 now"]


def test_what_was_written_is_read(tmp_path):
    written = manifest(specs=["l1=0.1"])
    write_manifest(tmp_path / "manifest.json", written)
    assert read_manifest(tmp_path / "manifest.json") == written
