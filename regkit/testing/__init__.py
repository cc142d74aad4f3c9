"""The check kit for authors of penalties: laws, verdicts and reports.

`check_regularizer(regularizer)` gives a `Report`; `law_tests(regularizer, …)` is a parametrized
test for an author's own test file; `regkit check` runs the same laws in a separate process. That
one waits for a report without laws of its own, so names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOME = {
    "LAWS": "regkit.testing.laws",
    "Report": "regkit.testing.report",
    "Verdict": "regkit.testing.report",
    "case": "regkit.testing.cases",
    "check_regularizer": "regkit.testing.check",
    "law_tests": "regkit.testing.parametrized",
}

__all__ = ["LAWS", "Report", "Verdict", "case", "check_regularizer", "law_tests"]

if TYPE_CHECKING:
    from regkit.testing.cases import case
    from regkit.testing.check import check_regularizer
    from regkit.testing.laws import LAWS
    from regkit.testing.parametrized import law_tests
    from regkit.testing.report import Report, Verdict


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
