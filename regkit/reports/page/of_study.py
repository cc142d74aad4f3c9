"""The section of a study: a comparison, a path or a sweep."""

from __future__ import annotations

import math
from collections.abc import Iterable

from regkit.reports.drawings import loss_and_penalty
from regkit.reports.drawings.differences import differences
from regkit.reports.drawings.drawing import Numbers
from regkit.reports.drawings.trials import along, history
from regkit.reports.drawings.validation_curve import validation_curve
from regkit.reports.drawings.weights_along_path import input_weights, neuron_weights
from regkit.reports.page import instructions
from regkit.reports.page.section import Listing, Section
from regkit.studies.comparisons.comparison import Comparison
from regkit.studies.comparisons.comparison_text import failure_lines
from regkit.studies.paths.path_result import PathResult
from regkit.studies.paths.path_text import path_notes
from regkit.studies.saved_study import SavedStudy
from regkit.studies.search.sweep_result import SweepResult


def study_section(study: SavedStudy, name: str) -> Section:
    """What the study found."""
    if isinstance(study.result, Comparison):
        return _comparison_section(study, study.result, name)
    if isinstance(study.result, SweepResult):
        return _sweep_section(study, study.result, name)
    return _path_section(study, study.result, name)


def _sweep_section(study: SavedStudy, found: SweepResult, name: str) -> Section:
    return Section(
        f"Sweep {name}",
        [_sentence(line, found.axes) for line in found.conclusions()],
        [],
        [history(found), *(along(found, title) for title in found.axes)],
        [],
        instructions.of_study(study),
    )


def _comparison_section(study: SavedStudy, found: Comparison, name: str) -> Section:
    drawn = differences(found)
    return Section(
        f"Comparison {name}",
        [f"{arm}: {verdict}." for arm, verdict in found.verdicts.items()],
        [],
        [] if drawn is None else [drawn],
        [_arms(found), _judged(found)],
        instructions.of_study(study),
    )


def _arms(found: Comparison) -> Listing:
    return Listing(
        "Arms",
        f"{found.metric} on rows that training, tuning and patience never saw, over the seeds that "
        "finished: mean and standard deviation; the share of weights that are exactly 0.",
        Numbers(
            ("arm", f"mean {found.metric}", "SD", "zeros", "seeds", "failed"),
            [
                [
                    arm.name,
                    _shown(arm.mean),
                    _shown(arm.sd),
                    "" if math.isnan(arm.zeros) else f"{arm.zeros:.1%}",
                    str(len(arm.scores)),
                    "; ".join(failure_lines(arm)),
                ]
                for arm in found.arms.values()
            ],
        ),
    )


def _judged(found: Comparison) -> Listing:
    rows = [
        [
            name,
            f"{one.mean:+.4g}",
            f"{one.low:+.4g} to {one.high:+.4g}",
            f"{found.adjusted[name]:.3g}",
            f"{one.sign_flip_p:.3g}",
            f"{one.better_count} of {one.pairs}",
            "" if one.seeds_needed is None else str(one.seeds_needed),
        ]
        for name, one in found.differences.items()
        if one is not None
    ]
    return Listing(
        "Paired differences",
        f"Of each arm minus {found.baseline}, seed by seed. The verdict goes by the p value of the "
        "paired test, corrected by Holm for the number of arms; that of sign flips stands beside "
        "it and decides nothing.",
        Numbers(
            (
                *(f"minus {found.baseline}", "mean", "interval", "p (Holm)", "p (sign flip)"),
                *("better", "seeds needed"),
            ),
            rows,
        ),
    )


def _path_section(study: SavedStudy, found: PathResult, name: str) -> Section:
    return Section(
        f"Path {name}",
        [*_choice(found), *(_sentence(line, found.inputs) for line in path_notes(found))],
        [],
        [
            validation_curve(found),
            input_weights(found),
            *(neuron_weights(found, layer) for layer in found.neuron_weights),
            loss_and_penalty.over_strengths(found),
        ],
        [_leaving(found)],
        instructions.of_study(study),
    )


def _choice(found: PathResult) -> list[str]:
    if found.choice is None:
        return []
    at = found.strengths.index(found.lambda_1se)
    best = found.strengths.index(found.lambda_min)
    return [
        f"Strength {found.lambda_1se:.4g} keeps {found.nonzeros[at]} of {found.selected} "
        f"parameters, with {found.metric} {found.means[at]:.4g}; the best mean is "
        f"{found.means[best]:.4g} ± {found.errors[best]:.2g}, at strength {found.lambda_min:.4g} "
        f"with {found.nonzeros[best]} of {found.selected}.",
    ]


def _leaving(found: PathResult) -> Listing:
    last_first = sorted(found.inputs.items(), key=lambda one: -(one[1] or math.inf))
    return Listing(
        "When the inputs leave",
        "The least strength from which on each input is out of the model for good; the last to "
        "leave come first.",
        Numbers(
            ("input", "out from strength"),
            [[name, "never" if at is None else f"{at:.4g}"] for name, at in last_first],
        ),
    )


def _sentence(line: str, names: Iterable[str]) -> str:
    """A line of a command's output as a sentence; names at its start stay as they are."""
    is_name = "_" in line.partition(" ")[0] or any(line.startswith(f"{name} ") for name in names)
    return f"{line if is_name else line[0].upper() + line[1:]}."


def _shown(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"
