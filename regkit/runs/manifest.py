"""The manifest of a run: the versions, threads, plugins and data that determine its results."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from regkit.about import __version__
from regkit.array_types import Array
from regkit.catalogue.offers import installed
from regkit.errors import InputError
from regkit.kernels.kernels import Kernels
from regkit.regularizers.spec import RESERVED, parse
from regkit.runs.folder import FORMAT

PACKAGE = Path(__file__).parents[1]
KEYS = {"format", "versions", "code", "blas", "kernels", "plugins", "plugin_files", "data"}


def manifest_of(
    specs: Sequence[str],
    plugin_files: Sequence[Path],
    arrays: Sequence[Array],
    data_file: Path | None,
    threads: int | None,
    kernels: Kernels,
) -> dict[str, Any]:
    """The manifest of a run that is about to start in this process.

    Args:
        specs: the regularizers' spec strings.
        plugin_files: the files given with --plugin-file.
        arrays: the training data as passed to the model.
        data_file: their file, if any.
        threads: the number of BLAS threads.
        kernels: those of the run.
    """
    return {
        "format": FORMAT,
        "versions": {
            "regkit": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "platform": platform.platform(),
            **kernels.versions,
        },
        "code": _digest_of_files(sorted(PACKAGE.rglob("*.py"))),
        "blas": {**_blas(), "threads": threads},
        "kernels": kernels.name,
        "plugins": _plugins(specs),
        "plugin_files": {path.name: _digest_of_files([path]) for path in plugin_files},
        "data": {
            "arrays": _digest_of_arrays(arrays),
            "file": None if data_file is None else _digest_of_files([data_file]),
        },
    }


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest in a run's folder.

    Raises:
        InputError: it is missing or damaged.
    """
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest.keys() >= KEYS:
            return dict(manifest)
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    raise InputError(f"{path} is not the manifest of a run")


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The differences, one line each: `numpy: 2.1.0 then, 2.2.0 now`."""
    found = []
    for key in ("versions", "plugins", "plugin_files", "data", "blas"):
        names = {**then[key], **now[key]}
        for name in names:
            before, after = then[key].get(name), now[key].get(name)
            if before != after:
                found.append(f"{_title(key, name)}: {_shown(before)} then, {_shown(after)} now")
    if then["code"] != now["code"] and not any(line.startswith("regkit:") for line in found):
        found.append("regkit's code has changed under the same version")
    return found


def missing_plugins(manifest: Mapping[str, Any]) -> list[str]:
    """The distributions of a run's plugins that are no longer installed: `huber 1.0`."""
    here = {offer.distribution for offer in installed()}
    return sorted(
        {
            f"{plugin['distribution']} {plugin['version']}"
            for plugin in manifest["plugins"].values()
            if plugin is not None and plugin["distribution"] not in here
        }
    )


def _plugins(specs: Sequence[str]) -> dict[str, dict[str, str] | None]:
    """Each regularizer's distribution and version; None for one from a plugin file."""
    plugins: dict[str, dict[str, str] | None] = {}
    offers = installed()
    for text in specs:
        if text == RESERVED:
            continue
        spec = parse(text)
        plugins[spec.full_name] = None
        for offer in offers:
            if spec.full_name in (offer.spec_name, offer.qualified_name):
                plugins[spec.full_name] = {
                    "distribution": offer.distribution,
                    "version": offer.version,
                }
    return plugins


def _blas() -> dict[str, Any]:
    from threadpoolctl import threadpool_info

    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    if not pools:
        return {"name": "unknown"}
    # SciPy, if loaded, brings its own BLAS; training uses NumPy's.
    pool = next((one for one in pools if "numpy" in Path(one["filepath"]).parent.name), pools[0])
    return {
        "name": pool["internal_api"],
        "version": pool.get("version"),
        "kernel": pool.get("architecture"),
    }


def _digest_of_files(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _digest_of_arrays(arrays: Sequence[Array]) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _title(key: str, name: str) -> str:
    titles = {
        "versions": name,
        "plugins": f"plugin {name}",
        "plugin_files": f"plugin file {name}",
        "data": f"data ({name})",
        "blas": f"BLAS {name}",
    }
    return titles[key]


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(map(str, value.values()))
    text = "absent" if value is None else str(value)
    return text[:12] if len(text) == hashlib.sha256().digest_size * 2 else text
