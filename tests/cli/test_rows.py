"""Rows that fit a terminal.

Covers: regkit/cli/record_rows.py
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regkit.cli.record_rows import RecordRows
from regkit.cli.rows import cells, fitted, shortened, terminal_width
from regkit.nn.score import Score
from regkit.training import Record

ALWAYS = ["epoch", "accuracy", "loss", "data loss"]


def record(*labels, epoch=12345):
    """A record of the end of a training, with a penalty of 0.25 under each label."""
    return Record(
        epoch=epoch,
        lr=0.0123456,
        data_loss=1.5,
        score=Score("accuracy", 0.875),
        layers={label: {"dense1": 0.25} for label in labels},
    )


def lines(width, *labels):
    header, row = RecordRows(20_000, width).lines(record(*labels))
    return header, row


def headings(width, *labels):
    return lines(width, *labels)[0].replace("data loss", "data_loss").split()


LABELS = ["l1@dense1.weights", "elastic_net(l1_ratio=0.1)@dense2", "l2@dense1+dense2", "mcp"]


def test_where_nothing_limits_a_row_all_is_shown():
    header, row = lines(None, *LABELS)
    assert header.split("  ")[-1].strip() == "lr"
    assert all(label in header for label in LABELS)
    assert row.split() == ["12345", "0.875", "2.500", "1.500", *["0.25"] * 4, "0.0123456"]
    assert len(header) == len(row)


def test_the_row_of_the_chapters_job_is_as_it_was():
    assert lines(80, "l2@dense1") == (
        "    epoch   accuracy       loss  data loss  l2@dense1         lr",
        "    12345      0.875      1.750      1.500       0.25  0.0123456",
    )


@pytest.mark.parametrize(
    ("width", "labels", "shown"),
    [
        (200, LABELS, [*LABELS, "lr"]),
        (60, ["l2@dense1"], ["l2@dense1", "lr"]),
        (60, ["l2@dense1.weights"], ["l2@de…ights", "lr"]),
        (60, ["l1@dense1", "l2@dense2"], ["l1@dense1", "l2@dense2"]),
        (60, LABELS, ["penalty"]),
        (40, ["l2@dense1"], []),
        (46, ["l2@dense1"], ["penalty"]),
        (10, LABELS, []),
    ],
)
def test_what_is_left_out_and_shortened_at_a_width(width, labels, shown):
    assert headings(width, *labels) == [
        *(one.replace(" ", "_") for one in ALWAYS),
        *shown,
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize(
    "labels",
    [
        [],
        ["l2"],
        LABELS,
        ["a" * 60, "b" * 60],
        [f"{'x' * 58}{i}" for i in range(5)],
        ["正則化項目@dense1.weights", "罰則" * 15],
        ["e\u0301" * 30],
    ],
    ids=lambda labels: f"{len(labels)} labels" if isinstance(labels, list) else None,
)
def test_no_row_is_wider_than_the_terminal(width, labels):
    for line in lines(width, *labels):
        wide = sum(
            2 if unicodedata.east_asian_width(one) in "WF" else 1
            for one in line
            if not unicodedata.combining(one)
        )
        assert wide <= width
    assert [one for one in ALWAYS if one in lines(width, *labels)[0]] == ALWAYS


def test_labels_that_would_look_alike_are_summed_instead():
    labels = ["elastic_net(l1_ratio=0.1)@dense1", "elastic_net(l1_ratio=0.2)@dense1"]
    assert headings(68, *labels)[4:] == ["penalty"]
    assert lines(68, *labels)[1].split()[4:] == ["0.5"]


def test_a_penalty_may_be_called_as_a_column_is():
    header, row = lines(None, "lr", "loss", "penalty")
    assert header.replace("data loss", "").split() == [
        *("epoch", "accuracy", "loss", "lr", "loss", "penalty", "lr")
    ]
    assert row.split()[4:] == ["0.25", "0.25", "0.25", "0.0123456"]


def test_the_header_is_above_the_first_row_only():
    rows = RecordRows(20_000, 80)
    assert [len(rows.lines(record("l2", epoch=epoch))) for epoch in (0, 1, 2)] == [2, 1, 1]


@pytest.mark.parametrize("width", [40, 60, 80])
@given(numbers=st.lists(st.floats(-1e300, 1e300), min_size=6, max_size=6))
def test_no_number_makes_a_row_wider(width, numbers):
    lr, loss, score, *penalties = numbers
    one = Record(
        epoch=1,
        lr=lr,
        data_loss=loss,
        score=Score("r2", score),
        layers={f"l{i}@dense1": {"dense1": penalty} for i, penalty in enumerate(penalties)},
    )
    assert max(map(len, RecordRows(10, width).lines(one))) <= width


@pytest.mark.parametrize(
    ("number", "form", "width", "text"),
    [
        (0.0499751, ".6g", 9, "0.0499751"),
        (1.234567e-5, ".6g", 9, "1.235e-05"),
        (1234.5678, ".3f", 8, "1234.568"),
        (123456.78, ".3f", 8, "123457"),
        (-1e300, ".3f", 9, "-1e+300"),
        (float("nan"), ".3f", 8, "nan"),
    ],
)
def test_a_number_gets_the_digits_that_there_is_room_for(number, form, width, text):
    assert fitted(number, form, width) == text


@given(st.text(), st.integers(1, 20))
def test_a_shortened_text_keeps_its_ends(text, most):
    short = shortened(text, most)
    assert cells(short) <= max(most, 1)
    assert short == text or "…" in short
    start, _, end = short.partition("…") if short != text else (text, "", "")
    assert text.startswith(start)
    assert text.endswith(end)


def test_what_is_no_terminal_has_no_width(monkeypatch, capsys):
    assert terminal_width() is None
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    assert terminal_width() == 60
