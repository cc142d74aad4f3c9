"""Penalties on the structure of a weight matrix, for regkit."""

from regkit_structured.hoyer_square import HoyerSquare
from regkit_structured.nuclear_norm import NuclearNorm
from regkit_structured.orthogonal import Orthogonal
from regkit_structured.sorted_l1 import SortedL1
from regkit_structured.sparse_group_lasso import SparseGroupLasso
from regkit_structured.spectral_norm import SpectralNorm
from regkit_structured.total_variation import TotalVariation

__all__ = [
    "HoyerSquare",
    "NuclearNorm",
    "Orthogonal",
    "SortedL1",
    "SparseGroupLasso",
    "SpectralNorm",
    "TotalVariation",
]
