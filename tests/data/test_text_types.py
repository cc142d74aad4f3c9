"""Which cells of text are numbers, and what is refused rather than guessed.

Covers: regkit/data/dates.py, regkit/data/notation.py, regkit/data/numerals.py
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regkit.data import Dialect, read_table
from regkit.data.dates import is_date
from regkit.data.numerals import are_plain, plain
from regkit.errors import DataError


@pytest.fixture
def column(tmp_path):
    """Reads a table whose column x has these cells, beside a column without numbers."""

    def read(cells, sep=";", more=None, categorical=(), **dialect):
        dialect.setdefault("sep", sep if sep == "|" else None)
        path = tmp_path / "t.csv"
        quoted = [f'"{cell}"' if sep in cell or "\n" in cell else cell for cell in cells]
        others = more or ["k"] * len(cells)
        lines = [f"{x}{sep}{y}" for x, y in zip(["x", *quoted], ["y", *others], strict=True)]
        path.write_text("\n".join(lines) + "\n")
        table = read_table(path, categorical=categorical, dialect=Dialect(**dialect))
        return table.column("x")

    return read


# Decimal and thousands separators


@pytest.mark.parametrize("sep", [";", "\t", "|"])
@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,5", "2"], [1.5, 2]),
        (["1,100", "0,5"], [1.1, 0.5]),
        (["1,100", "0,125"], [1.1, 0.125]),
        (["12,3456", "1,100"], [12.3456, 1.1]),
        ([",5", "-1,25"], [0.5, -1.25]),
        (["1,5e3", "2"], [1500, 2]),
        (["1234,567", "1,234"], [1234.567, 1.234]),
        (["1.5", "2"], [1.5, 2]),
        (["1.023", "3.5"], [1.023, 3.5]),
        (["1.023", "0.75"], [1.023, 0.75]),
        (["1.023", "0.750"], [1.023, 0.75]),
        (["1.023e5", "2"], [1.023e5, 2]),
        (["1e5", "2"], [1e5, 2]),
        (["100", "-7"], [100, -7]),
    ],
)
def test_a_column_that_proves_its_decimal_separator_is_read(sep, cells, numbers, column):
    assert column(cells, sep=sep).values.tolist() == numbers


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        (["100", "900", "1,100", "1,900"], ["--thousands ','", "--decimal ','"]),
        (["952", "1.023"], ["--thousands '.'", "--decimal '.'"]),
        (["1.023", "5.119"], ["--thousands '.'", "--decimal '.'"]),
        (["-1,100", "5"], ["--thousands ','", "--decimal ','"]),
        (["1,100", "0.5"], ["--thousands ','"]),
        (["1.100", "0,5"], ["--thousands '.'"]),
        (["1.234.567", "12"], ["--thousands '.'"]),
        (["1,234,567", "12"], ["--thousands ','"]),
        (["1,234,567.89", "12"], ["--thousands ','"]),
        (["1.234,56", "12,5"], ["--thousands '.'"]),
        (["1 234", "12"], ["--thousands space"]),
        (["1\u00a0234", "12"], ["--thousands space"]),
        (["1\u202f234,5", "12"], ["--thousands space", "--decimal ','"]),
        (["1'234", "12"], ['--thousands "\'"']),
        (["12,34,567", "12"], ["--thousands ','"]),
    ],
)
def test_separators_in_doubt_are_refused_with_the_flags_that_decide(cells, flags, column):
    with pytest.raises(DataError, match="column 'x' holds") as refused:
        column(cells)
    assert all(flag in str(refused.value) for flag in flags)


@pytest.mark.parametrize("cell", ["1,100", "1,234,567", "1,5", "1,234.5"])
def test_beside_commas_a_quoted_comma_in_a_number_is_refused(cell, column):
    with pytest.raises(DataError, match=r"column 'x' holds .*--(thousands|decimal) ','"):
        column([cell, "900"], sep=",")


def test_beside_commas_a_point_is_the_decimal_separator(column):
    assert column(["1.023", "952"], sep=",").values.tolist() == [1.023, 952]


def test_other_columns_tell_the_decimal_separator(column):
    assert column(["1,100", "100"], more=["1,5", "2,25"]).values.tolist() == [1.1, 100]
    assert column(["1.023", "952"], more=["0.5", "2"]).values.tolist() == [1.023, 952]
    with pytest.raises(DataError, match="the separator is ambiguous"):
        column(["1.023", "952"], more=["0,5", "2"])
    with pytest.raises(DataError, match="the separator is ambiguous"):
        column(["1,100", "952"], more=["0.5", "1,5"])


@pytest.mark.parametrize(
    ("cells", "dialect", "numbers"),
    [
        (["100", "1,100"], {"thousands": ","}, [100, 1100]),
        (["100", "1,100"], {"decimal": ","}, [100, 1.1]),
        (["952", "1.023"], {"thousands": "."}, [952, 1023]),
        (["952", "1.023"], {"decimal": "."}, [952, 1.023]),
        (["1.234.567,5", "2,25"], {"thousands": "."}, [1234567.5, 2.25]),
        (["1,234,567.5", "2.25"], {"thousands": ","}, [1234567.5, 2.25]),
        (["1'234.5", "7"], {"thousands": "'"}, [1234.5, 7]),
        (["1 234,5", "1\u00a0234", "1\u202f234"], {"thousands": "space", "decimal": ","}, None),
        (["12,34,567", "-1,000"], {"thousands": ","}, [1234567, -1000]),
    ],
)
@pytest.mark.parametrize("sep", [";", ","])
def test_flags_decide(cells, dialect, numbers, sep, column):
    expected = [1234.5, 1234, 1234] if numbers is None else numbers
    assert column(cells, sep=sep, **dialect).values.tolist() == expected


@pytest.mark.parametrize("cell", ["1,5", "12,34", "1,2345", ",100", "1,10,0"])
def test_groups_that_are_none_are_refused(cell, column):
    with pytest.raises(DataError, match="column 'x' holds"):
        column([cell, "1,100", "5", "7", "9"], thousands=",")


# Text that looks like numbers


@pytest.mark.parametrize(
    "cell",
    [
        "5%",
        "5 %",
        "$3",
        "€ 3.50",
        "3,50 €",
        "(12)",
        "0x1F",
        "−4",
        "1_000",
        "12-",
        "٣",
        "½",
        "USD 5",
    ],
)
def test_what_a_person_reads_as_numbers_is_refused(cell, column):
    with pytest.raises(DataError, match="column 'x' holds text that looks like numbers, such as"):
        column([cell, cell, "7"])
    assert set(column([cell, cell, "7"], categorical=["x"]).categories) == {cell, "7"}


@pytest.mark.parametrize(
    "mark", ["?", "-", "--", ".", "*", "#N/A", "None", "n/a", "unknown", "\\N"]
)
@pytest.mark.parametrize("share", [1, 3, 9])
def test_marks_for_missing_values_among_numbers_point_to_na(mark, share, column):
    cells = ["1", "2", "3", *[mark] * share]
    with pytest.raises(DataError, match="use --na '") as refused:
        column(cells)
    assert f"--na '{mark}'" in str(refused.value)
    assert column(cells, na=(mark,)).missing.sum() == share


def test_na_is_for_text_and_for_numbers_alike(column):
    assert column(["-999", "2", "3"], na=("-999",)).missing.tolist() == [True, False, False]
    assert column(["?", "b", "c"], na=("?",)).labels == ["b", "c"]


def test_few_numbers_among_text_are_text(column):
    assert column(["a", "b", "?", "3"]).labels == ["3", "?", "a", "b"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["0.0", "7.1", "07.5", "4.2"], r"numbers except for '07\.5' in row 3 \(1 of 4 values"),
        (["07.5", "06.5", "10.5"], r"text that looks like numbers, such as '07\.5' in row 1"),
        (["1", "01", "10"], r"numbers except for '01' in row 2"),
        (["-01", "-02", "11"], "text that looks like numbers"),
    ],
)
def test_zeros_in_front_are_codes_only_if_all_have_one_length(cells, message, column):
    with pytest.raises(DataError, match=message):
        column(cells)


@pytest.mark.parametrize("cells", [["007", "010", "123"], ["02139", "90210"], ["00", "01"]])
def test_codes_are_text(cells, column):
    assert column(cells).labels == cells


# Bools, integers, infinities


@pytest.mark.parametrize("yes", ["True", "true", "TRUE"])
@pytest.mark.parametrize("no", ["False", "false", "FALSE"])
def test_true_and_false_are_bools(yes, no, column):
    found = column([yes, no, yes])
    assert found.values.tolist() == [True, False, True]
    assert found.labels == [False, True]
    assert column([yes, "", no]).labels == [False, True]
    assert column([yes, "", no]).as_text().categories == ("False", "True")


def test_other_words_are_no_bools(column):
    assert column(["True", "False", "maybe"]).categories == ("False", "True", "maybe")


def test_large_integers_stay_exact_or_are_refused(column):
    large = [str(2**53), str(2**53 + 1), str(2**53 + 2)]
    assert column(large).values.tolist() == [2**53, 2**53 + 1, 2**53 + 2]
    for cells in [[*large, ""], [str(2**64 + 1), str(2**64 + 2)]]:
        with pytest.raises(DataError, match="integers too large to be exact, such as"):
            column(cells)
    assert column([str(2**62), ""]).values[0] == 2.0**62


@pytest.mark.parametrize("cell", ["9" * 400, "9" * 5000, "inf", "-Infinity", "1e999"])
def test_what_no_float_holds_is_infinite(cell, column):
    assert math.isinf(column([cell, "1", "2"]).values[0])


# Dates


@pytest.mark.parametrize(
    "date",
    [
        *("2024-01-31", "2024/1/3", "2024.01.31", "2024-01", "31.01.2024", "1.1.2024", "31.01.24"),
        *("31/01/2024", "1/31/24", "31-01-2024", "2024-01-31 10:30", "2024-01-31T10:30:05.123Z"),
        *("2024-01-31T10:30:05+01:00", "31 Jan 2024", "31-Jan-24", "January 31, 2024", "Jan 2024"),
        *("Wed, 31 Jan 2024 10:30:00 GMT", "10:30", "10:30:59", "9:05 pm"),
    ],
)
def test_dates_are_refused(date, column):
    assert is_date(date)
    with pytest.raises(DataError, match=r"column 'x' holds dates or times, such as .* in row 1"):
        column([date] * 3)


@pytest.mark.parametrize(
    "text",
    ["2024", "1.5", "3-2", "2024-13", "32.01.2024", "1.2.3", "10.0.0.1", "555-1234", "May", ""],
)
def test_other_text_is_no_date(text):
    assert not is_date(text)


def test_a_column_that_is_half_dates_is_refused(column):
    with pytest.raises(DataError, match="'x' holds dates or times, such as '2024-01-01' in row 2"):
        column(["soon", "2024-01-01", "2024-01-02", "later"])
    assert column(["soon", "2024-01-01", "now", "later"]).categories is not None


# Laws


@settings(deadline=None)
@given(st.floats(allow_nan=False), st.sampled_from(["{!r}", "{:.3f}", "{:+.2e}", "{:g}"]))
def test_what_python_writes_is_plain(number, form):
    text = form.format(number)
    assert float(plain(text)) == float(text)
    if np.isfinite(number):
        assert are_plain([text])


@settings(deadline=None)
@given(st.text("0123456789+-.eE_ ,\n", max_size=7))
def test_plain_is_what_python_reads_without_its_own_signs(text):
    try:
        float(text)
        expected = text == text.strip() and "_" not in text
    except ValueError:
        expected = False
    assert (plain(text) is not None) == expected


@settings(deadline=None)
@given(
    st.integers(-(10**9), 10**9),
    st.sampled_from([(",", "."), (".", ","), ("'", "."), ("'", ","), (" ", ","), ("_", ".")]),
    st.integers(0, 99),
)
def test_grouped_numbers_are_read_as_they_were_written(whole, marks, cents):
    thousands, decimal = marks
    text = f"{whole:,}".replace(",", thousands) + f"{decimal}{cents:02}"
    assert plain(text, decimal, thousands) == f"{whole}.{cents:02}"
