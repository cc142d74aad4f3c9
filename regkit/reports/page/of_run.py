"""The section of a run."""

from __future__ import annotations

from collections.abc import Iterator

from regkit.errors import InputError
from regkit.nn.score import TITLES
from regkit.reports.drawings import curves_over_epochs, loss_and_penalty
from regkit.reports.drawings.drawing import Drawing, Numbers
from regkit.reports.drawings.sparsity import sparsity
from regkit.reports.page import instructions
from regkit.reports.page.ledger_listing import ledger_listings, percent
from regkit.reports.page.section import Instructions, Listing, Section, count
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.runs.evaluation import DetailedEvaluation
from regkit.runs.folder import RunFolder
from regkit.runs.ledger import Ledger
from regkit.runs.metrics import Metrics
from regkit.runs.saved import SavedRun

SINGLE = (
    "One run cannot say whether a penalty helps, since another seed may say the opposite: "
    "regkit compare does."
)


def run_section(run: DrawnRun) -> Section:
    """What the run ended with, how it came there, and what its penalties weigh."""
    saved = run.saved
    ledger = None if saved is None else saved.ledger
    return Section(
        f"Run {run.name}",
        [*_verdict(run, ledger), SINGLE],
        list(_drawings(run)),
        [*_figures(saved), *([] if ledger is None else ledger_listings(ledger))],
        instructions.of_run(run.path),
    )


def model_section(saved: SavedRun, name: str, made_by: Instructions | None = None) -> Section:
    """The section of a model that was saved without a training of its own, as by a path.

    Args:
        saved: the model.
        name: its folder's.
        made_by: how the study that it comes from is made again, if that is known.
    """
    ledger = saved.ledger
    return Section(
        f"Model {name}",
        [*_of_model(saved), "It was saved without a training of its own, and has no curves."],
        sparsity(saved),
        [*_figures(saved), *([] if ledger is None else ledger_listings(ledger))],
        made_by or instructions.of_run(saved.path),
    )


def _verdict(run: DrawnRun, ledger: Ledger | None) -> Iterator[str]:
    saved, last = run.saved, Metrics(RunFolder(run.path).metrics).read()[-1]
    if ledger is None:
        yield f"At the last record, of epoch {last.epoch}: {last.summary}."
    else:
        yield (
            f"After {count(ledger.epochs, 'epoch')}{_zeroed(saved)}: "
            f"{TITLES[ledger.score_name]} {ledger.score:.3f} on the training rows, loss "
            f"{ledger.loss:.3f} = data loss {ledger.data_loss:.3f} + penalty {ledger.penalty:.3g}."
        )
        if last.epoch + 1 < ledger.epochs:
            yield f"The records end at epoch {last.epoch}: later ones are missing."
    if saved is None or run.why_no_model is not None:
        yield f"There is no model: {run.why_no_model}."
        return
    yield from _of_model(saved)
    if ledger is None:
        yield "There is no ledger yet: regkit resume goes on with the training, and writes it."
    else:
        yield from _weighing(ledger)


def _zeroed(saved: SavedRun | None) -> str:
    is_zeroed = saved is not None and saved.config.zero_small
    return ", with small weights set to 0" if is_zeroed else ""


def _of_model(saved: SavedRun) -> Iterator[str]:
    """How the saved weights do on rows that they were not trained on, and their zeros."""
    title = f"{saved.weights_title[0].upper()}{saved.weights_title[1:]}"
    told = [f"{part} {found}" for part, found in _held_out(saved).items()]
    arrays = [w for layer in saved.model.parameter_layers for w in layer.weight_arrays().values()]
    size, zeros = sum(w.size for w in arrays), sum(int((w == 0).sum()) for w in arrays)
    if zeros:
        told.append(f"{zeros} of {size} weights exactly 0 ({zeros / size:.1%})")
    if told:
        yield f"{title}: {'; '.join(told)}."


def _weighing(ledger: Ledger) -> Iterator[str]:
    if ledger.penalty:
        yield f"Penalties are {percent(ledger.penalty / ledger.loss)} of the loss at the end."
    for entry in ledger.entries:
        if entry.value and entry.cancelled is not None and entry.cancelled >= 0.5:
            yield (
                f"{ledger.optimizer} cancels {entry.label} on {entry.scope}: in "
                f"{entry.cancelled:.0%} of the entries its strength has no effect on the step; "
                "mode=decoupled or mode=prox is not divided."
            )


def _drawings(run: DrawnRun) -> Iterator[Drawing]:
    history = run.history
    yield curves_over_epochs.losses(history)
    yield curves_over_epochs.scores(history)
    if history.penalties:
        yield loss_and_penalty.over_epochs(history)
    zeros = curves_over_epochs.zeros(history)
    if zeros is not None:
        yield zeros
    if run.saved is not None and run.why_no_model is None:
        yield from sparsity(run.saved)


def _held_out(saved: SavedRun) -> dict[str, DetailedEvaluation]:
    """The model on validation and test rows; empty where they cannot be read again."""
    try:
        held_out = saved.data().held_out
    except InputError:
        return {}
    return {part: saved.evaluate_prepared(*pair) for part, pair in held_out.items()}


def _figures(saved: SavedRun | None) -> list[Listing]:
    """The model on validation and test rows, as a table."""
    found = {} if saved is None else _held_out(saved)
    if saved is None or not found:
        return []
    return [
        Listing(
            "On rows that training did not see",
            f"Measured with {saved.weights_title}. Validation rows may have chosen these weights; "
            "test rows have chosen nothing.",
            Numbers(
                ("rows", *next(iter(found.values())).measures()),
                [
                    [part, *(f"{value:.4g}" for value in one.measures().values())]
                    for part, one in found.items()
                ],
            ),
        )
    ]
