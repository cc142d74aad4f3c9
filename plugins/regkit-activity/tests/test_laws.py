"""regkit's own check kit, on every penalty."""

from regkit_activity import ActivityL1, ActivityL2, Decorrelation

from regkit.testing import law_tests

test_activity = law_tests(ActivityL1(on="relu1"), ActivityL2(on="relu1"), Decorrelation(on="relu1"))
