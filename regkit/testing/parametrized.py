"""The kit inside an author's own test file: one test for each law."""

from __future__ import annotations

from collections.abc import Callable

from regkit.testing.check import title, verdict_on
from regkit.testing.law import Law
from regkit.testing.laws import LAWS


def law_tests(*regularizers: object) -> Callable[[object, Law], None]:
    """A pytest test for each regularizer and each law; laws that do not apply pass.

    Assign it to a name that pytest collects:

        from regkit.testing import law_tests
        test_huber = law_tests(Huber(), Huber(delta=2.0))
    """
    import pytest

    @pytest.mark.parametrize("law", LAWS, ids=[law.name for law in LAWS])
    @pytest.mark.parametrize("regularizer", regularizers, ids=[title(r) for r in regularizers])
    def test(regularizer: object, law: Law) -> None:
        verdict = verdict_on(law, regularizer)
        if verdict.outcome == "failed":
            pytest.fail(f"{law.statement}\n{verdict}", pytrace=False)

    return test
