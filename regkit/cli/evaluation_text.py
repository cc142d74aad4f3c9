"""An evaluation as lines of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from regkit.cli.rows import cells, shortened
from regkit.runs.evaluation import ClassificationReport, DetailedEvaluation

WIDTH = 80
"""A table of the text is no wider."""

MOST_CLASSES = 20
"""With more classes only those with the lowest F1 are shown."""

MOST_CONFUSIONS = 12

LONGEST = 24
"""The cells to which a label is shortened."""

SHORTEST = 6
"""The cells that a label beside its number keeps."""


def evaluation_text(part: str, evaluation: DetailedEvaluation, weights: str) -> str:
    """Score, losses and classes; `weights` says which weights were measured."""
    lines = [f"{part}: {evaluation} ({weights})"]
    report = evaluation.report
    if report is not None:
        labels = [_shown(label) for label in report.labels]
        if report.auc is not None:
            lines.append(f"area under the ROC curve of {labels[1]!r}: {report.auc:.3f}")
        lines += ["", *_per_class(report, labels), "", *_confusion(report, labels)]
    return "\n".join(lines)


def _per_class(report: ClassificationReport, labels: Sequence[str]) -> Iterator[str]:
    scores = list(zip(labels, report.per_class, strict=True))
    if len(scores) > MOST_CLASSES:
        # NaN, of a class that neither occurs nor is predicted, comes last.
        scores.sort(key=lambda pair: (math.isnan(pair[1].f1), pair[1].f1))
        yield f"the {MOST_CLASSES} classes of {len(scores)} with the lowest F1 (--json has all):"
    yield from _table(
        ["class", "precision", "recall", "F1", "rows"],
        [
            [label, *map(_decimal, (one.precision, one.recall, one.f1)), str(one.support)]
            for label, one in scores[:MOST_CLASSES]
        ],
    )


def _confusion(report: ClassificationReport, labels: Sequence[str]) -> Iterator[str]:
    """The matrix, under labels or else numbers; the largest errors where it is too wide."""
    counts = [list(map(str, row)) for row in report.confusion.tolist()]
    numbers = [str(number) for number in range(1, len(labels) + 1)]
    for heads, firsts in ((labels, labels), (numbers, _numbered(labels, numbers, counts))):
        rows = [[first, *row] for first, row in zip(firsts, counts, strict=True)]
        matrix = list(_table(["", *heads], rows))
        if max(map(cells, matrix)) <= WIDTH:
            yield "true class by row, predicted class by column:"
            yield from matrix
            return
    yield "most frequent confusions (true class, predicted class, rows):"
    yield from _table(["true", "predicted", "rows"], _most_frequent(report, labels))


def _numbered(
    labels: Sequence[str], numbers: Sequence[str], counts: Sequence[Sequence[str]]
) -> list[str]:
    """The labels after their numbers, as short as the columns of counts demand."""
    columns = zip(numbers, *counts, strict=True)
    room = WIDTH - 2 - sum(2 + max(map(len, column)) for column in columns)
    most = max(room - len(numbers[-1]) - 1, SHORTEST)
    return [f"{one} {shortened(label, most)}" for one, label in zip(numbers, labels, strict=True)]


def _most_frequent(report: ClassificationReport, labels: Sequence[str]) -> list[list[str]]:
    errors = [
        (count, true, predicted)
        for true, counts in enumerate(report.confusion.tolist())
        for predicted, count in enumerate(counts)
        if true != predicted and count
    ]
    largest = sorted(errors, key=lambda error: -error[0])[:MOST_CONFUSIONS]
    return [[labels[true], labels[predicted], str(count)] for count, true, predicted in largest]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns of text, the first one to the left, all others to the right."""
    lines = [header, *rows]
    widths = [max(cells(line[i]) for line in lines) for i in range(len(header))]
    for first, *others in lines:
        padded = [
            " " * (width - cells(text)) + text
            for text, width in zip(others, widths[1:], strict=True)
        ]
        left = first + " " * (widths[0] - cells(first))
        yield "  " + "  ".join([left, *padded]).rstrip()


def _decimal(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _shown(label: object) -> str:
    """The label in one line that no control character disturbs."""
    text = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in str(label)
    )
    return shortened(text, LONGEST)
