"""Reference weights and importances in a file, as (7, 5) arrays."""

import numpy as np
import pytest

import regkit


@pytest.fixture
def arrays(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {"weights": rng.normal(size=(7, 5)), "importance": rng.exponential(size=(7, 5))}
    arrays["weights"][0] = 0
    arrays["importance"][1] = 0
    np.savez(tmp_path / "start.npz", **arrays)
    return {name: regkit.File(tmp_path / "start.npz", name) for name in arrays}
