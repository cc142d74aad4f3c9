"""Penalties in PyTorch: `regularize(model, optimizer, regularizers)`.

Needs the extra `torch`.
"""

from regkit.extras import required

required("torch", package="torch", extra="torch", purpose="regkit.torch")

from regkit.torch.handle import Handle  # noqa: E402 - after the check
from regkit.torch.regularize import regularize  # noqa: E402

__all__ = ["Handle", "regularize"]
