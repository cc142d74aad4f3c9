"""Making and comparing manifests: what determines a run's results."""

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
from regkit.kernels.kernels import Kernels
from regkit.regularizers.file import File
from regkit.regularizers.spec import RESERVED
from regkit.regularizers.table import Entry, Table, read
from regkit.runs.config import OUTPUT, Config
from regkit.runs.copied_files import copied_files
from regkit.runs.digests import PARTS, data_digests, digest_of_arrays, digest_of_files
from regkit.runs.folder import CONFIG, PREPARATION, digest
from regkit.runs.manifest_file import FORMAT, Manifest
from regkit.runs.prepared import RunData
from regkit.runs.settings import settings

PACKAGE = Path(__file__).parents[1]

NOT_IN_THE_IDENTITY = {"data", "test", "val_file", "epochs", "threads", "kernels"}
"""Paths, whose contents count, what `resume` may change, and what the manifest tells better."""


def manifest_of(
    config: Config,
    data: RunData,
    *,
    settings_file: bytes,
    preparation_file: bytes,
    plugin_files: Sequence[Path],
    start: Array,
    threads: int | None,
    kernels: Kernels,
) -> Manifest:
    """The manifest of a run that is about to start in this process.

    Args:
        config: the settings.
        data: what they ask for.
        settings_file: the contents of `config.toml`.
        preparation_file: the contents of `preparation.json`.
        plugin_files: the files given with --plugin-file.
        start: the parameters before the first step.
        threads: the number of BLAS threads.
        kernels: those of the run.

    Raises:
        InputError: a file can no longer be read.
    """
    manifest: Manifest = {
        "format": FORMAT,
        "identity": "",
        "files": {
            CONFIG: [digest(settings_file)],
            PREPARATION: [digest(preparation_file)],
            **{one.name: [one.digest] for one in copied_files(config)},
        },
        "versions": {
            "regkit": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "platform": platform.platform(),
            **kernels.versions,
        },
        "code": digest_of_files(sorted(PACKAGE.rglob("*.py"))),
        "blas": {**_blas(), "threads": threads},
        "kernels": kernels.name,
        "plugins": plugin_versions(config.reg),
        "plugin_files": {path.name: digest_of_files([path]) for path in plugin_files},
        "data": data_digests(data),
    }
    return {**manifest, "identity": _identity(config, manifest, start)}


def _identity(config: Config, manifest: Manifest, start: Array) -> str:
    """The same for runs that must have the same parameters after the same number of epochs."""
    left_out = {one.name for one in settings() if one.about.group == OUTPUT}
    determines = {
        "settings": {
            one.name: getattr(config, one.name)
            for one in settings()
            if one.name not in left_out | NOT_IN_THE_IDENTITY
        }
        | {"reg": list(map(_text, config.reg))},
        "preparation": manifest["files"][PREPARATION],
        "start": digest_of_arrays([start]),
        "data": [manifest["data"][title] for title in PARTS.values()],
        "parts": [manifest[part] for part in ("kernels", "plugins", "plugin_files")],
    }
    return digest(json.dumps(determines, sort_keys=True).encode())


def _text(entry: Entry) -> str:
    """A regularizer of the settings, with the contents of its files instead of their paths."""
    if not isinstance(entry, Table):
        return entry
    return str(
        entry.with_fields(
            **{
                name: f"{value.digest} {value.name or ''}"
                for name, value in entry.values
                if isinstance(value, File)
            }
        )
    )


def differences(then: Manifest, now: Manifest) -> list[str]:
    """The differences, one line each: `numpy: 2.1.0 then, 2.2.0 now`."""
    found = []
    for key in ("versions", "plugins", "plugin_files", "data", "blas"):
        was: Mapping[str, object] = then[key]
        is_now: Mapping[str, object] = now[key]
        for name in {**was, **is_now}:
            before, after = was.get(name), is_now.get(name)
            if before != after:
                found.append(f"{_title(key, name)}: {_shown(before)} then, {_shown(after)} now")
    if then["code"] != now["code"] and not any(line.startswith("regkit:") for line in found):
        found.append("regkit's code has changed under the same version")
    return found


def missing_plugins(manifest: Manifest) -> list[str]:
    """The distributions of a run's plugins that are no longer installed: `huber 1.0`."""
    here = {offer.distribution for offer in installed()}
    return sorted(
        {
            f"{plugin['distribution']} {plugin['version']}"
            for plugin in manifest["plugins"].values()
            if plugin is not None and plugin["distribution"] not in here
        }
    )


def plugin_versions(entries: Sequence[Entry]) -> dict[str, dict[str, str] | None]:
    """Each regularizer's distribution and version; None for one from a plugin file."""
    plugins: dict[str, dict[str, str] | None] = {}
    offers = installed()
    for entry in entries:
        if entry == RESERVED:
            continue
        name = read(entry).full_name
        plugins[name] = None
        for offer in offers:
            if name in (offer.spec_name, offer.qualified_name):
                plugins[name] = {
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


def _title(key: str, name: str) -> str:
    titles = {
        "versions": name,
        "plugins": f"plugin {name}",
        "plugin_files": f"plugin file {name}",
        "data": name,
        "blas": f"BLAS {name}",
    }
    return titles[key]


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(map(str, value.values()))
    text = "absent" if value is None else str(value)
    return text[:12] if len(text) == hashlib.sha256().digest_size * 2 else text
