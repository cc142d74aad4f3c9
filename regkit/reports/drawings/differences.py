"""The differences of a comparison's arms from its baseline, with their intervals."""

from __future__ import annotations

from regkit.reports.drawings.drawing import Drawing, Mark, Numbers, new_figure
from regkit.reports.pictures.names import shortened
from regkit.reports.pictures.style import BLACK, BLUE
from regkit.studies.comparisons.comparison import Comparison
from regkit.studies.measures import higher_is_better

ROOM = 1.1
ROOM_FOR_ARM = 0.55
"""Heights in inches."""


def differences(found: Comparison) -> Drawing | None:
    """A row for each arm: the mean difference, its interval, and that of each seed as a dot.

    None if no arm finished two seeds together with the baseline.
    """
    arms = [name for name, one in found.differences.items() if one is not None]
    if not arms:
        return None
    figure, panel = new_figure(height=ROOM + ROOM_FOR_ARM * len(arms))
    panel.axvline(0, color=BLACK, linewidth=0.8)
    panel.grid(axis="y", visible=False)
    marks = []
    for place, name in enumerate(arms):
        one = found.differences[name]
        assert one is not None
        by_seed = _by_seed(found, name)
        panel.plot(
            list(by_seed.values()), [place + 0.22] * len(by_seed), "o", color=BLACK, markersize=2.5
        )
        panel.plot([one.low, one.high], [place, place], color=BLUE, linewidth=2)
        panel.plot([one.mean], [place], "o", color=BLUE, markersize=6)
        interval = f"{one.confidence:.0%} interval {one.low:+.3g} to {one.high:+.3g}"
        marks.append(Mark(panel, one.mean, place, f"{name}: {one.mean:+.4g}, {interval}"))
        marks += [
            Mark(panel, value, place + 0.22, f"{name}, seed {seed}: {value:+.4g}")
            for seed, value in by_seed.items()
        ]
    panel.set_yticks(range(len(arms)), [shortened(name) for name in arms])
    panel.set_ylim(len(arms) - 0.5, -0.5)
    better = "higher" if higher_is_better(found.metric) else "lower"
    base = shortened(found.baseline)
    # Centred below the figure, since long names of arms leave the panel little width.
    figure.supxlabel(f"{found.metric} minus that of {base}\n({better} is better)", fontsize=9)
    columns = ("arm", "mean", "low", "high", *(f"seed {seed}" for seed in found.seeds))
    return Drawing(
        f"Differences from {found.baseline}",
        figure,
        "A dot with a bar for each arm: the mean difference over the seeds and its interval. Small "
        "dots are single seeds. Where a bar crosses 0 the seeds do not tell the two apart.",
        Numbers(columns, [_row(found, name) for name in arms]),
        marks,
    )


def _by_seed(found: Comparison, name: str) -> dict[int, float]:
    own, base = found.arms[name].scores, found.arms[found.baseline].scores
    return {seed: own[seed] - base[seed] for seed in found.seeds if seed in own and seed in base}


def _row(found: Comparison, name: str) -> list[str]:
    one, by_seed = found.differences[name], _by_seed(found, name)
    assert one is not None
    seeds = [f"{by_seed[seed]:+.4g}" if seed in by_seed else "failed" for seed in found.seeds]
    return [name, f"{one.mean:+.4g}", f"{one.low:+.4g}", f"{one.high:+.4g}", *seeds]
