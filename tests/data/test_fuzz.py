"""Whatever the bytes, what the doors read is what is there, or an error of `regkit.errors`."""

import csv
import gzip
import io
from contextlib import suppress

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regkit.data import Dialect, Preparation, read_table, resolve_task
from regkit.data.text_types import MISSING
from regkit.errors import DataError, RegkitError
from regkit.runs.config_file import config_from_file

CASES = 300
FRAME = pl.DataFrame({"a": [1, 2, 3] * 5, "b": ["x", "y", "z"] * 5, "y": [0.5] * 15})


def parquet_file():
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    return buffer.getvalue()


def npz_file(save):
    buffer = io.BytesIO()
    save(buffer, X=np.eye(3), y=np.arange(3))
    return buffer.getvalue()


CSV = FRAME.write_csv().encode()
FILES = {
    "csv": CSV,
    "csv.gz": gzip.compress(CSV),
    "parquet": parquet_file(),
    "npz": npz_file(np.savez),
    "compressed.npz": npz_file(np.savez_compressed),
    "toml": b"data = 'spiral'\nhidden = [64]\nreg = ['l2=5e-4']\nlr = 0.5\nseed = 1\n",
}


@st.composite
def damaged(draw, whole):
    """A file with bytes changed, put in, cut off or doubled."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 9))
        content[place : place + length] = draw(st.binary(max_size=9))
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


rows = st.lists(
    st.lists(
        st.sampled_from(["1", "-2.5", "x", "", "NA", "inf", '"', "é", "1e999", " "]), max_size=4
    ),
    max_size=5,
)
almost_csv = st.builds(
    lambda cells, separator: "\n".join(map(separator.join, cells)).encode(),
    rows,
    st.sampled_from([",", ";", "\t"]),
)


def use(path):
    """Go through all that is done with a table that was read."""
    table = read_table(path)
    table = read_table(path, target=next(iter(table.columns)))
    preparation = Preparation.fit(table, task=resolve_task(table), impute="mean", standardize=True)
    X, y = preparation.transform(table, "float32"), preparation.targets(table)
    assert np.isfinite(X).all()
    assert np.isfinite(y).all()
    assert len(X) == len(y)


@pytest.mark.parametrize("ending", FILES)
def test_damaged_files_are_refused_or_read(ending, tmp_path):
    path = tmp_path / f"file.{ending}"
    door = config_from_file if ending == "toml" else use
    path.write_bytes(FILES[ending])
    with suppress(RegkitError):
        door(path)

    @settings(max_examples=CASES, deadline=None)
    @given(damaged(FILES[ending]) | st.binary(max_size=64))
    def check(content):
        path.write_bytes(content)
        with suppress(RegkitError):
            door(path)

    check()


@settings(max_examples=CASES, deadline=None)
@given(almost_csv)
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
def test_what_is_almost_a_csv_is_refused_or_read(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "almost.csv"
    path.write_bytes(content)
    with suppress(RegkitError):
        use(path)


whole = ["1", "-2.5", "x", "", "NA", "é", " ", "07", '"a,b"', '"say ""x"""', '"a\nb"', 'y"', "\\"]
broken = ['"', '\\"', '"z"z', "1\r2"]
csv_cells = st.sampled_from([*whole, *whole, *broken])
lines = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(csv_cells, min_size=width, max_size=width) | st.lists(csv_cells, max_size=4),
        min_size=1,
        max_size=6,
    )
)


@settings(max_examples=2 * CASES, deadline=None)
@example([["1"], [], ["1", ""]], ",", "\n", True, False)
@given(
    lines,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    st.booleans(),
    st.booleans(),
)
@pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")
def test_what_is_read_is_what_pythons_csv_module_reads(
    tmp_path_factory, cells, separator, ending, header, at_end
):
    text = ending.join(map(separator.join, cells)) + ending * at_end
    path = tmp_path_factory.getbasetemp() / "law.csv"
    path.write_text(text, encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file, delimiter=separator))
    try:
        table = read_table(path, dialect=Dialect(header=header, sep=separator))
    except DataError:
        return
    # Below a single name, a separator at the end of each line makes no second column.
    under_one_name = header and len(next(filter(None, expected), [])) == 1
    one_column = max(map(len, expected)) == 1 or under_one_name
    rows = [row or [""] for row in expected if row or one_column]
    if header:
        # Empty lines above the names are no rows.
        names = next(number for number, row in enumerate(rows) if row != [""] or not one_column)
        rows = rows[names + 1 :]
    assert len(table) == len(rows)
    # A column at the end without a name and without values is left out.
    assert not any(cell.strip() for row in rows for cell in row[len(table.columns) :])
    for column, found in zip(zip(*rows, strict=False), table.columns.values(), strict=False):
        cells_of_column = [cell.strip() for cell in column]
        missing = [cell in MISSING for cell in cells_of_column]
        assert found.missing.tolist() == missing
        for cell, value, gap in zip(cells_of_column, found.values, missing, strict=True):
            if not gap and found.categories is not None and found.fault is None:
                assert found.categories[value] == cell
            elif not gap and found.categories is None:
                assert value == float(cell)


@settings(max_examples=CASES, deadline=None)
@given(damaged(b'{"task":"regression","target":"y","classes":[],"columns":[{"name":"a"}]}'))
def test_damaged_preparations_are_refused_or_read(content):
    with suppress(RegkitError):
        Preparation.from_json(content.decode(errors="surrogateescape"))
