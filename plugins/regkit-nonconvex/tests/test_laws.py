"""regkit's own check kit, on every penalty."""

from regkit_nonconvex import MCP, SCAD, CappedL1, LHalf, LogSum

from regkit.testing import law_tests

test_nonconvex = law_tests(CappedL1(), LHalf(), LogSum(), MCP(), SCAD(0.3, knee=1.0, a=2.1))
