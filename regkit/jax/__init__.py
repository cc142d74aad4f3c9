"""Penalties in JAX: `penalty(params, regularizers)` and `regularize(optimizer, regularizers)`.

Needs the extra `jax`.
"""

from regkit.extras import required

required("jax", package="jax", extra="jax", purpose="regkit.jax")

from regkit.jax.penalty import penalties, penalty  # noqa: E402 - after the check
from regkit.jax.projection import project  # noqa: E402
from regkit.jax.regularize import regularize  # noqa: E402

__all__ = ["penalties", "penalty", "project", "regularize"]
