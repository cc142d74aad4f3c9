"""The training loop: as a generator, `steps`, and in one go, `train`."""

from regkit.training.loop import steps, train
from regkit.training.objective import Objective, objective
from regkit.training.record import Record

__all__ = ["Objective", "Record", "objective", "steps", "train"]
