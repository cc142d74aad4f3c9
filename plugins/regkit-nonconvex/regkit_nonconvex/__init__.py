"""Nonconvex sparsifying penalties, for regkit."""

from regkit_nonconvex.capped_l1 import CappedL1
from regkit_nonconvex.l_half import LHalf
from regkit_nonconvex.log_sum import LogSum
from regkit_nonconvex.mcp import MCP
from regkit_nonconvex.scad import SCAD

__all__ = ["MCP", "SCAD", "CappedL1", "LHalf", "LogSum"]
