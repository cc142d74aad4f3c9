"""regkit's own check kit, on both kinds of groups."""

from regkit_group_lasso import GroupLasso, GroupMCP

from regkit.testing import law_tests

test_groups = law_tests(
    GroupLasso(),
    GroupLasso(0.3, groups="outgoing"),
    GroupMCP(gamma=0.5),
    GroupMCP(0.3, groups="outgoing", gamma=2.0),
)
