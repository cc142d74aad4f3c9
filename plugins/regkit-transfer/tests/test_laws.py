"""regkit's own check kit, on every penalty."""

import pytest
from regkit_transfer import EWC, L2SP, AdaptiveLasso

from regkit.testing import check_regularizer


@pytest.mark.slow
@pytest.mark.parametrize("name", ["l2_sp", "ewc", "adaptive_lasso"])
def test_transfer(name, arrays):
    start, importance = arrays["weights"], arrays["importance"]
    penalty = {
        "l2_sp": lambda: L2SP(reference=start),
        "ewc": lambda: EWC(reference=start, importance=importance),
        "adaptive_lasso": lambda: AdaptiveLasso(reference=start),
    }[name]()
    report = check_regularizer(penalty)
    assert report.ok, str(report)
