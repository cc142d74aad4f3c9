"""regkit's own check kit, on every penalty."""

from regkit_structured import HoyerSquare, NuclearNorm, Orthogonal, SparseGroupLasso

from regkit.testing import law_tests

test_structured = law_tests(
    HoyerSquare(),
    NuclearNorm(),
    Orthogonal(),
    Orthogonal(vectors="rows"),
    SparseGroupLasso(0.3, groups="outgoing", l1_ratio=0.2),
)
