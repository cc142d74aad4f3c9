"""The check kit for authors of penalties: laws, verdicts and reports.

`check_regularizer(regularizer)` gives a `Report`; `law_tests(regularizer, …)` is a parametrized
test for an author's own test file; `regkit check` runs the same laws in a separate process.
"""

from regkit.testing.cases import case
from regkit.testing.check import check_regularizer
from regkit.testing.laws import LAWS
from regkit.testing.parametrized import law_tests
from regkit.testing.report import Report, Verdict

__all__ = ["LAWS", "Report", "Verdict", "case", "check_regularizer", "law_tests"]
