"""Whatever the bytes, only errors of `regkit.errors` come out of the doors for files."""

import gzip
import io
from contextlib import suppress

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regkit.data import Preparation, read_table, resolve_task
from regkit.errors import RegkitError
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
def test_what_is_almost_a_csv_is_refused_or_read(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "almost.csv"
    path.write_bytes(content)
    with suppress(RegkitError):
        use(path)


@settings(max_examples=CASES, deadline=None)
@given(damaged(b'{"task":"regression","target":"y","classes":[],"columns":[{"name":"a"}]}'))
def test_damaged_preparations_are_refused_or_read(content):
    with suppress(RegkitError):
        Preparation.from_json(content.decode(errors="surrogateescape"))
