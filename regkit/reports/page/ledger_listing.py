"""The ledger of a run as a table of a page."""

from __future__ import annotations

from regkit.reports.drawings.drawing import Numbers
from regkit.reports.page.section import Listing
from regkit.reports.words import count
from regkit.runs.ledger import Entry, Ledger

COLUMNS = (
    "Share of loss: the penalty over data loss plus penalties. Share of gradient: its norm over "
    "the sum of its own and the data loss's on the same parameters; 50 % where the two balance. "
    "Cancelled: the share of entries where the optimizer divides the penalty by its own size, so "
    "that its strength has no effect on the step; blank where nothing is divided. A constraint "
    "holds exactly, and weighs nothing."
)


def ledger_listings(ledger: Ledger) -> list[Listing]:
    """What each penalty weighs, and how far each parameter is from stationary."""
    distances = Listing(
        "Distance from stationary",
        "The largest entry of the gradient that is left at the end, penalties included, for each "
        "parameter; 0 where training has nothing left to gain nearby. With mini-batches or a large "
        "learning rate it stays above 0.",
        Numbers(
            ("parameter", "distance"),
            [
                [name, "not finite" if distance is None else f"{distance:.2g}"]
                for name, distance in ledger.distances.items()
            ],
        ),
    )
    if not ledger.entries:
        return [distances]
    return [
        Listing(
            "Ledger",
            f"What each penalty weighs after {count(ledger.epochs, 'epoch')}, on all training "
            f"rows. {COLUMNS}",
            Numbers(
                (
                    *("penalty", "layer", "mode", "value", "share of loss", "gradient norm"),
                    *("data gradient norm", "share of gradient", "cancelled"),
                ),
                [_row(ledger, entry) for entry in ledger.entries],
            ),
        ),
        distances,
    ]


def _row(ledger: Ledger, entry: Entry) -> list[str]:
    return [
        entry.label,
        entry.scope,
        entry.mode,
        f"{entry.value:.4g}",
        percent(ledger.loss_share(entry)),
        f"{entry.gradient:.3g}",
        f"{entry.data_gradient:.3g}",
        percent(entry.gradient_share),
        "" if entry.cancelled is None else percent(entry.cancelled),
    ]


def percent(share: float) -> str:
    """A share in percent; what is not 0 does not look like it."""
    return "below 0.1%" if 0 < share < 5e-4 else f"{share:.1%}"
