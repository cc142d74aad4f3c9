"""The section of a run."""

from __future__ import annotations

from collections.abc import Iterator

from regkit.errors import InputError
from regkit.reports.drawings import curves_over_epochs, loss_and_penalty
from regkit.reports.drawings.drawing import Drawing, Numbers
from regkit.reports.drawings.sparsity import sparsity
from regkit.reports.page import instructions
from regkit.reports.page.ledger_listing import ledger_listings, percent
from regkit.reports.page.section import Listing, Section
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.runs.folder import RunFolder
from regkit.runs.ledger import Ledger
from regkit.runs.metrics import Metrics
from regkit.runs.saved import SavedRun
from regkit.training import Record

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


def model_section(saved: SavedRun, name: str) -> Section:
    """The section of a model that was saved without a training of its own, as by a path."""
    ledger = saved.ledger
    return Section(
        f"Model {name}",
        [*_zeros(saved), "It was saved without a training of its own, and has no curves."],
        sparsity(saved),
        [*_figures(saved), *([] if ledger is None else ledger_listings(ledger))],
        instructions.of_run(saved.path),
    )


def _verdict(run: DrawnRun, ledger: Ledger | None) -> Iterator[str]:
    saved, last = run.saved, Metrics(RunFolder(run.path).metrics).read()[-1]
    yield f"After {last.epoch + 1} epochs: {last.summary}{_validation(last)}."
    if saved is None or run.why_no_model is not None:
        yield f"There is no model: {run.why_no_model}."
        return
    if ledger is None:
        yield "The training has not ended: regkit resume goes on with it."
    else:
        yield from _weighing(ledger)
    yield from _zeros(saved)


def _validation(last: Record) -> str:
    if last.validation is None:
        return ""
    return (
        f"; on validation rows {last.validation.score}, data loss {last.validation.data_loss:.3f}"
    )


def _weighing(ledger: Ledger) -> Iterator[str]:
    if ledger.entries and ledger.loss:
        share = sum(map(ledger.loss_share, ledger.entries))
        yield f"Penalties are {percent(share)} of the loss at the end."
    for entry in ledger.entries:
        if entry.cancelled is not None and entry.cancelled >= 0.5:
            yield (
                f"{ledger.optimizer} cancels {entry.label} on {entry.scope}: in "
                f"{entry.cancelled:.0%} of the entries its strength has no effect on the step; "
                "mode=decoupled or mode=prox is not divided."
            )


def _zeros(saved: SavedRun) -> Iterator[str]:
    arrays = [w for layer in saved.model.parameter_layers for w in layer.weight_arrays().values()]
    size, zeros = sum(w.size for w in arrays), sum(int((w == 0).sum()) for w in arrays)
    if zeros:
        yield f"{zeros} of {size} weights are exactly 0 ({zeros / size:.1%})."


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


def _figures(saved: SavedRun | None) -> list[Listing]:
    """The model on validation and test rows."""
    if saved is None:
        return []
    try:
        held_out = saved.data().held_out
    except InputError:
        return []
    found = {part: saved.evaluate_prepared(*pair) for part, pair in held_out.items()}
    if not found:
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
