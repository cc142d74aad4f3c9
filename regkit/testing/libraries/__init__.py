"""The libraries, other than NumPy, on whose arrays penalties are tested, a file for each."""

from regkit.testing.libraries.jax import JAX
from regkit.testing.libraries.library import Library
from regkit.testing.libraries.pytorch import PyTorch
from regkit.testing.libraries.strict import Strict

__all__ = ["JAX", "Library", "PyTorch", "Strict"]
