"""Random faults: which edits of correct penalties the kit catches.

`python -m tests.testing.random_faults` checks all of them and writes `docs/random-faults.md`, which
takes a quarter of an hour; a test checks a few.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from testing.correct import correct_penalties
from testing.edits import Fault, faults

from regkit import Regularizer
from regkit.testing.check import verdicts

PATH = Path(__file__).parents[2] / "docs" / "random-faults.md"
POINTS = 10_000
TOLERANCES = {"float64": 1e-9, "float32": 1e-6}
SHAPES = ((1, 1), (1, 3), (3, 1), (2, 3), (3, 3), (4, 2))


def penalties() -> list[Regularizer]:
    """The correct penalties of arrays, one a class."""
    found: dict[type, Regularizer] = {}
    for one in correct_penalties().values():
        if isinstance(one, Regularizer) and not one.constraint:
            found.setdefault(type(one), one)
    return list(found.values())


def drawn(count: int, seed: int) -> list[Fault]:
    """So many faults, of every penalty as many as of any other while it has some."""
    chosen = random.Random(seed)
    left = {}
    for one in penalties():
        found = list(faults(one))
        left[type(one).__name__] = chosen.sample(found, len(found))
    picked: list[Fault] = []
    while len(picked) < count and any(left.values()):
        picked += [own.pop() for own in left.values() if own]
    return picked[:count]


def caught_by(fault: Fault, seed: int = 0) -> str | None:
    """The first law that fails; None if none does."""
    if fault.penalty is None:
        return "its class cannot be made"
    for verdict in verdicts(fault.penalty, seed=seed):
        if verdict.outcome == "failed":
            return verdict.law
    return None


def is_equivalent(fault: Fault) -> bool:
    """Whether value, gradient and proximal point agree with the original's on random points.

    In float64 to 1e-9, and to 1e-6 in float32, where a right penalty may round, too.
    """
    original, faulty = fault.original, fault.penalty
    if faulty is None:
        return False
    random_numbers = np.random.default_rng(0)
    for number in range(POINTS):
        shape = SHAPES[number % len(SHAPES)]
        dtype = "float32" if number % 4 == 3 else "float64"
        scale = 10.0 ** random_numbers.uniform(-3, 2)
        w = (scale * random_numbers.standard_normal(shape)).astype(dtype)
        if number % 5 == 4:
            w = np.where(random_numbers.random(shape) < 0.4, 0, w).astype(dtype)
        if not _takes(original, w):
            continue
        step = float(10.0 ** random_numbers.uniform(-3, 1))
        if not _agree(original, faulty, w, step, TOLERANCES[dtype]):
            return False
    return True


def _takes(original: Regularizer, w: np.ndarray) -> bool:
    shapes, only = getattr(original, "shapes", "any"), getattr(original, "only_shape", None)
    fits = shapes == "any" or w.shape[0] == w.shape[1]
    within = getattr(original, "domain", lambda _: True)
    return fits and (only is None or w.shape == tuple(only)) and bool(within(w))


def _agree(
    original: Regularizer, faulty: Regularizer, w: np.ndarray, step: float, close: float
) -> bool:
    asked = [("value", (w,)), ("grad", (w,))]
    most = getattr(original, "max_step", np.inf)
    if hasattr(original, "prox"):
        asked.append(("prox", (w, min(step, 0.9 * most))))
    with np.errstate(all="ignore"):
        for method, arguments in asked:
            ours = np.asarray(getattr(original, method)(*arguments), dtype=float)
            try:
                theirs = np.asarray(getattr(faulty, method)(*arguments), dtype=float)
            except Exception:  # noqa: BLE001 - another way to differ
                return False
            if theirs.shape != ours.shape:
                return False
            size = np.max(np.abs(ours[np.isfinite(ours)]), initial=0.0)
            if not np.allclose(ours, theirs, rtol=0, atol=close * (1 + size), equal_nan=True):
                return False
    return True


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: the law that caught it, or whether it is one at all."""

    fault: Fault
    law: str | None
    equivalent: bool

    @property
    def survived(self) -> bool:
        return self.law is None and not self.equivalent


def outcome(fault: Fault) -> Outcome:
    """Check it; what no law catches is compared with the original."""
    law = caught_by(fault)
    return Outcome(fault, law, law is None and is_equivalent(fault))


def page(outcomes: Iterable[Outcome]) -> str:
    """The outcomes as `docs/random-faults.md` shows them."""
    found = list(outcomes)
    real = [one for one in found if not one.equivalent]
    laws = Counter(one.law for one in real if one.law is not None)
    survivors = [one for one in real if one.survived]
    share = 1 - len(survivors) / len(real)
    return "\n".join(
        [
            "<!-- written by: python -m tests.testing.random_faults -->",
            "",
            f"{len(found)} edits, of which {len(found) - len(real)} change nothing. Of the other "
            f"{len(real)}, {len(real) - len(survivors)} were caught: **{share:.1%}**.",
            "",
            *("| first law that failed | faults |", "|---|---|"),
            *(f"| {law} | {count} |" for law, count in laws.most_common()),
            "",
            *("| not caught | |", "|---|---|"),
            *(f"| {one.fault.kind} | {_cell(str(one.fault))} |" for one in survivors),
            "",
        ]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


EVERY: list[Fault] = []
"""In the processes of `main`, which are forks: classes made from edited source do not travel."""


def _judged(number: int) -> tuple[str | None, bool]:
    found = outcome(EVERY[number])
    return found.law, found.equivalent


def main() -> None:
    """Check every fault on all processors, and write the page."""
    EVERY.extend(fault for one in penalties() for fault in faults(one))
    order = random.Random(0).sample(range(len(EVERY)), len(EVERY))
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        judged = dict(zip(order, pool.map(_judged, order), strict=True))
    PATH.write_text(
        page(Outcome(fault, *judged[number]) for number, fault in enumerate(EVERY)),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
