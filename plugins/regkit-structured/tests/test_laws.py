"""regkit's own check kit, on every penalty."""

from regkit_structured import (
    HoyerSquare,
    NuclearNorm,
    Orthogonal,
    SortedL1,
    SparseGroupLasso,
    SpectralNorm,
    TotalVariation,
)

from regkit.testing import law_tests

test_structured = law_tests(
    HoyerSquare(),
    NuclearNorm(),
    Orthogonal(),
    Orthogonal(vectors="rows"),
    SortedL1(),
    SortedL1(0.3, q=0.6),
    SpectralNorm(),
    TotalVariation(),
    TotalVariation(along="neurons"),
    SparseGroupLasso(0.3, groups="outgoing", l1_ratio=0.2),
)
