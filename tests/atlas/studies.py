"""One comparison for each table, and what is taken from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from atlas.arms import BASELINES
from atlas.findings import Against, Finding
from atlas.tables import SETTINGS

import regkit as rk
from regkit.studies.comparisons.comparison import Comparison, comparison_of


def findings_on(
    table: str,
    data: str,
    arms: Mapping[str, Sequence[str]],
    *,
    seeds: int,
    tried: int,
    folder: Path,
    workers: int | None = None,
) -> list[Finding]:
    """Compare the arms on a table; the folder keeps the study, which goes on where it was."""
    compared = rk.compare(
        {**SETTINGS, "data": data}, arms, seeds, tune=tried, workers=workers, out=folder
    )
    seconds = _seconds(folder, tried)
    against = {name: _against(compared, name) for name in BASELINES if name in arms}
    return [
        Finding(
            table,
            arm.name,
            compared.metric,
            arm.mean,
            arm.sd,
            arm.zeros,
            seconds[arm.name],
            next((one["median"] for one in arm.tuned.values()), None),
            {name: found[arm.name] for name, found in against.items() if arm.name in found},
        )
        for arm in compared.arms.values()
    ]


def _against(compared: Comparison, baseline: str) -> dict[str, Against]:
    """The same rows, judged against a baseline."""
    judged = comparison_of(
        compared.rows,
        names=list(compared.arms),
        baseline=baseline,
        seeds=compared.seeds,
        metric=compared.metric,
        test_to_train=compared.test_to_train,
        same_test_rows=compared.same_test_rows,
    )
    return {
        name: Against(
            one.mean,
            one.low,
            one.high,
            judged.verdicts[name].told_apart,
            judged.verdicts[name].better,
        )
        for name, one in judged.differences.items()
        if one is not None
    }


def _seconds(folder: Path, tried: int) -> dict[str, float]:
    """The median over the seeds of the time of one training, by arm."""
    by_arm: dict[str, list[float]] = {}
    for line in (folder / "timings.jsonl").read_text().splitlines():
        timing = json.loads(line)
        arm = timing["task"].rpartition(", seed ")[0]
        by_arm.setdefault(arm, []).append(timing["seconds"])
    return {arm: median(one) / (1 if arm == "none" else tried) for arm, one in by_arm.items()}
