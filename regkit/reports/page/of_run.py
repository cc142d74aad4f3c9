"""The section of a run."""

from __future__ import annotations

from collections.abc import Iterator

from regkit.nn.score import TITLES
from regkit.reports.drawings import curves_over_epochs, loss_and_penalty
from regkit.reports.drawings.drawing import Drawing, Numbers
from regkit.reports.drawings.sparsity import sparsity, without_zeros
from regkit.reports.page import instructions
from regkit.reports.page.ending import why_no_end
from regkit.reports.page.ledger_listing import ledger_listings, percent
from regkit.reports.page.measured_run import MeasuredRun
from regkit.reports.page.section import Instructions, Listing, Section
from regkit.reports.pictures.drawn_run import DrawnRun
from regkit.reports.words import count
from regkit.runs.folder import RunFolder
from regkit.runs.ledger import Ledger
from regkit.runs.metrics import Metrics
from regkit.runs.saved import SavedRun

AGAIN = "regkit resume goes on with it, and says where and why if it diverges."

SINGLE = (
    "One run cannot say whether a penalty helps, since another seed may say the opposite: "
    "regkit compare does."
)


def run_section(run: DrawnRun, measured: MeasuredRun | None) -> Section:
    """What the run ended with, how it came there, and what its penalties weigh.

    Args:
        run: the run.
        measured: its model; None where it has saved none yet.
    """
    ledger = None if run.saved is None else run.saved.ledger
    return Section(
        f"Run {run.name}",
        [*_verdict(run, measured, ledger), SINGLE],
        [],
        list(_drawings(run, measured)),
        _listings(measured, ledger),
        instructions.of_run(run.path),
    )


def model_section(saved: SavedRun, name: str, made_by: Instructions | None = None) -> Section:
    """The section of a model that was saved without a training of its own, as by a path.

    Args:
        saved: the model.
        name: its folder's.
        made_by: how the study that it comes from is made again, if that is known.
    """
    measured = MeasuredRun.of(saved)
    return Section(
        f"Model {name}",
        [*_of_model(measured), "It was saved without a training of its own, and has no curves."],
        [],
        sparsity(saved, measured.training),
        _listings(measured, saved.ledger),
        made_by or instructions.of_run(saved.path),
    )


def _verdict(run: DrawnRun, measured: MeasuredRun | None, ledger: Ledger | None) -> Iterator[str]:
    unfinished = why_no_end(run)
    if unfinished is not None:
        yield f"The training {unfinished}. {AGAIN}"
    saved, last = run.saved, Metrics(RunFolder(run.path).metrics).read()[-1]
    if ledger is None:
        yield f"At the last record, of epoch {last.epoch}: {last.summary}."
    else:
        yield (
            f"With the last weights, after {count(ledger.epochs, 'epoch')}{_zeroed(saved)}: "
            f"{TITLES[ledger.score_name]} {ledger.score:.3f} on the training rows, loss "
            f"{ledger.loss:.3f} = data loss {ledger.data_loss:.3f} + penalty {ledger.penalty:.3g}."
        )
        if last.epoch + 1 < ledger.epochs:
            yield f"The records end at epoch {last.epoch}: later ones are missing."
    if measured is None or unfinished is not None:
        return
    yield from _of_model(measured)
    if ledger is None:
        yield "There is no ledger yet: regkit resume goes on with the training, and writes it."
    else:
        yield from _weighing(ledger)


def _zeroed(saved: SavedRun | None) -> str:
    is_zeroed = saved is not None and saved.config.zero_small
    return ", with small weights set to 0" if is_zeroed else ""


def _of_model(measured: MeasuredRun) -> Iterator[str]:
    """How the saved weights do on rows that they were not trained on, and their zeros."""
    saved = measured.saved
    title = f"{saved.weights_title[0].upper()}{saved.weights_title[1:]}"
    told = [f"{part} {found}" for part, found in measured.held_out.items()]
    arrays = [w for layer in saved.model.parameter_layers for w in layer.weight_arrays().values()]
    size, zeros = sum(w.size for w in arrays), sum(int((w == 0).sum()) for w in arrays)
    if zeros:
        told.append(f"{zeros} of {count(size, 'weight')} exactly 0 ({zeros / size:.1%})")
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


def _drawings(run: DrawnRun, measured: MeasuredRun | None) -> Iterator[Drawing]:
    history = run.history
    best = run.best_epoch
    yield curves_over_epochs.losses(history, best)
    yield curves_over_epochs.scores(history, best)
    if history.penalties:
        yield loss_and_penalty.over_epochs(history)
    zeros = curves_over_epochs.zeros(history)
    if zeros is not None:
        yield zeros
    if measured is not None and run.why_no_model is None:
        yield from sparsity(measured.saved, measured.training)


def _listings(measured: MeasuredRun | None, ledger: Ledger | None) -> list[Listing]:
    figures = [] if measured is None else [*_figures(measured), *_full_layers(measured)]
    return [*figures, *([] if ledger is None else ledger_listings(ledger))]


def _full_layers(measured: MeasuredRun) -> list[Listing]:
    numbers = without_zeros(measured.saved, measured.training)
    if numbers is None:
        return []
    return [
        Listing(
            "Layers without a zero",
            "No weight of theirs is exactly 0, so that they have no pattern to draw. Dead neurons "
            "give the same for every training row.",
            numbers,
        )
    ]


def _figures(measured: MeasuredRun) -> list[Listing]:
    """The model on validation and test rows, as a table."""
    found = measured.held_out
    if not found:
        return []
    first = next(iter(found.values()))
    score = first.score
    columns = [score.title if one == score.name else one for one in first.measures()]
    return [
        Listing(
            "On rows that training did not see",
            f"Measured with {measured.saved.weights_title}. Validation rows may have chosen these "
            "weights; test rows have chosen nothing.",
            Numbers(
                ("rows", *columns),
                [
                    [part, *(f"{value:.4g}" for value in one.measures().values())]
                    for part, one in found.items()
                ],
            ),
        )
    ]
