"""Parameters that functions of `torch.nn.utils` hide behind an attribute of another name."""

from __future__ import annotations

from torch import Tensor, nn

from regkit.errors import InputError
from regkit.torch.modules import joined

ENDINGS = {"_orig": "", "_g": "_v", "_v": "_g"}
"""Of such parameters: `weight_orig`, or `weight_g` with `weight_v`; what acts is `weight`."""


def require_plain(path: str, name: str, module: nn.Module) -> None:
    """Check that a parameter acts itself.

    Raises:
        InputError: it is one from which a forward hook computes an attribute.
    """
    for ending, partner in ENDINGS.items():
        hidden = name.removesuffix(ending)
        if hidden == name or isinstance(getattr(module, hidden, None), nn.Parameter):
            continue
        beside = not partner or hasattr(module, hidden + partner)
        if beside and isinstance(getattr(module, hidden, None), Tensor):
            raise InputError(
                f"{joined(path, name)} hides behind {joined(path, hidden)}, as "
                "torch.nn.utils.weight_norm, spectral_norm and prune do: use "
                "torch.nn.utils.parametrizations instead, or prune.remove first"
            )
