"""Notes on a plugin that concern no law."""

from __future__ import annotations

import nnfs
import numpy as np

from regkit.testing.cases import Case
from regkit.testing.laws.arrays import results
from regkit.testing.penalty_under_test import TRIED_STRENGTH, PenaltyUnderTest
from regkit.testing.violation import Violation

SLOW_IMPORT = 1.0
"""Seconds."""


def on_import(seconds: float) -> list[str]:
    """A note if a plugin is slow to import, which delays every training with it."""
    return [f"importing it takes {seconds:.1f} s"] if seconds > SLOW_IMPORT else []


def on_nnfs(regularizer: object) -> list[str]:
    """A note if results change after `nnfs.init()`.

    Calls it, which leaves NumPy changed: only for a process that is about to end.
    """
    try:
        penalty = PenaltyUnderTest(regularizer).at(TRIED_STRENGTH)
        params = penalty.one(Case("normal", (12, 9)))
        if params is None:
            return []
        before = results(penalty, params)
        nnfs.init()
        after = results(penalty, params)
    except Violation:
        return []
    changed = [h for h in before if not np.allclose(before[h], after[h], rtol=1e-9, atol=0)]
    if not changed:
        return []
    return [
        f"{', '.join(changed)} changes after nnfs.init(), which rebinds np.dot, np.zeros and "
        "np.eye for the whole process; write w @ w for np.dot(w, w)"
    ]
