"""The entry points, as an installed regkit sees them."""

from importlib.metadata import entry_points

import pytest
import regkit_transfer

import regkit

CLASSES = {
    "adaptive_lasso": regkit_transfer.AdaptiveLasso,
    "ewc": regkit_transfer.EWC,
    "l2_sp": regkit_transfer.L2SP,
}


def test_every_penalty_is_registered():
    offered = [e for e in entry_points(group="regkit") if e.module.startswith("regkit_transfer.")]
    assert {entry.name: entry.load() for entry in offered} == CLASSES


@pytest.mark.parametrize(
    "spec",
    [
        "l2_sp=0.001,reference=start.npz:weights@dense1.weights",
        "ewc=0.001,reference=start.npz:weights,importance=start.npz:importance",
        "adaptive_lasso=0.01,reference=start.npz:weights,gamma=2.0",
    ],
)
@pytest.mark.usefixtures("arrays")
def test_specs_come_back_as_they_went_in(spec, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(regkit.regularizer(spec)) == spec
