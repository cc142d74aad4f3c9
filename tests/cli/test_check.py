"""`regkit check`: exit codes, and the other specs when one is at fault."""

import json
import re

import pytest

from regkit.cli.check import check
from regkit.testing.backend_names import BACKENDS

GOOD_AND_BAD = """
import numpy as np
from regkit import Regularizer

class Right(Regularizer):
    def value(self, w):
        return float(np.sum(w.astype(float) ** 2))

    def grad(self, w):
        return 2 * w

class Wrong(Right):
    def grad(self, w):
        return w
"""


def test_every_spec_is_checked_and_the_exit_code_says_if_one_fails(regkit, workplace):
    (workplace / "mine.py").write_text(GOOD_AND_BAD)
    done = regkit("check", "--plugin-file", "mine.py", "wrong", "absent", "right=0.3")
    assert done.code == 2
    assert re.search(r"^right=0\.3: (\d+) of \1 applicable laws hold$", done.out, re.MULTILINE)
    assert "FAILED  gradient" in done.out
    assert "unknown regularizer 'absent'" in done.out
    assert done.error == "wrong fails gradient, directional-derivative; absent fails loads"


def test_all_laws_holding_is_exit_code_0(regkit):
    done = regkit("check", "l2=0.0005@dense1")
    assert (done.code, done.err) == (0, "")
    assert re.match(r"l2=0\.0005@dense1: (\d+) of \1 applicable laws hold\n", done.out)


def test_json_is_one_array_and_nothing_else(regkit, workplace):
    (workplace / "mine.py").write_text("print('noise')\n" + GOOD_AND_BAD)
    done = regkit("check", "--json", "--plugin-file", "mine.py", "wrong", "right")
    assert done.code == 2
    wrong, right = json.loads(done.out)
    failed = [one["law"] for one in wrong["verdicts"] if one["outcome"] == "failed"]
    assert failed == ["quiet", "gradient", "directional-derivative"]
    assert wrong["regularizer"] == "wrong"
    assert not right["ok"]
    gradient = next(one for one in wrong["verdicts"] if one["law"] == "gradient")
    assert set(gradient) == {"law", "outcome", "reason", "tried", "decided", "counterexample"}


def test_a_time_limit_that_is_none_is_bad_usage(regkit):
    done = regkit("check", "l2", "--time-limit", "0")
    assert done.code == 2
    assert "--time-limit" in done.error


def test_nothing_to_check_is_bad_usage(regkit):
    assert regkit("check").code == 2


def test_an_absent_plugin_file_is_a_finding(regkit):
    done = regkit("check", "--plugin-file", "absent.py", "l2")
    assert done.code == 2
    assert "absent.py does not exist" in done.out


def test_an_empty_spec_is_bad_usage(regkit):
    done = regkit("check", "l2", "")
    assert (done.code, done.out) == (2, "")
    assert done.error == "a SPEC is empty: write for example l2, or l2=0.0005"


def test_a_plugin_file_that_is_a_folder_is_called_no_file(regkit, workplace):
    (workplace / "folder.py").mkdir()
    assert "folder.py is not a file" in regkit("check", "--plugin-file", "folder.py", "l2").out


def test_a_spec_without_a_strength_is_checked_without_a_warning(regkit):
    done = regkit("check", "l2")
    assert (done.code, done.err) == (0, "")
    assert "FAILED" not in done.out


@pytest.fixture
def without_torch(site):
    """A path on which PyTorch is missing; whoever asks for it is noted in a file."""
    asked = site.folder / "asked"
    (site.folder / "torch.py").write_text(
        f"from pathlib import Path\nPath({str(asked)!r}).touch()\n"
        "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n"
    )
    return asked


def test_without_a_backend_pytorch_is_not_asked_for(regkit, without_torch):
    done = regkit("check", "l2", "--json")
    assert done.code == 0
    assert not without_torch.exists()
    laws = {verdict["law"] for verdict in json.loads(done.out)[0]["verdicts"]}
    assert not {"torch", "torch-prox"} & laws


def test_a_backend_whose_package_is_missing_is_one_line_and_no_report(regkit, without_torch):
    done = regkit("check", "l2", "absent", "--backend", "torch")
    assert (done.code, done.out) == (2, "")
    assert done.error == (
        "--backend torch needs torch, which is not installed: pip install 'regkit-nn[torch]'"
    )
    assert without_torch.exists()


def test_an_unknown_backend_is_bad_usage(regkit):
    done = regkit("check", "l2", "--backend", "pytorch")
    assert (done.code, done.out) == (2, "")
    assert "--backend" in done.error
    assert "'numpy', 'torch'" in done.error


def test_the_flag_takes_every_backend_that_there_is():
    (flag,) = (one for one in check.params if one.name == "backend")
    assert tuple(flag.type.choices) == BACKENDS
    assert flag.default == BACKENDS[0]
