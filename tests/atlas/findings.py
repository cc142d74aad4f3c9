"""What the atlas found, and its file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Against:
    """An arm's difference from a baseline, and what may be said of it."""

    mean: float
    low: float
    high: float
    told_apart: bool
    better: bool | None


@dataclass(frozen=True)
class Finding:
    """One arm on one table.

    Attributes:
        table: its name.
        arm: likewise.
        metric: accuracy or r2.
        mean: over the seeds, on rows that nothing was chosen by.
        sd: likewise.
        zeros: the share of weights that are exactly 0.
        seconds: of one training, the median over the seeds.
        chosen: the median of what tuning chose; None for none.
        against: by baseline, of every other arm.
    """

    table: str
    arm: str
    metric: str
    mean: float
    sd: float
    zeros: float
    seconds: float
    chosen: float | None
    against: dict[str, Against]


@dataclass(frozen=True)
class Findings:
    """All of them, and how they were made."""

    seeds: int
    tried: int
    machine: str
    findings: Sequence[Finding]

    def save(self, file: Path) -> None:
        """Write the file."""
        file.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, file: Path) -> Findings:
        """Read it back."""
        plain = json.loads(file.read_text())
        findings = [
            Finding(**{**one, "against": {k: Against(**v) for k, v in one["against"].items()}})
            for one in plain.pop("findings")
        ]
        return cls(**plain, findings=findings)
