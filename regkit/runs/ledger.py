"""The ledger of a run: what each penalty weighs where the training ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regkit.errors import InputError
from regkit.storage import read_whole, regular

MOST_BYTES = 2**26
"""No ledger is larger."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A penalty where it applies: on a layer, on a layer's outputs, or on the whole model.

    With p the penalty's gradient by the parameters that it moves, and g that of the data loss by
    the same ones:

    Attributes:
        label: the regularizer's.
        mode: the regularizer's.
        scope: the layer's name, or `model`.
        value: the penalty, in the units of the loss.
        gradient: ‖p‖. In mode `prox` without the entries that are exactly 0: there the penalty has
            no gradient, and its proximal point holds them.
        data_gradient: ‖g‖ over the same entries.
        cancelled: the share of the entries with pᵢ ≠ 0 where |pᵢ| is at least half of what the
            optimizer divides by (√v̂ᵢ + ε for Adam). There the penalty divides its own gradient:
            the step has the size of the learning rate whatever the strength is. None where nothing
            is divided: under SGD, in other modes than `loss`, and for penalties of outputs.
    """

    label: str
    mode: str
    scope: str
    value: float
    gradient: float
    data_gradient: float
    cancelled: float | None

    @property
    def gradient_share(self) -> float:
        """The share ‖p‖ / (‖p‖ + ‖g‖), one half where the two balance; 0 if both are 0."""
        both = self.gradient + self.data_gradient
        return self.gradient / both if both else 0.0


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What a training minimized, and how far from a minimum it ended; over all training rows.

    Attributes:
        epochs: after how many it was measured.
        optimizer: the name of its class.
        data_loss: without penalties.
        entries: of the penalties, in the user's order.
        distances: from stationarity, by `layer.parameter`, see `regkit.runs.stationarity`; None
            where a gradient is not finite.
    """

    epochs: int
    optimizer: str
    data_loss: float
    entries: tuple[Entry, ...]
    distances: Mapping[str, float | None]

    @property
    def loss(self) -> float:
        """Data loss plus penalties."""
        return self.data_loss + sum(one.value for one in self.entries)

    def loss_share(self, entry: Entry) -> float:
        """The entry's penalty as a share of the loss; 0 if the loss is 0."""
        return entry.value / self.loss if self.loss else 0.0

    def to_json(self) -> bytes:
        """The text of `ledger.json`."""
        import msgspec

        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def read_ledger(path: Path) -> Ledger | None:
    """The ledger in a file; None if there is no such file.

    Raises:
        InputError: it is damaged.
    """
    import msgspec

    if regular(path) is None:
        return None
    try:
        return msgspec.json.decode(read_whole(path, most=MOST_BYTES), type=Ledger)
    except msgspec.MsgspecError as error:
        raise InputError(f"{path} is not the ledger of a run: {error}") from error
