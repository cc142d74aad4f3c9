"""A spec in a process of its own: what a plugin does to the process is a finding.

Covers: regkit/testing/child.py, regkit/testing/notes.py
"""

import pytest

from regkit.testing.isolated import check_spec

GOOD = """
import numpy as np
from regkit import Regularizer

class Plain(Regularizer):
    def value(self, w):
        return float(np.sum(w.astype(float) ** 2))

    def grad(self, w):
        return 2 * w
"""


@pytest.fixture
def plugin_file(tmp_path):
    def write(source):
        path = tmp_path / "plugin.py"
        path.write_text(source)
        return path

    return write


def failures(report):
    return {verdict.law: verdict.reason for verdict in report.failures}


def test_a_good_plugin_file_passes(plugin_file):
    report = check_spec("plain=0.3", plugin_files=[plugin_file(GOOD)])
    assert report.ok, report
    assert report.verdicts[0].law == "loads"
    assert report.notes == ()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import absent_library", "ModuleNotFoundError: No module named 'absent_library'"),
        ("import ctypes; ctypes.CDLL('libabsent.so')", "OSError: libabsent.so"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("def broken(", "SyntaxError"),
        ("x = 1", "defines no regularizer"),
    ],
)
def test_a_file_that_cannot_be_imported_is_one_finding(source, reason, plugin_file):
    report = check_spec("plain", plugin_files=[plugin_file(source)])
    assert list(failures(report)) == ["loads"]
    assert reason in failures(report)["loads"]
    assert report.verdicts[-1].reason == "it was not loaded"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os; os._exit(0)", "the process ended with exit code 0"),
        ("import os; os.abort()", "the process was killed by SIGABRT"),
        ("while True: pass", "it did not finish within the time limit of 5 s"),
    ],
)
def test_an_import_that_ends_or_blocks_the_process_is_one_finding(source, reason, plugin_file):
    report = check_spec("plain", plugin_files=[plugin_file(source)], time_limit=5)
    assert list(failures(report)) == ["loads"]
    assert reason in failures(report)["loads"]


def test_a_print_on_import_is_a_finding_and_the_rest_is_checked(plugin_file):
    report = check_spec("plain", plugin_files=[plugin_file("print('hello')" + GOOD)])
    assert failures(report) == {"quiet": "it printed 'hello' to stdout"}


def test_a_wrong_field_is_one_finding():
    report = check_spec("l1=0.1,at_nought=0")
    assert list(failures(report)) == ["loads"]
    assert "at_nought" in failures(report)["loads"]


def test_a_slow_import_is_a_note(plugin_file):
    slow = GOOD.replace("import numpy as np", "import time\nimport numpy as np\ntime.sleep(1.1)")
    report = check_spec("plain", plugin_files=[plugin_file(slow)])
    assert report.ok
    (note,) = report.notes
    assert note.startswith("importing it takes 1.")


def test_a_result_that_changes_after_nnfs_init_is_a_note(plugin_file):
    dot = GOOD.replace(
        "float(np.sum(w.astype(float) ** 2))",
        "float(np.dot(w.astype(float).ravel(), w.astype(float).ravel()))",
    )
    report = check_spec("plain", plugin_files=[plugin_file(dot)])
    assert report.ok, report
    (note,) = report.notes
    assert note.startswith("penalty changes after nnfs.init()")
