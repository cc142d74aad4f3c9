"""Penalties that compare weights with those of an earlier network, for regkit."""

from regkit_transfer.adaptive_lasso import AdaptiveLasso
from regkit_transfer.ewc import EWC
from regkit_transfer.l2_sp import L2SP

__all__ = ["EWC", "L2SP", "AdaptiveLasso"]
