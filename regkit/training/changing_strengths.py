"""Schedules that do not do within a training what they were probably given for."""

from __future__ import annotations

from regkit.hooks import RunHooks
from regkit.regularizers.schedule import Schedule
from regkit.training.plan import Plan
from regkit.warn import warn

LATER = 2**31
"""An epoch after every training."""

GROWN = 0.9
"""A schedule that ends at this share of its final factor, or more, has grown enough."""


def warn_of_schedules(plan: Plan, hooks: RunHooks) -> None:
    """Warn of factors that are 0 in every epoch, or still grow when the training ends."""
    epochs = range(plan.epochs)
    if not epochs:
        return
    if isinstance(plan.lr_schedule, Schedule) and not any(map(plan.lr_schedule, epochs)):
        warn(
            f"lr_schedule {str(plan.lr_schedule)!r} is 0 in every one of the {plan.epochs} epochs, "
            "so that nothing is trained: let it begin earlier"
        )
    for plugin in hooks.plugins:
        if not plugin.has_schedule:
            continue
        factor, final = plugin.factor_at(epochs[-1]), plugin.factor_at(LATER)
        if not any(map(plugin.factor_at, epochs)):
            warn(
                f"the schedule of {plugin.label} is 0 in every one of the {plan.epochs} epochs, so "
                "that it does nothing: let it begin earlier"
            )
        elif factor < GROWN * final:
            warn(
                f"the schedule of {plugin.label} reaches {factor / final:.0%} of its final factor "
                f"by the last epoch, {epochs[-1]}: let it grow faster, or train for more epochs"
            )


def warn_of_stopping(epoch: int, plan: Plan, hooks: RunHooks) -> None:
    """Warn of strengths that were still growing when patience ran out."""
    for plugin in hooks.plugins:
        if not plugin.has_schedule:
            continue
        factor, wanted = plugin.factor_at(epoch), plugin.factor_at(plan.epochs - 1)
        if factor < GROWN * wanted:
            warn(
                f"training stopped at epoch {epoch}, where the schedule of {plugin.label} had "
                f"reached {factor / wanted:.0%} of the factor at its end: have more patience, or "
                "let it grow faster"
            )
