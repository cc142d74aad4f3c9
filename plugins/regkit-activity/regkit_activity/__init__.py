"""Penalties on a layer's outputs, for regkit."""

from regkit_activity.activity_l1 import ActivityL1
from regkit_activity.activity_l2 import ActivityL2
from regkit_activity.decorrelation import Decorrelation

__all__ = ["ActivityL1", "ActivityL2", "Decorrelation"]
