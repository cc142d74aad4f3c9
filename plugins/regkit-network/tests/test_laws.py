"""regkit's own check kit, on every penalty."""

from regkit_network import NeuronGroups, PathNorm

from regkit.testing import law_tests

test_network = law_tests(NeuronGroups(), NeuronGroups(on="*"), PathNorm(), PathNorm(p=1))
