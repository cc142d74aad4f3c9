"""The kit in an author's own test file: two lines, a test for each law."""

import subprocess
import sys
from textwrap import dedent

import pytest

from regkit.testing import LAWS


@pytest.fixture
def run_pytest(tmp_path):
    def run(source):
        path = tmp_path / "test_penalty.py"
        path.write_text(dedent(source))
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", path],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    return run


@pytest.mark.slow
def test_every_law_is_a_test_of_its_own(run_pytest):
    done = run_pytest(
        """
        from regkit import L1
        from regkit.testing import law_tests
        test_l1 = law_tests(L1(0.1), L1(at_zero=0.0))
        """
    )
    assert done.returncode == 0, done.stdout
    assert f"{2 * len(LAWS)} passed" in done.stdout


def test_a_broken_law_fails_its_own_test_and_shows_the_counterexample(run_pytest):
    done = run_pytest(
        """
        import numpy as np
        from regkit import Regularizer
        from regkit.testing import law_tests

        class Half(Regularizer):
            def value(self, w):
                return float(np.sum(w.astype(float) ** 2))

            def grad(self, w):
                return w

        test_half = law_tests(Half())
        """
    )
    assert done.returncode == 1
    assert f"2 failed, {len(LAWS) - 2} passed" in done.stdout
    assert "test_half[half=1.0-gradient]" in done.stdout
    assert "test_half[half=1.0-directional-derivative]" in done.stdout
    assert "regularizer.penalty_grad(layer(params))['weights'][0, 0]" in done.stdout
