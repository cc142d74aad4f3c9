"""The kit inside an author's own test file: one test for each law."""

from __future__ import annotations

from collections.abc import Callable

from regkit.testing.backend_names import NUMPY
from regkit.testing.backends import laws_for, library_of
from regkit.testing.check import title, verdict_on
from regkit.testing.law import Law


def law_tests(*regularizers: object, backend: str = NUMPY) -> Callable[[object, Law], None]:
    """A pytest test for each regularizer and each law; laws that do not apply pass.

    Assign it to a name that pytest collects:

        from regkit.testing import law_tests
        test_huber = law_tests(Huber(), Huber(delta=2.0))

    Args:
        regularizers: the regularizers to test.
        backend: as for `check_regularizer`.

    Raises:
        InputError: there is no such backend.
        MissingPackageError: the backend's library cannot be imported.
    """
    import pytest

    laws = laws_for(library_of(backend))

    @pytest.mark.parametrize("law", laws, ids=[law.name for law in laws])
    @pytest.mark.parametrize("regularizer", regularizers, ids=[title(r) for r in regularizers])
    def test(regularizer: object, law: Law) -> None:
        verdict = verdict_on(law, regularizer)
        if verdict.outcome == "failed":
            pytest.fail(f"{law.statement}\n{verdict}", pytrace=False)

    return test
