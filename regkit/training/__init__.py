"""The training loop."""

from regkit.training.history import History
from regkit.training.loop import Training
from regkit.training.objective import Objective, objective
from regkit.training.penalized_loss import PenalizedLoss
from regkit.training.plan import Plan
from regkit.training.record import Record
from regkit.training.state import TrainingState
from regkit.training.steps import steps
from regkit.training.zeroing import Zeroed, zero_small

__all__ = [
    "History",
    "Objective",
    "PenalizedLoss",
    "Plan",
    "Record",
    "Training",
    "TrainingState",
    "Zeroed",
    "objective",
    "steps",
    "zero_small",
]
