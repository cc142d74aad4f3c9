"""The library of an array, and sums in float64 where it has them."""

import subprocess
import sys

import array_api_compat
import array_api_strict
import numpy as np
import pytest

from regkit import array_libraries
from regkit.array_libraries import array_namespace, float64_sum, in_float64

WITHOUT_FLOAT64 = array_api_strict.Device("no_float64")
# A tenth, rounded to float32: its sum in float32 is wrong in the third digit.
TENTHS = np.full(1_000_003, 0.1, np.float32)
EXACT = 1_000_003 * float(np.float32(0.1))


def test_numpy_serves_its_own_arrays():
    xp = array_namespace(np.ones(3))
    assert xp is np
    for name in ("astype", "concat", "copysign", "cumulative_sum", "permute_dims", "unstack"):
        assert callable(getattr(xp, name))


def test_a_numpy_without_all_of_the_standard_is_wrapped(monkeypatch):
    monkeypatch.setattr(np, "__array_api_version__", "2022.12")
    w = np.ones(3)
    assert array_namespace(w) is array_api_compat.array_namespace(w)


def test_a_library_of_the_standard_serves_its_arrays():
    assert array_namespace(array_api_strict.ones(3)) is array_api_strict


@pytest.mark.parametrize("thing", [1.0, [1.0], None, "w"])
def test_what_is_no_array_is_refused(thing):
    with pytest.raises(TypeError, match="array"):
        array_namespace(thing)


@pytest.mark.parametrize("xp", [np, array_api_strict])
def test_sums_are_accumulated_in_float64(xp):
    total = float64_sum(xp.asarray(TENTHS))
    assert (total.shape, total.dtype) == ((), xp.float64)
    assert float(total) == pytest.approx(EXACT, rel=1e-14)


def test_a_device_without_float64_sums_in_the_arrays_own_type():
    w = array_api_strict.asarray(TENTHS[:8], device=WITHOUT_FLOAT64)
    total = float64_sum(w)
    assert (total.shape, total.dtype, total.device) == ((), array_api_strict.float32, w.device)
    assert in_float64(w) is w


@pytest.mark.parametrize("xp", [np, array_api_strict])
def test_widening_copies_only_what_is_narrower(xp):
    narrow, wide = xp.asarray(TENTHS[:4]), xp.asarray(TENTHS[:4], dtype=xp.float64)
    assert in_float64(narrow).dtype == xp.float64
    assert bool(xp.all(in_float64(narrow) == wide))
    assert np.shares_memory(np.asarray(in_float64(wide)), np.asarray(wide))


def test_numpy_arrays_do_not_load_array_api_compat():
    """Its copy of NumPy's names takes a tenth of a second to import."""
    program = (
        "import sys, numpy as np, regkit as rk; w = np.ones((2, 2), np.float32); p = rk.L1(); "
        "p.value(w), p.grad(w), p.prox(w, 0.1), rk.float64_sum(w), rk.array_namespace(w); "
        "print('array_api_compat' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_the_public_names_stay_functions_when_the_module_is_imported():
    import regkit

    assert regkit.array_namespace is array_libraries.array_namespace
    assert regkit.float64_sum is array_libraries.float64_sum


def test_the_largest_of_no_sizes_is_0():
    assert array_libraries.largest(np.empty((0, 3))) == 0.0
    assert array_libraries.largest(np.array([[0.5, 2.0]])) == 2.0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_array_beside_another_is_of_its_library_and_a_copy(dtype):
    own = np.array([1.5, 2.5])
    own.flags.writeable = False
    w = array_api_strict.asarray([0.0, 0.0], dtype=getattr(array_api_strict, dtype))
    moved = array_libraries.beside(w, own, w.dtype)
    assert type(moved) is type(w)
    assert moved.dtype == w.dtype
    assert float(moved[1]) == 2.5
    mask = array_libraries.beside(w, own > 2)
    assert mask.dtype == array_api_strict.bool


def test_zeros_are_like_an_array_of_its_library():
    w = array_api_strict.asarray([[0.5, 1.5]], dtype=array_api_strict.float32)
    zeros = array_libraries.zeros_like(w)
    assert (type(zeros), zeros.dtype, zeros.shape) == (type(w), w.dtype, w.shape)
    assert not np.asarray(zeros).any()


def test_any_array_is_shown_as_numpys_with_its_dtype():
    own = np.ones((2, 3), np.float32)
    assert array_libraries.in_numpy(own) is own
    for dtype in ("float32", "float64"):
        shown = array_libraries.in_numpy(
            array_api_strict.asarray([[0.5, 1.5]], dtype=getattr(array_api_strict, dtype))
        )
        assert type(shown) is np.ndarray
        assert shown.dtype == dtype
        assert shown.tolist() == [[0.5, 1.5]]


@pytest.mark.parametrize("convert", [np.asarray, array_api_strict.asarray])
def test_finiteness_of_arrays_of_any_library(convert):
    largest = float(np.finfo(np.float32).max)
    for numbers, finite in (([1.0, largest, largest], True), ([], True), ([1.0, np.nan], False)):
        assert array_libraries.is_finite(convert(np.array(numbers, np.float32))) == finite
    assert not array_libraries.is_finite(convert(np.array([np.inf, -np.inf])))


@pytest.mark.parametrize("view", [lambda w: w, lambda w: w.T, lambda w: w[:, ::2]])
def test_finiteness_of_numpy_arrays_of_any_memory_order(view):
    w = np.full((30, 8), 1e200)
    assert array_libraries.is_finite(view(w))
    w[7, 4] = np.inf
    assert not array_libraries.is_finite(view(w))


def test_entries_are_at_hand_in_numpy_and_not_in_any_library():
    assert array_libraries.entries_are_at_hand(np.ones(2))
    assert not array_libraries.entries_are_at_hand(array_api_strict.asarray([1.0]))
