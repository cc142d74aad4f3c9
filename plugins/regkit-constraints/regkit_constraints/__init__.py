"""Constraints on weights, each given by its Euclidean projection, for regkit."""

from regkit_constraints.box import Box
from regkit_constraints.max_norm import MaxNorm
from regkit_constraints.non_negative import NonNegative
from regkit_constraints.simplex import Simplex
from regkit_constraints.support import Support
from regkit_constraints.unit_norm import UnitNorm

__all__ = ["Box", "MaxNorm", "NonNegative", "Simplex", "Support", "UnitNorm"]
