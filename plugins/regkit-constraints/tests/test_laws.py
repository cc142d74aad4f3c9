"""regkit's own check kit, on every constraint."""

from regkit_constraints import Box, MaxNorm, NonNegative, Simplex, UnitNorm

from regkit.testing import law_tests

test_constraints = law_tests(
    Box(low=-0.3, high=0.7),
    MaxNorm(),
    MaxNorm(radius=0.5, groups="outgoing"),
    NonNegative(),
    Simplex(),
    UnitNorm(),
)
