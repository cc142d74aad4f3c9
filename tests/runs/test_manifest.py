"""What a run was made with, and what differs between then and now."""

import copy
import hashlib
import json
import platform
from importlib.metadata import version

import numpy as np
import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.kernels.choice import kernels_for
from regkit.kernels.kernels import Kernels
from regkit.runs.folder import FORMAT
from regkit.runs.manifest import (
    KEYS,
    differences,
    manifest_of,
    missing_plugins,
    read_manifest,
)


def manifest(*, specs=(), plugin_files=(), arrays=(), data_file=None, threads=1, kernels=None):
    return manifest_of(specs, plugin_files, arrays, data_file, threads, kernels or Kernels())


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_it_holds_the_versions_that_results_depend_on():
    found = manifest(kernels=kernels_for("compiled", entries=0), threads=2)
    assert found.keys() == KEYS
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
    for name in ("table.csv", "huber.py"):
        (tmp_path / name).write_text(name)
    found = manifest(data_file=tmp_path / "table.csv", plugin_files=[tmp_path / "huber.py"])
    assert found["data"]["file"] == sha256(b"table.csv")
    assert found["plugin_files"] == {"huber.py": sha256(b"huber.py")}
    assert manifest()["data"]["file"] is None


def test_arrays_are_known_by_type_shape_and_content_and_not_by_their_layout():
    X, y = np.arange(6.0).reshape(2, 3), np.array([0, 1])

    def digest(*arrays):
        return manifest(arrays=arrays)["data"]["arrays"]

    assert digest(X, y) == digest(X.copy(order="F"), y)
    assert digest(X, y) == digest(np.repeat(X, 2, axis=1)[:, ::2], y)
    others = [
        digest(X + 1e-15, y),
        digest(X.astype(np.float32), y),
        digest(X.reshape(3, 2), y),
        digest(X),
        digest(y, X),
    ]
    assert len({digest(X, y), *others}) == 1 + len(others)


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
        ("data", "arrays", "a" * 64, "b" * 64, f"data (arrays): {'a' * 12} then, {'b' * 12} now"),
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
    then = manifest(specs=["l1=0.1"], arrays=[np.zeros(3)])
    assert differences(json.loads(json.dumps(then)), copy.deepcopy(then)) == []


def test_other_code_is_told_only_under_the_same_version():
    then, now = manifest(), manifest() | {"code": "other"}
    assert differences(then, now) == ["regkit's code has changed under the same version"]
    now["versions"] = now["versions"] | {"regkit": "99"}
    assert differences(then, now) == [f"regkit: {rk.__version__} then, 99 now"]


def test_what_was_written_is_read(tmp_path):
    written = manifest(specs=["l1=0.1"])
    (tmp_path / "manifest.json").write_text(json.dumps(written))
    assert read_manifest(tmp_path / "manifest.json") == written


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read"),
        (b"", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"format": 2}', "is not the manifest of a run"),
    ],
)
def test_what_is_no_manifest_is_refused_by_name(tmp_path, content, complaint):
    path = tmp_path / "manifest.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=rf"manifest\.json {complaint}"):
        read_manifest(path)
