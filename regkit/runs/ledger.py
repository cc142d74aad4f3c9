"""The ledger of a run: what each penalty weighs where the training ended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regkit.errors import InputError
from regkit.nn.score import ScoreName
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
        score_name: accuracy or r2.
        score: on the training rows.
        data_loss: without penalties, likewise.
        entries: of the penalties, in the user's order.
        distances: from stationarity, by `layer.parameter`, see `regkit.runs.stationarity`; None
            where a gradient is not finite.
    """

    epochs: int
    optimizer: str
    score_name: ScoreName
    score: float
    data_loss: float
    entries: tuple[Entry, ...]
    distances: Mapping[str, float | None]

    @property
    def penalty(self) -> float:
        """The sum of the penalties."""
        return sum(one.value for one in self.entries)

    @property
    def loss(self) -> float:
        """Data loss plus penalties."""
        return self.data_loss + self.penalty

    def loss_share(self, entry: Entry) -> float:
        """The entry's penalty as a share of the loss; 0 if the loss is 0."""
        return entry.value / self.loss if self.loss else 0.0

    def to_json(self, *, run: str) -> bytes:
        """The text of `ledger.json`, with the identity of the run and a checksum."""
        import msgspec

        sealed = _Sealed(run=run, sha256=_checksum(self), ledger=self)
        return msgspec.json.format(msgspec.json.encode(sealed), indent=1) + b"\n"


@dataclass(frozen=True, kw_only=True)
class _Sealed:
    run: str
    sha256: str
    ledger: Ledger


def read_ledger(path: Path, *, run: str) -> Ledger | None:
    """The ledger in a file; None if there is no such file.

    Args:
        path: the file.
        run: the identity of the run that must have written it.

    Raises:
        InputError: it is damaged, or another run wrote it.
    """
    import msgspec

    if regular(path) is None:
        return None
    advice = "remove it, and regkit resume writes it again"
    try:
        sealed = msgspec.json.decode(read_whole(path, most=MOST_BYTES), type=_Sealed)
    except msgspec.MsgspecError as error:
        raise InputError(f"{path} is not the ledger of a run: {error}; {advice}") from error
    if sealed.run != run:
        raise InputError(f"{path} is the ledger of another run: {advice}")
    if sealed.sha256 != _checksum(sealed.ledger):
        raise InputError(f"{path} was changed since the run wrote it: {advice}")
    return sealed.ledger


def _checksum(ledger: Ledger) -> str:
    import msgspec

    return hashlib.sha256(msgspec.json.encode(ledger)).hexdigest()
