"""For 256-bit vectors no kernel of a hidden layer's pass is compiled to stores under a mask.

A store that keeps some lanes takes some processors ten times as long, and no result shows it.

Covers: regkit/kernels/numba/activations.py, regkit/kernels/numba/losses.py
"""

import os
import re
import subprocess
import sys

import pytest

PROGRAM = """
from numba import float32, int32, int64

from regkit.kernels.numba.activations import activate, let_through
from regkit.kernels.numba.jit import kernel
from regkit.kernels.numba.losses import loss_gradient


@kernel
def rectify_in_place(row, n):
    for i in range(n):
        row[i] = row[i] if row[i] > 0 else row.dtype.type(0)


row, rows, bits = float32[::1], float32[:, ::1], int32[::1]
for function, signature in [
    (activate, (int64, row, row, row, bits, int64)),
    (let_through, (int64, row, row, int64)),
    (loss_gradient, (int64, row, rows, row, row, bits, int64)),
    (rectify_in_place, (row, int64)),
]:
    function.compile(signature)
    print("kernel", function.__name__)
    print(function.inspect_asm(signature))
"""
CPU = {"NUMBA_CPU_NAME": "znver3", "NUMBA_CPU_FEATURES": "+avx2,+fma"}


@pytest.mark.slow
def test_no_vector_is_stored_under_a_mask(tmp_path):
    file = tmp_path / "program.py"  # Kernels are kept beside their source.
    file.write_text(PROGRAM)
    environment = os.environ | CPU | {"NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, file], env=environment, capture_output=True, text=True, check=True
    )
    parts = re.split(r"^kernel (\w+)$", done.stdout, flags=re.MULTILINE)[1:]
    compiled = dict(zip(parts[::2], parts[1::2], strict=True))
    assert all("%ymm" in text for text in compiled.values())  # Else nothing here is in vectors.
    # What is stored stands before the place in memory, which ends in a bracket.
    masked = {
        name for name, text in compiled.items() if re.search(r"\tvp?maskmov\w+\t%.*\)$", text, re.M)
    }
    assert masked == {"rectify_in_place"}  # As it should not be done, to see that it is seen.
