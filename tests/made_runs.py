"""Folders of small runs, made in this process."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from regkit.runs.config import Config
from regkit.runs.job import job
from regkit.runs.start import started


def made_run(path: Path, **settings: Any) -> dict[str, np.ndarray]:
    """Train a small run into a folder; the weights before the first step, by layer."""
    small = {
        "samples": 20,
        "hidden": (8,),
        "epochs": 31,
        "log_every": 5,
        "seed": 3,
        "gradient_norms": True,
    }
    made = job(Config(**small | settings))
    before = {layer.name: layer.weights.copy() for layer in made.model.parameter_layers}
    with started(path, made, plugin_files=(), force=False) as session:
        for _ in session.records():
            pass
    return before


def edit_settings(run: Path, old: str, new: str) -> None:
    """Change a run's settings as if it had been started with them: the manifest seals them anew."""
    config, manifest = run / "config.toml", run / "manifest.json"
    config.write_text(config.read_text().replace(old, new))
    plain = json.loads(manifest.read_text())
    plain["files"]["config.toml"] = [hashlib.sha256(config.read_bytes()).hexdigest()]
    manifest.write_text(json.dumps(plain))
