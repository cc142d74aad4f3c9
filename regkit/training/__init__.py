"""The training loop: as a generator, `steps`, and as a function, `train`."""

from regkit.training.loop import Training, TrainingState
from regkit.training.objective import Objective, objective
from regkit.training.penalized_loss import PenalizedLoss
from regkit.training.plan import Plan
from regkit.training.record import Record
from regkit.training.steps import steps, train
from regkit.training.zeroing import Zeroed, zero_small

__all__ = [
    "Objective",
    "PenalizedLoss",
    "Plan",
    "Record",
    "Training",
    "TrainingState",
    "Zeroed",
    "objective",
    "steps",
    "train",
    "zero_small",
]
