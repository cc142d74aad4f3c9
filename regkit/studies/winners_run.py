"""The run of a study's winner, as `regkit train` makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from regkit.catalogue.plugin_files import classes_in
from regkit.errors import RegkitError
from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.studies.settings import with_seed
from regkit.training.blas_threads import one_thread
from regkit.warn import warn


def train_winner(
    name: str, config: Config, seed: int, run: Path, plugin_files: Sequence[Path]
) -> bool:
    """Train these settings with one seed, on all rows, and save the run.

    Whether it succeeded; that the winner fails on all rows does not take the result away.
    """
    classes = [cls for path in plugin_files for cls in classes_in(path)]
    config = replace(with_seed(config, seed), out=str(run))
    try:
        with one_thread():
            execute(config, classes=classes, plugin_files=plugin_files, force=True)
    except RegkitError as error:
        warn(f"there is no run of {name} with seed {seed}: {error}")
        return False
    return True
