"""Penalties on groups of weights for regkit: group lasso, group MCP, and their base class."""

from regkit_group_lasso.group_lasso import GroupLasso
from regkit_group_lasso.group_mcp import GroupMCP
from regkit_group_lasso.grouped import Grouped

__all__ = ["GroupLasso", "GroupMCP", "Grouped"]
