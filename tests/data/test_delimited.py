"""Rows and names of text tables, held against Python's csv module.

Covers: regkit/data/decoding.py, regkit/data/header.py, regkit/data/rows.py
Covers: regkit/data/separator.py, regkit/data/widths.py
"""

import csv
import gzip
import io

import pytest

from regkit.data import Dialect, read_table
from regkit.data.delimited import delimited_columns
from regkit.errors import DataError, RegkitWarning


@pytest.fixture
def read(tmp_path):
    """Reads a table with this content."""

    def read(content, *, name="t.csv", target=None, categorical=(), **dialect):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_table(path, target=target, categorical=categorical, dialect=Dialect(**dialect))

    return read


def cells(table, name):
    """The values of a column as texts, None where missing."""
    column = table.as_text(name)
    return [None if code == -1 else column.categories[code] for code in column.values]


def rows_by_csv(text, **options):
    return [row for row in csv.reader(io.StringIO(text, newline=""), **options) if row]


# Quotes and rows


def test_a_backslash_does_not_make_rows_vanish(read):
    table = "a,note,y\n" + "".join(f'{i},"it\\"s",{"no" if i % 2 else "yes"}\n' for i in range(4))
    with pytest.raises(DataError, match=r"t\.csv: line 2: .*a quote is written twice"):
        read(table)


def test_stray_quotes_in_unquoted_cells_are_text(read):
    rows = [
        f"{i},{'x' if i != 7 else chr(120) + chr(34)},{'no' if i % 2 else 'yes'}" for i in range(40)
    ]
    text = 'pipe 5",n,y\n' + "\n".join(rows) + "\n"
    table = read(text)
    assert len(table) == len(rows_by_csv(text)) - 1 == 40
    assert list(table.columns) == ['pipe 5"', "n", "y"]
    assert table.columns["n"].categories == ("x", 'x"')


def test_a_quote_that_swallows_rows_is_named(read):
    with pytest.warns(RegkitWarning, match="a quoted cell makes lines 3 to 5 one row, though each"):
        table = read('a,b\n1,x\n"2,y\n3,x\n4",y\n5,x\n')
    assert len(table) == 3


def test_text_over_several_lines_is_no_suspicion(read):
    assert cells(read('a,b,c\n1,"x\ny",u\n2,z,v\n'), "b") == ["x\ny", "z"]


def test_an_open_quote_is_refused_with_the_lines_it_spans(read):
    with pytest.raises(DataError, match="line 3 to 5: unexpected end of data"):
        read('a,b\n1,x\n2,"y\n3,x\n4,y\n')


def test_rows_of_empty_cells_are_rows(read):
    table = read("x,other\n1,a\n,\n3,a\n,\n")
    assert table.columns["x"].missing.tolist() == [False, True, False, True]


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n\r\n\r\n"])
def test_empty_lines_at_both_ends_are_no_rows(end, read):
    assert len(read("\n\na,b\n1,x\n2,y" + end)) == 2


def test_an_empty_line_between_rows_is_refused_with_its_line(read):
    with pytest.raises(DataError, match="line 3 is empty: remove it, or write a row of missing"):
        read("a,b\n1,x\n\n2,y\n")


@pytest.mark.parametrize(
    "text", ["x\n1\n\n3\n\n5\n", "\nx\n1\n\n3\n\n5", "x\r\n1\r\n\r\n3\r\n\r\n5"]
)
def test_in_one_column_an_empty_line_is_a_row(text, read):
    assert read(text).columns["x"].missing.tolist() == [False, True, False, True, False]


def test_in_one_column_without_names_no_empty_line_is_lost(read):
    table = read("\n1\n\n3\n\n", header=False)
    assert table.columns["column_1"].missing.tolist() == [True, False, True, False, True]


def test_lines_are_counted_from_the_beginning_of_the_file(read):
    with pytest.raises(DataError, match="line 5 has 3 cells, the first row 2"):
        read("\n\na,b\n1,x\n2,y,z\n")
    with pytest.raises(DataError, match="line 6 has 3 cells"):
        read('sep=;\n# c\na;b\n1;"x\ny"\n2;y;z\n', comment="#")


# Comments, first lines of Excel, separators at the end, row names


def test_comments_are_skipped_but_not_inside_of_quotes(read):
    table = read('# of May\na,b\n1,"x\n#y"\n#2,z\n3,w\n', comment="#")
    assert cells(table, "b") == ["x\n#y", "w"]


def test_without_being_told_nothing_is_a_comment(read):
    assert cells(read("a,b\n#1,x\n2,y\n"), "b") == ["x", "y"]


def test_nothing_but_comments_is_empty(read):
    for dialect in ({}, {"sep": ","}):
        with pytest.raises(DataError, match=r"is empty but for comments|holds no rows"):
            read("# a\n# b\n", comment="#", **dialect)


@pytest.mark.parametrize("mark", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_first_line_that_excel_reads_is_no_row(mark, read):
    table = read(f"{mark}\r\na;b\r\n1;x\r\n2;y\r\n")
    assert list(table.columns) == ["a", "b"]
    assert len(table) == 2


def test_that_line_decides_where_nothing_else_would(read):
    assert list(read("sep=|\na|b\n1|x\n2|y\n").columns) == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "a,z,y,\n1,0,no,\n2,1,yes,\n",
        "a,z,y\n1,0,no,\n2,1,yes,\n",
        "a,z,y,\n1,0,no\n2,1,yes\n",
        "a,z,y,,\n1,0,no,,\n2,1,yes, ,\n",
    ],
)
def test_separators_at_the_end_of_lines_make_no_column(text, read):
    table = read(text)
    assert list(table.columns) == ["a", "z", "y"]
    assert cells(table, "y") == ["no", "yes"]


def test_a_column_of_values_without_name_is_refused(read):
    with pytest.raises(DataError, match="column 3 of the header has no name"):
        read("a,b,\n1,x,\n2,y,3\n")


def test_an_index_of_pandas_is_named_as_one(read):
    with pytest.raises(DataError, match=r"column 1 of the header has no name.*index=False"):
        read(",a,b\n0,1,x\n1,2,y\n")


def test_row_names_of_r_are_told_from_a_separator_at_the_end(read):
    with pytest.raises(DataError, match=r"one cell more than the header.*row\.names=FALSE"):
        read("mpg,cyl\nMazda RX4,21,6\nDatsun 710,22.8,4\n")


def test_rows_without_header_keep_an_empty_last_column(read):
    table = read("1,x,\n2,y,\n")
    assert table.columns["column_3"].missing.all()


# The header


@pytest.mark.parametrize("first", ["2024-01-05,red", "5 %,red", "$4,red", "true,red", "1.000,red"])
def test_a_first_row_with_a_value_is_no_header(first, read):
    assert list(read(f"{first}\n{first}\n").columns) == ["column_1", "column_2"]


@pytest.mark.parametrize("first", ["inf,kind", "size (cm),x", "q1,2nd", "a,NA"])
def test_a_first_row_of_names_is_a_header(first, read):
    assert list(read(f"{first}\n1,x\n2,y\n").columns) == first.split(",")


def test_a_first_row_of_text_that_may_be_values_is_refused(read):
    text = "red,small\nblue,small\nred,large\n"
    with pytest.raises(DataError, match=r"'red' is in the first row, and again in row 2 below it"):
        read(text)
    assert len(read(text, header=False)) == 3
    assert len(read(text, header=True)) == 2


def test_a_value_like_its_column_name_is_allowed_where_numbers_tell_the_header(read):
    assert cells(read("n,t\n1,t\n2,u\n"), "t") == ["t", "u"]


def test_equal_cells_in_the_first_row_point_to_no_header(read):
    with pytest.raises(DataError, match=r"names occur twice.*'x'; if the first row holds values, "):
        read("x,s,x\nb,t,y\n")


# Separators


@pytest.mark.parametrize(
    ("sep", "shown"), [("|", r"'\|'"), (":", "':'"), ("~", "'~'"), (" ", "blanks")]
)
def test_what_else_may_separate_the_cells_is_named_with_the_flag(sep, shown, read):
    text = "\n".join(sep.join(row) for row in [("0.5", "1", "no"), ("7.1", "2", "yes")])
    with pytest.raises(DataError, match=rf"holds one column, but {shown} would .*use --sep "):
        read(text, name="t.data")
    table = read(text, name="t.data", sep=sep)
    assert [len(table), len(table.columns)] == [2, 3]


def test_any_number_of_blanks_separates(read):
    text = "0.0  0   no\n 7.1\t1 \t yes \n4.2  2   'n o'\n"
    with pytest.raises(DataError, match="line 3 has 4 cells, the first row 3"):
        read(text, sep="space")
    table = read(text.replace("'", '"'), sep="space")
    assert cells(table, "column_3") == ["no", "yes", "n o"]
    assert table.columns["column_1"].values.tolist() == [0, 7.1, 4.2]


def test_beside_blanks_a_quoted_cell_ends_on_its_line(read):
    with pytest.raises(DataError, match="line 2 to 3: a quoted cell must end on its line"):
        read('1 a\n2 "b\nc"\n', sep="space")


def test_one_column_of_texts_with_blanks_stays_one_column(read):
    assert cells(read("city\nNew York\nSan Diego\n"), "city") == ["New York", "San Diego"]
    assert len(read("New York\nSan Diego\n", sep=",", header=False)) == 2


def test_a_wrong_guess_of_the_separator_is_named(read):
    with pytest.raises(DataError, match="line 2 has 2 cells, the first row 1: is ',' not the sep"):
        read("a|b\n1|x, y\n2|z\n")
    assert cells(read("a|b\n1|x, y\n2|z\n", sep="|"), "b") == ["x, y", "z"]


@pytest.mark.parametrize("sep", ["tab", "\t", "\\t"])
def test_a_tab_has_a_name(sep, read):
    assert cells(read("a\tb;c\n1\tx;y\n2\tz\n", sep=sep), "b;c") == ["x;y", "z"]


# Encodings


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-32"])
def test_an_encoding_is_read_if_it_is_named_and_refused_with_the_flag(encoding, read):
    content = "a,b\n1,rötlich\n2,blau\n".encode(encoding)
    with pytest.raises(DataError, match=r"--encoding|zero byte"):
        read(content)
    assert cells(read(content, encoding=encoding), "b") == ["rötlich", "blau"]


def test_packed_tables_have_encodings_too(read):
    content = gzip.compress("a,b\n1,Größe\n2,x\n".encode("cp1252"))
    assert cells(read(content, name="t.csv.gz", encoding="cp1252"), "b") == ["Größe", "x"]


def test_a_wrong_encoding_is_refused_where_the_bytes_show_it(read):
    with pytest.raises(DataError, match=r"is UTF-8, by its first bytes, not latin-1"):
        read("a,b\n1,ö\n".encode("utf-8-sig"), encoding="latin-1")
    with pytest.raises(DataError, match=r"is not ASCII \(byte 0xc3 in line 2\)"):
        read("a,b\n1,ö\n", encoding="ascii")
    assert len(read("a,b\n1,ö\n".encode("utf-8-sig"), encoding="UTF8")) == 1


@pytest.mark.parametrize("mark", ["-999", "-999.0"])
def test_a_number_that_stands_for_a_missing_value_does_so_in_each_spelling(mark):
    text = "a;b\n-999;x\n-999.0;-999\n1.5;y\n-999.00;z\n"
    first, second = delimited_columns("t.csv", text.encode(), Dialect(na=(mark,)))
    assert first.missing.tolist() == [True, True, False, True]
    assert second.missing.tolist() == [False, True, False, False]


@pytest.mark.parametrize(("text", "shown"), [("1,55", ","), ("1.55", "."), ("155", None)])
def test_a_column_remembers_the_decimal_separator_that_it_shows(text, shown):
    (first, _) = delimited_columns("t.csv", f"a;b\n{text};x\n7;y\n".encode(), Dialect())
    assert first.decimal == shown
