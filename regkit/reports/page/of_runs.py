"""The section that several runs have in common: beside each other, and laid over each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regkit.nn.score import TITLES
from regkit.reports.drawings.drawing import Numbers
from regkit.reports.drawings.overlaid_curves import overlaid_curves
from regkit.reports.drawings.overlaid_weights import overlaid_weights
from regkit.reports.page.ending import why_no_end
from regkit.reports.page.measured_run import MeasuredRun
from regkit.reports.page.section import Listing, Section
from regkit.reports.page.seed_groups import SeedGroup, group_listing, paired_verdicts
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.pictures.names import run_names
from regkit.reports.pictures.overlaid import lines_of
from regkit.reports.words import count
from regkit.runs.config import OUTPUT, SYNTHETIC, SYNTHETIC_DATA, TABLE, Config
from regkit.runs.config_file import table_of
from regkit.runs.evaluation import DetailedEvaluation
from regkit.runs.prepared import TEST, VALIDATION, seed_of
from regkit.runs.settings import Setting, settings

OF_ROWS = (
    *("data", "classes", "val_samples", "target", "task", "val", "group", "val_last", "val_file"),
    "test",
)
"""With the seed, the settings that say which rows are held out."""

MOST_TOLD = 6
"""Of so many runs the scores stand in the verdict."""

SINGLE = (
    "Single runs cannot say whether a penalty helps, since other seeds may say the opposite: "
    "regkit compare does."
)


@dataclass(frozen=True)
class ComparedRun:
    """A run of the page.

    Attributes:
        drawn: the run.
        measured: its model; None where it has saved none.
    """

    drawn: DrawnRun
    measured: MeasuredRun | None

    @property
    def held_out(self) -> Mapping[str, DetailedEvaluation]:
        """Its model on validation and test rows, as far as they can be had."""
        return {} if self.measured is None else self.measured.held_out

    @property
    def name(self) -> str:
        """That of the page."""
        return self.drawn.name

    @property
    def config(self) -> Config:
        """Its settings."""
        assert self.drawn.config is not None  # Histories alone have none.
        return self.drawn.config


def runs_section(runs: Sequence[ComparedRun]) -> Section:
    """What the runs, two or more, differ in: their settings, their figures, and their pictures."""
    differing = _differing([one.config for one in runs])
    drawn = [one.drawn for one in runs]
    return Section(
        f"{count(len(runs), 'run')} side by side",
        [*_unfinished(runs), *_scores(runs), _difference(differing), *_single(drawn)],
        [*_over_seeds(runs), _listing(runs, differing)],
        [*overlaid_curves(drawn), *overlaid_weights(drawn)],
        [],
        None,
    )


def _single(drawn: Sequence[DrawnRun]) -> list[str]:
    """What runs without other seeds beside them cannot say."""
    return [SINGLE] if any(len(line.runs) == 1 for line in lines_of(drawn)) else []


def _unfinished(runs: Sequence[ComparedRun]) -> Iterator[str]:
    for one in runs:
        why = why_no_end(one.drawn)
        if why is not None:
            yield f"{one.name} {why}."


def _scores(runs: Sequence[ComparedRun]) -> Iterator[str]:
    """The scores from the best to the worst, where all are of the same rows."""
    if len({one.drawn.history.score_name for one in runs}) > 1:
        yield "Classification and regression cannot be compared: accuracy and R² are no one scale."
        return
    for part in (TEST, VALIDATION):
        found = {one.name: one.held_out[part] for one in runs if part in one.held_out}
        if len(found) < len(runs):
            continue
        groups = _groups(runs, part)
        if len(groups) > 1:
            paired = list(paired_verdicts(groups, _measure(runs, part)))
            if paired:
                yield from paired
                return
        if len({_rows(one.config) for one in runs}) > 1:
            yield (
                "Their scores are of different rows, since settings of the data or seeds differ, "
                "and tell little about the runs."
            )
            return
        ranked = sorted(found.items(), key=lambda one: -one[1].score.value)
        told = ", ".join(
            f"{name} {one.score.value:.3f} (loss {one.data_loss:.3f})"
            for name, one in ranked[:MOST_TOLD]
        )
        best_of = f", the best of {len(runs)}" if len(runs) > MOST_TOLD else ""
        yield f"{_capital(_measure(runs, part))}{best_of}: {told}."
        return


def _measure(runs: Sequence[ComparedRun], part: str) -> str:
    """Such as `validation accuracy of the best weights`."""
    return f"{part} {TITLES[runs[0].drawn.history.score_name]} of {_which(runs)}"


def _which(runs: Sequence[ComparedRun]) -> str:
    """Which weights the scores are of, in words."""
    kinds = {one.measured.saved.weights.stem for one in runs if one.measured is not None}
    return f"the {kinds.pop()} weights" if len(kinds) == 1 else "the weights named below"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _groups(runs: Sequence[ComparedRun], part: str) -> list[SeedGroup]:
    """The runs that differ in their seed alone, with those that have a score on these rows."""
    found = []
    for line in lines_of([one.drawn for one in runs]):
        own = [runs[at] for at in line.runs if part in runs[at].held_out]
        if len(own) < 2:
            continue
        rows = own[0].measured.rows if own[0].measured is not None else {}
        resplit = (
            own[0].config.data not in SYNTHETIC and len({_rows(one.config) for one in own}) > 1
        )
        found.append(
            SeedGroup(
                line.name,
                {
                    (one.config.seed, _rows(one.config)): one.held_out[part].score.value
                    for one in own
                },
                rows[part] / rows["training"] if resplit else None,
            )
        )
    return found


def _over_seeds(runs: Sequence[ComparedRun]) -> list[Listing]:
    if len({one.drawn.history.score_name for one in runs}) > 1:
        return []
    for part in (TEST, VALIDATION):
        groups = _groups(runs, part)
        if groups:
            return [group_listing(groups, _measure(runs, part))]
    return []


def _rows(config: Config) -> tuple[object, ...]:
    seed = seed_of(config, "data_seed" if config.data in SYNTHETIC else "split_seed")
    return seed, *(getattr(config, name) for name in OF_ROWS)


def _differing(configs: Sequence[Config]) -> dict[str, list[str]]:
    """By the name of a setting, its value in each run; without settings of the output."""
    found = [table_of(config) for config in configs]
    return {
        one.key: _shown([table.get(one.key) for table in found])
        for one in settings()
        if one.about.group != OUTPUT
        and _applies(one, configs)
        and any(table.get(one.key) != found[0].get(one.key) for table in found)
    }


def _applies(setting: Setting, configs: Sequence[Config]) -> bool:
    """Whether a setting means something to all runs, or is what it is that they differ in."""
    if setting.name == "data" or setting.about.group not in (SYNTHETIC_DATA, TABLE):
        return True
    groups = {SYNTHETIC_DATA if one.data in SYNTHETIC else TABLE for one in configs}
    return groups == {setting.about.group}


def _difference(differing: Mapping[str, Sequence[str]]) -> str:
    if not differing:
        return "Their settings are the same."
    return f"Their settings differ in {', '.join(differing)}."


def _listing(runs: Sequence[ComparedRun], differing: Mapping[str, Sequence[str]]) -> Listing:
    scored = dict.fromkeys(
        (part, found.score.name) for one in runs for part, found in one.held_out.items()
    )
    return Listing(
        "The runs",
        "Scores, losses on held-out rows and zeros are of the weights that are named. Data loss "
        "and penalty at the end are of the last weights, on all training rows; of a run that has "
        "not ended they are those of its last record. Then what differs in the settings.",
        Numbers(
            (
                "run",
                "weights",
                *(f"{part} {what}" for part, name in scored for what in (TITLES[name], "loss")),
                *("zeros", "data loss at the end", "penalty at the end"),
                *differing,
            ),
            [
                [
                    one.name,
                    _weights(one.drawn),
                    *(
                        told
                        for part, name in scored
                        for told in _score(one.held_out.get(part), name)
                    ),
                    _zeros(one.drawn),
                    *_losses(one.drawn),
                    *(values[at] for values in differing.values()),
                ]
                for at, one in enumerate(runs)
            ],
        ),
    )


def _score(found: DetailedEvaluation | None, name: str) -> tuple[str, str]:
    """Score and data loss; blank where there is no such score."""
    if found is None or found.score.name != name:
        return "", ""
    return f"{found.score.value:.4g}", f"{found.data_loss:.4g}"


def _losses(run: DrawnRun) -> list[str]:
    ledger = None if run.saved is None else run.saved.ledger
    if ledger is not None:
        return [f"{ledger.data_loss:.4g}", f"{ledger.penalty:.4g}"]
    data_loss = run.history.training.data_loss[-1]
    return [f"{data_loss:.4g}", f"{run.history.loss[-1] - data_loss:.4g}"]


def _weights(run: DrawnRun) -> str:
    """Which they are, or why there are none."""
    if run.saved is None or run.why_no_model is not None:
        return f"none: {why_no_end(run)}"
    return f"{run.saved.weights.stem}, epoch {run.saved.epoch}"


def _zeros(run: DrawnRun) -> str:
    """The share of the weights that is exactly 0."""
    if run.saved is None or run.why_no_model is not None:
        return ""
    layers = run.saved.model.parameter_layers
    arrays = [w for layer in layers for w in layer.weight_arrays().values()]
    zeros = sum(int((w == 0).sum()) for w in arrays) / sum(w.size for w in arrays)
    return f"{zeros:.1%}"


def _shown(values: Sequence[object]) -> list[str]:
    """As texts; of places on the machine that made the page, the ends that tell them apart."""
    places = list(
        dict.fromkeys(one for one in values if isinstance(one, str) and Path(one).is_absolute())
    )
    ends = dict(zip(places, run_names([Path(one) for one in places]), strict=True))
    return [ends[one] if isinstance(one, str) and one in ends else _text(one) for one in values]


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
