"""Which kernels a job gets: by its settings alone.

Covers: regkit/kernels/names.py
"""

import sys

import pytest

from regkit.errors import InputError
from regkit.kernels.choice import WORTH_COMPILING, kernels_for
from regkit.kernels.names import checked_name


@pytest.mark.parametrize(
    ("name", "entries", "chosen"),
    [
        ("auto", WORTH_COMPILING - 1, "numpy"),
        ("auto", WORTH_COMPILING, "compiled"),
        ("numpy", 1e20, "numpy"),
        ("compiled", 0, "compiled"),
    ],
)
def test_the_name_and_the_size_of_the_job_decide(name, entries, chosen):
    for _ in range(2):  # Nor does it matter what was loaded or compiled before.
        assert kernels_for(name, entries=entries).name == chosen


def test_a_run_has_kernels_of_its_own():
    assert kernels_for("numpy", entries=0) is not kernels_for("numpy", entries=0)


def test_without_numba_a_long_job_gets_numpys(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert kernels_for("auto", entries=1e20).name == "numpy"
    with pytest.raises(InputError, match=r"pip install 'regkit-nn\[compiled\]', or use 'numpy'"):
        kernels_for("compiled", entries=1e20)


def test_the_versions_that_results_depend_on_are_known():
    import numba

    assert kernels_for("compiled", entries=0).versions == {"numba": numba.__version__}
    assert kernels_for("numpy", entries=0).versions == {}


@pytest.mark.parametrize("name", ["cuda", "", None, 1, ["numpy"]])
def test_other_names_are_refused(name):
    with pytest.raises(InputError, match="kernels must be 'auto', 'numpy' or 'compiled', got"):
        checked_name(name)
