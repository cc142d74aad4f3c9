"""Penalties on the structure of a weight matrix, for regkit."""

from regkit_structured.hoyer_square import HoyerSquare
from regkit_structured.nuclear_norm import NuclearNorm
from regkit_structured.orthogonal import Orthogonal
from regkit_structured.sparse_group_lasso import SparseGroupLasso

__all__ = ["HoyerSquare", "NuclearNorm", "Orthogonal", "SparseGroupLasso"]
