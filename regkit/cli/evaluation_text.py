"""An evaluation as lines of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from regkit.runs.evaluation import ClassificationReport, DetailedEvaluation

MOST_CLASSES = 12
"""With more classes the confusion matrix is too wide to read, and only the largest errors show."""

LONGEST = 14


def evaluation_text(part: str, evaluation: DetailedEvaluation, weights: str) -> str:
    """Score, losses and classes; `weights` says which weights were measured."""
    lines = [f"{part}: {evaluation} ({weights})"]
    report = evaluation.report
    if report is not None:
        if report.auc is not None:
            lines.append(f"area under the ROC curve of {report.labels[1]!r}: {report.auc:.3f}")
        lines += _classes(report)
    return "\n".join(lines)


def _classes(report: ClassificationReport) -> Iterator[str]:
    labels = [_shortened(str(label)) for label in report.labels]
    yield ""
    yield from _table(
        ["class", "precision", "recall", "F1", "rows"],
        [
            [label, *map(_decimal, (one.precision, one.recall, one.f1)), str(one.support)]
            for label, one in zip(labels, report.per_class, strict=True)
        ],
    )
    yield ""
    if len(labels) <= MOST_CLASSES:
        rows = [
            [label, *map(str, counts)]
            for label, counts in zip(labels, report.confusion.tolist(), strict=True)
        ]
        yield "true class by row, predicted class by column:"
        yield from _table(["", *labels], rows)
        return
    yield "most frequent confusions (true class, predicted class, rows):"
    yield from _table(["true", "predicted", "rows"], _most_frequent(report, labels))


def _most_frequent(report: ClassificationReport, labels: Sequence[str]) -> list[list[str]]:
    errors = [
        (count, true, predicted)
        for true, counts in enumerate(report.confusion.tolist())
        for predicted, count in enumerate(counts)
        if true != predicted and count
    ]
    largest = sorted(errors, key=lambda error: -error[0])[:MOST_CLASSES]
    return [[labels[true], labels[predicted], str(count)] for count, true, predicted in largest]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns of text, the first one to the left, all others to the right."""
    cells = [header, *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    for first, *others in cells:
        padded = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        yield "  " + "  ".join([first.ljust(widths[0]), *padded]).rstrip()


def _decimal(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
