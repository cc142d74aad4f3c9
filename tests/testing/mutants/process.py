"""A plugin file of faults that end or block the process; a sub-process is where they are tried."""

import ctypes
import os

import numpy as np

from regkit import Regularizer


class Squares(Regularizer):
    def value(self, w):
        return float(np.sum(w.astype(float) ** 2))

    def grad(self, w):
        return 2 * w


class HangsForLarge(Squares):
    """a loop that never ends for more than six entries"""

    caught_by = "shape-and-dtype"

    def grad(self, w):
        while w.size > 6:
            pass
        return 2 * w


class LeavesTheProcess(Squares):
    """an `os._exit(0)` in a hook"""

    caught_by = "result-form"

    def value(self, w):
        os._exit(0)


class Crashes(Squares):
    """a segmentation fault in a compiled library"""

    caught_by = "result-form"

    def value(self, w):
        ctypes.string_at(0)


class PrintsBelowPython(Squares):
    """output that goes round `sys.stdout`"""

    caught_by = "quiet"

    def value(self, w):
        os.write(1, b"from C\n")
        return super().value(w)


PROCESS_MUTANTS = (HangsForLarge, LeavesTheProcess, Crashes, PrintsBelowPython)
