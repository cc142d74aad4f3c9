"""regkit's own check kit, on both kinds of groups."""

from regkit_group_lasso import GroupLasso

from regkit.testing import law_tests

test_group_lasso = law_tests(GroupLasso(), GroupLasso(0.3, groups="outgoing"))
