"""The entry points, as an installed regkit sees them."""

from importlib.metadata import entry_points

import numpy as np
import pytest
import regkit_structured

import regkit
from regkit.errors import FieldError

CLASSES = {
    "hoyer_square": regkit_structured.HoyerSquare,
    "nuclear_norm": regkit_structured.NuclearNorm,
    "orthogonal": regkit_structured.Orthogonal,
    "sorted_l1": regkit_structured.SortedL1,
    "sparse_group_lasso": regkit_structured.SparseGroupLasso,
    "spectral_norm": regkit_structured.SpectralNorm,
    "total_variation": regkit_structured.TotalVariation,
}


def trained(penalty):
    X, y = regkit.datasets.spiral(samples=20, classes=3, seed=0)
    model = regkit.Model(
        [regkit.Dense(2, 8), regkit.ReLU(), regkit.Dense(8, 3)],
        loss=regkit.SoftmaxCrossEntropy(),
        seed=0,
    )
    return regkit.train(model, X, y, optimizer=regkit.SGD(0.1), regularizers=[penalty], epochs=10)


def test_every_penalty_is_registered():
    offered = [e for e in entry_points(group="regkit") if e.module.startswith("regkit_structured.")]
    assert {entry.name: entry.load() for entry in offered} == CLASSES


@pytest.mark.parametrize(
    "spec",
    [
        "hoyer_square=0.001@dense1.weights",
        "nuclear_norm=0.01",
        "orthogonal=0.01,vectors=rows@dense2.weights",
        "sorted_l1=0.001,q=0.2",
        "spectral_norm=0.1",
        "total_variation=0.01,along=neurons",
        "sparse_group_lasso=0.001,groups=outgoing,l1_ratio=0.2",
    ],
)
def test_specs_come_back_as_they_went_in(spec):
    assert str(regkit.regularizer(spec)) == spec


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_network_trains_with_it(name):
    history = trained(CLASSES[name](1e-3, on="dense1"))
    assert np.isfinite(history[-1].loss)
    assert history[-1].penalties[f"{name}@dense1"] > 0


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - {"hoyer_square", "orthogonal"}))
def test_a_network_trains_with_its_prox(name):
    history = trained(CLASSES[name](1e-3, mode="prox", on="dense1.weights"))
    assert history[-1].penalties[f"{name}@dense1.weights"] > 0


@pytest.mark.parametrize("name", ["hoyer_square", "orthogonal"])
def test_mode_prox_is_refused_without_a_prox(name):
    with pytest.raises(FieldError, match="needs a prox"):
        CLASSES[name](mode="prox")
