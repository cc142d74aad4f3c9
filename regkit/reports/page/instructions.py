"""How to make a run or a study again: commands, settings and versions."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from regkit.reports.drawings.drawing import Numbers
from regkit.reports.page.section import Instructions
from regkit.runs.config import ARRAYS
from regkit.runs.config_file import config_from_file
from regkit.runs.folder import RunFolder
from regkit.runs.manifest_file import read_manifest
from regkit.studies.saved_study import SavedStudy
from regkit.studies.unseen_share import divides_a_table

SETTINGS = "study.toml"
"""Under which name the settings of a study are to be saved."""

FROM_SETTINGS = "Save the settings below as {}, and run"
OF_ARRAYS = (
    "It was trained on arrays from Python, which are not saved: the script that made them does the "
    "same again."
)
OF_A_STUDY = "It comes from a study, whose command makes it again; by itself it has no training."

BY_CURVATURE = ("optimizer", "lr", "momentum", "decay")
"""Settings that a path of a linear model has chosen by itself."""


def of_run(path: Path) -> Instructions:
    """Training it again, and replaying it."""
    folder = RunFolder(path)
    manifest = read_manifest(folder.manifest)
    blas = {f"BLAS {name}": value for name, value in manifest["blas"].items()}
    plugins = {
        f"plugin {name}": "a class of the file or of Python"
        if one is None
        else f"{one['distribution']} {one['version']}"
        for name, one in manifest["plugins"].items()
    }
    files = [f"--plugin-file {shlex.quote(name)}" for name in manifest["plugin_files"]]
    versions = {**manifest["versions"], **blas, "kernels": manifest["kernels"], **plugins}
    introduction, commands = (
        FROM_SETTINGS.format(folder.config.name),
        [
            " ".join(["regkit train config.toml", *files, "--out again"]),
            " ".join(["regkit verify", shlex.quote(str(path)), *files]),
        ],
    )
    config = config_from_file(folder.config)
    if config.data == ARRAYS or config.epochs == 0:
        introduction, commands = OF_ARRAYS if config.data == ARRAYS else OF_A_STUDY, []
    return Instructions(
        introduction,
        commands,
        folder.config.name,
        folder.config.read_text(encoding="utf-8"),
        _versions(versions),
    )


def of_study(study: SavedStudy) -> Instructions:
    """The command that makes the study again, with its settings in a file."""
    import tomli_w

    options = dict(study.plan["study"])
    kind = options.pop("kind")
    settings = dict(study.plan["settings"])
    if options.pop("by-curvature", False):
        for name in BY_CURVATURE:
            settings.pop(name, None)
    if not divides_a_table(settings["data"], settings.get("test")):
        options.pop("test-share", None)
    arms = {"arms": study.plan["arms"]} if "arms" in study.plan else {}
    made_with = study.plan["made-with"]
    plugin_files = [name for name in made_with if name.endswith(".py")]
    return Instructions(
        FROM_SETTINGS.format(SETTINGS),
        [_command(kind, options, plugin_files)],
        SETTINGS,
        tomli_w.dumps({**settings, **arms}),
        _versions(made_with),
    )


def _command(kind: str, options: Mapping[str, Any], plugin_files: Sequence[str]) -> str:
    """The command of a study; of Python where its seeds do not count from 0."""
    seeds = options["seeds"]
    if seeds != list(range(len(seeds))):
        arguments = {name.replace("-", "_"): value for name, value in options.items()}
        if plugin_files:
            arguments["plugin_files"] = list(plugin_files)
        told = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        call = f"import regkit as rk; print(rk.{kind}({SETTINGS!r}, {told}, out='again'))"
        return f"python -c {shlex.quote(call)}"
    words = ["regkit", kind, SETTINGS]
    for name, value in {**options, "seeds": len(seeds)}.items():
        if isinstance(value, bool):
            # Pruning alone is on by default.
            words += [f"--{name}"] if value else ["--no-prune"] * (name == "prune")
        else:
            given = value if isinstance(value, list) else [value]
            words += [word for one in given for word in (f"--{name}", str(one))]
    words += [word for name in plugin_files for word in ("--plugin-file", name)]
    return " ".join([*map(shlex.quote, words), "--out again"])


def _versions(found: Mapping[str, Any]) -> Numbers:
    return Numbers(("", "version"), [[name, str(value)] for name, value in found.items()])
