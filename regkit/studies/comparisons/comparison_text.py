"""A comparison in words and columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from regkit.data.table import listed
from regkit.studies.columns import columns
from regkit.studies.comparisons.arm_scores import ArmScores
from regkit.studies.counts import counted
from regkit.studies.statistics.paired import PairedDifference
from regkit.studies.statistics.verdict import Verdict

MOST_REASONS = 3
"""So many reasons of failed seeds are shown for an arm, each with its seeds."""


def comparison_lines(
    metric: str,
    baseline: str,
    arms: Mapping[str, ArmScores],
    differences: Mapping[str, PairedDifference | None],
    adjusted: Mapping[str, float],
    verdicts: Mapping[str, Verdict],
) -> list[str]:
    """The lines: a table of the arms, one of the differences, and a verdict for each."""
    return [
        *columns([["arm", f"{metric}, mean ± SD", "zeros", "seeds"], *map(_arm, arms.values())]),
        *(f"{arm.name}, {line}" for arm in arms.values() for line in failure_lines(arm)),
        *(line for arm in arms.values() for line in _tuned(arm)),
        "",
        *columns(
            [
                [
                    f"minus {baseline}",
                    "mean",
                    _interval_title(differences),
                    "p (Holm)",
                    "p (sign flip)",
                    "better",
                    "seeds needed",
                ],
                *(_difference(name, one, adjusted.get(name)) for name, one in differences.items()),
            ]
        ),
        "",
        *(f"{name}: {one}" for name, one in verdicts.items()),
    ]


def _arm(arm: ArmScores) -> list[str]:
    spread = "" if math.isnan(arm.sd) else f" ± {arm.sd:.3g}"
    zeros = "" if math.isnan(arm.zeros) else f"{arm.zeros:.0%}"
    mean = "" if math.isnan(arm.mean) else f"{arm.mean:.4g}{spread}"
    return [arm.name, mean, zeros, str(len(arm.scores))]


def failure_lines(arm: ArmScores) -> Iterator[str]:
    """Each reason for which seeds of an arm failed, with these seeds."""
    seeds: dict[str, list[int]] = {}
    for seed, reason in arm.failed.items():
        seeds.setdefault(reason, []).append(seed)
    for reason, which in list(seeds.items())[:MOST_REASONS]:
        yield f"seed{'s' if len(which) > 1 else ''} {listed(which)} failed: {reason}"
    others = sum(map(len, list(seeds.values())[MOST_REASONS:]))
    if others:
        yield f"{counted(others, 'further seed')} failed for other reasons"


def _tuned(arm: ArmScores) -> Iterator[str]:
    for label, found in arm.tuned.items():
        yield (
            f"{arm.name}: chosen for {label}: {found['median']:.3g} in the median, "
            f"from {found['low']:.3g} to {found['high']:.3g}"
        )


def _interval_title(differences: Mapping[str, PairedDifference | None]) -> str:
    confidence = next((one.confidence for one in differences.values() if one is not None), 0.95)
    return f"{confidence:.0%} interval"


def _difference(name: str, one: PairedDifference | None, adjusted: float | None) -> list[str]:
    if one is None:
        return [name, *[""] * 6]
    return [
        name,
        f"{one.mean:+.4g}",
        f"[{one.low:+.3g}, {one.high:+.3g}]",
        "" if adjusted is None else f"{adjusted:.3g}",
        f"{one.sign_flip_p:.3g}",
        f"{one.better_count} of {one.pairs}",
        "" if one.seeds_needed is None else str(one.seeds_needed),
    ]
