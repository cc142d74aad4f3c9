"""Penalties in Keras, on the backends torch and jax: `regularizer(spec)`.

Needs the extra `keras`, and PyTorch or JAX.
"""

from regkit.keras.backends import require_keras

require_keras()

from regkit.keras.penalty import Penalty  # noqa: E402 - after the check
from regkit.keras.regularizer import regularizer  # noqa: E402

__all__ = ["Penalty", "regularizer"]
