"""The entry points, as an installed regkit sees them."""

from importlib.metadata import entry_points

import pytest
import regkit_network

import regkit

CLASSES = {
    "neuron_groups": regkit_network.NeuronGroups,
    "path_norm": regkit_network.PathNorm,
}


def test_every_penalty_is_registered():
    offered = [e for e in entry_points(group="regkit") if e.module.startswith("regkit_network.")]
    assert {entry.name: entry.load() for entry in offered} == CLASSES


@pytest.mark.parametrize(
    "spec",
    ["neuron_groups=0.001,mode=prox@*", "path_norm=0.001,p=1", "path_norm=0.01,scale=size@dense*"],
)
def test_specs_come_back_as_they_went_in(spec):
    assert str(regkit.regularizer(spec)) == spec
