"""Whether a training came to its end, as far as its folder tells."""

from __future__ import annotations

import numpy as np

from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.runs.folder import RunFolder
from regkit.runs.metrics import Metrics

GREW = 1000
"""A loss that ends at so many times its least value is that of a training that diverges."""


def why_no_end(run: DrawnRun) -> str | None:
    """What stands in place of a result, as a clause about the run; None if it has one.

    A run that diverged saves nothing more: its folder looks like that of one that was stopped
    before its first checkpoint, unless its losses or its weights tell.
    """
    records = Metrics(RunFolder(run.path).metrics).read()
    epochs = "" if run.config is None else f" of {run.config.epochs}"
    where = f"after the record of epoch {records[-1].epoch}{epochs}"
    if run.saved is not None and not np.isfinite(run.saved.model.parameters).all():
        return f"diverged: its weights after {run.saved.epoch} epochs are not finite"
    if run.saved is not None:
        return None
    least = min(record.loss for record in records)
    if least > 0 and records[-1].loss >= GREW * least:
        return (
            f"diverged {where}, where its loss was {records[-1].loss:.3g} and had been {least:.3g}"
        )
    return f"did not end: it diverged {where}, or was stopped there before it saved weights"
