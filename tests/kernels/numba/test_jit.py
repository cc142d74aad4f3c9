"""Kernels are compiled once, and who waits for it at a terminal is told."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from regkit import startup
from regkit.kernels.numba import jit

SOURCE = """
from regkit.kernels.numba.jit import {decorator}


@{decorator}
def sum_of(x, y):
    return x + y
"""
USER = """
import numba


@numba.njit
def sum_of(x, y):
    return x + y
"""


@pytest.fixture
def told(monkeypatch):
    said = []
    monkeypatch.setattr(startup, "announce", said.append)
    monkeypatch.setattr(jit._announcement, "is_due", True)
    return said


def imported(folder, source):
    """A module of its own, whose compiled code is kept beside it."""
    file = folder / "summing.py"
    if not file.exists():  # Of a file that is newer, nothing is taken from the disk.
        file.write_text(source)
    spec = spec_from_file_location("summing", file)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("decorator", ["kernel", "ordered_kernel", "exact_kernel"])
def test_the_first_compilation_is_told_and_what_is_on_disk_is_not(tmp_path, told, decorator):
    source = SOURCE.format(decorator=decorator)
    sum_of = imported(tmp_path, source).sum_of
    assert not told
    assert sum_of(1, 2) == 3
    assert sum_of(1.0, 2.0) == 3
    [text] = told
    assert "compiling kernels of this job" in text
    told.clear()
    assert imported(tmp_path, source).sum_of(1, 2) == 3
    assert not told


def test_a_kernel_of_somebody_elses_is_no_news(tmp_path, told):
    assert imported(tmp_path, USER).sum_of(1, 2) == 3
    assert not told


def test_a_library_says_nothing(tmp_path):
    (tmp_path / "summing.py").write_text(SOURCE.format(decorator="kernel"))
    done = subprocess.run(
        [sys.executable, "-c", "import summing; print(summing.sum_of(1, 2))"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert (done.stdout, done.stderr) == ("3\n", "")
