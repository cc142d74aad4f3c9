"""The section that several runs have in common: beside each other, and laid over each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from regkit.nn.score import TITLES
from regkit.reports.drawings.drawing import Numbers
from regkit.reports.drawings.overlaid_curves import overlaid_curves
from regkit.reports.drawings.overlaid_weights import overlaid_weights
from regkit.reports.page.section import Listing, Section
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.words import count
from regkit.runs.config import OUTPUT, SYNTHETIC, Config
from regkit.runs.config_file import table_of
from regkit.runs.evaluation import DetailedEvaluation
from regkit.runs.prepared import TEST, VALIDATION, seed_of
from regkit.runs.settings import settings

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
        held_out: its model on validation and test rows, as far as they can be had.
    """

    drawn: DrawnRun
    held_out: Mapping[str, DetailedEvaluation]

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
        [*_scores(runs), _difference(differing), SINGLE],
        [_listing(runs, differing)],
        [*overlaid_curves(drawn), *overlaid_weights(drawn)],
        [],
        None,
    )


def _scores(runs: Sequence[ComparedRun]) -> Iterator[str]:
    """The scores from the best to the worst, where all are of the same rows."""
    for part in (TEST, VALIDATION):
        found = {one.name: one.held_out[part].score for one in runs if part in one.held_out}
        if len(found) < len(runs) or len({score.name for score in found.values()}) > 1:
            continue
        if len({_rows(one.config) for one in runs}) > 1:
            yield (
                "Their scores are of different rows, since settings of the data or seeds differ, "
                "and tell little about the runs."
            )
            return
        ranked = sorted(found.items(), key=lambda one: -one[1].value)
        told = ", ".join(f"{name} {score.value:.3f}" for name, score in ranked[:MOST_TOLD])
        best_of = f", the best of {len(runs)}" if len(runs) > MOST_TOLD else ""
        yield f"{part.capitalize()} {ranked[0][1].title}{best_of}: {told}."
        return


def _rows(config: Config) -> tuple[object, ...]:
    seed = seed_of(config, "data_seed" if config.data in SYNTHETIC else "split_seed")
    return seed, *(getattr(config, name) for name in OF_ROWS)


def _differing(configs: Sequence[Config]) -> dict[str, list[str]]:
    """By the name of a setting, its value in each run; without settings of the output."""
    found = [table_of(config) for config in configs]
    return {
        one.key: [_shown(table.get(one.key)) for table in found]
        for one in settings()
        if one.about.group != OUTPUT
        and any(table.get(one.key) != found[0].get(one.key) for table in found)
    }


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
        "Scores and zeros are those of the weights that are named. Data loss and penalty are "
        "measured on all training rows where the training ended; of a run that has not ended they "
        "are those of its last record. Then what differs in the settings.",
        Numbers(
            (
                "run",
                *(f"{part} {TITLES[name]}" for part, name in scored),
                *("data loss", "penalty", "zeros", "weights"),
                *differing,
            ),
            [
                [
                    one.name,
                    *(_score(one.held_out.get(part), name) for part, name in scored),
                    *_losses(one.drawn),
                    *_weights(one.drawn),
                    *(values[at] for values in differing.values()),
                ]
                for at, one in enumerate(runs)
            ],
        ),
    )


def _score(found: DetailedEvaluation | None, name: str) -> str:
    return "" if found is None or found.score.name != name else f"{found.score.value:.4g}"


def _losses(run: DrawnRun) -> list[str]:
    ledger = None if run.saved is None else run.saved.ledger
    if ledger is not None:
        return [f"{ledger.data_loss:.4g}", f"{ledger.penalty:.4g}"]
    data_loss = run.history.training.data_loss[-1]
    return [f"{data_loss:.4g}", f"{run.history.loss[-1] - data_loss:.4g}"]


def _weights(run: DrawnRun) -> list[str]:
    """The share that is exactly 0, and which weights they are."""
    if run.saved is None or run.why_no_model is not None:
        return ["", run.why_no_model or ""]
    layers = run.saved.model.parameter_layers
    arrays = [w for layer in layers for w in layer.weight_arrays().values()]
    zeros = sum(int((w == 0).sum()) for w in arrays) / sum(w.size for w in arrays)
    return [f"{zeros:.1%}", f"{run.saved.weights.stem}, epoch {run.saved.epoch}"]


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
