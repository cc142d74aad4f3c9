"""Bad tables and bad configuration files: one line, exit code 2, nothing written.

Covers: regkit/data/files.py, regkit/data/requirements.py
"""

import gzip
import io
import os
import signal
import warnings
import zipfile

import numpy as np
import polars as pl
import pytest

from regkit.cli import main

GOOD = "size,colour,kind\n" + "".join(
    f"{i}.5,{'red' if i % 3 else 'blue'},{'a' if i < 6 else 'b'}\n" for i in range(12)
)
NUMBERS = "x,z,y\n" + "".join(f"{i},{i * i},{i * 0.5}\n" for i in range(12))


def changed(row, old, new, table=GOOD):
    """The table with `old` replaced by `new` in one of its lines (0 is the header)."""
    lines = table.splitlines(keepends=True)
    assert old in lines[row]
    lines[row] = lines[row].replace(old, new, 1)
    return "".join(lines)


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz_with_header(header):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        length = len(header).to_bytes(2, "little")
        archive.writestr("X.npy", b"\x93NUMPY\x01\x00" + length + header.encode())
    return buffer.getvalue()


def parquet(**columns):
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


X, Y = np.arange(24.0).reshape(12, 2), np.repeat([0, 1], 6)
PARQUET = parquet(size=list(range(12)), kind=["a", "b"] * 6)

# What is wrong: (file name, content, further arguments, what the message says)
BAD_FILES = {
    "empty": ("t.csv", b"", [], "t.csv is empty"),
    "blank lines only": ("t.csv", b"\n\r\n  \n", [], "t.csv is empty"),
    "a byte order mark only": ("t.csv", b"\xef\xbb\xbf", [], "t.csv is empty"),
    "header only": ("t.csv", "size,kind\n", [], "t.csv holds no rows"),
    "rows without values": (
        "t.csv",
        "size,kind\n,\n,\n",
        [],
        "target 'kind' is missing in 2 of 2 rows",
    ),
    "a row too short": ("t.csv", changed(3, ",red", ""), [], "line 4 has 2 cells, the first row 3"),
    "a row too long": ("t.csv", changed(5, "red", "red,x"), [], "line 6 has 4 cells"),
    "a row too long at its end": ("t.csv", changed(5, "a\n", "a,\n"), [], "line 6 has 4 cells"),
    "a quote without end": ("t.csv", changed(2, "red", '"red'), [], "unexpected end of data"),
    "text after a quote": ("t.csv", changed(2, "red", '"red"x'), [], "line 3: ',' expected after"),
    "binary": ("t.csv", bytes(range(256)), [], "t.csv is not UTF-8 (byte 0x80 in line 2)"),
    "zero bytes": ("t.csv", changed(2, "red", "r\0d"), [], "a zero byte in line 3"),
    "Latin-1": ("t.csv", changed(2, "red", "roß").encode("latin1"), [], "not UTF-8 (byte 0xdf"),
    "UTF-16": ("t.csv", GOOD.encode("utf-16"), [], "t.csv is UTF-16"),
    "duplicate names": ("t.csv", changed(0, "size", "kind"), [], "names occur twice"),
    "a column without name": ("t.csv", changed(0, "size", ""), [], "column 1 of the header has no"),
    "no such target": ("t.csv", GOOD, ["--target", "kid"], "no column 'kid', did you mean 'kind'?"),
    "no target": ("u.csv", GOOD, None, "--target COLUMN; there are 'size', 'colour', 'kind'"),
    "target dropped": (
        "t.csv",
        GOOD,
        ["--drop", "kind"],
        "'kind' is both the target and a column to drop",
    ),
    "no such column to drop": ("t.csv", GOOD, ["--drop", "x"], "t.csv has no column 'x': it has"),
    "no such categories": ("t.csv", GOOD, ["--categorical", "x"], "t.csv has no column 'x'"),
    "nothing beside the target": (
        "t.csv",
        GOOD,
        ["--drop", "size", "--drop", "colour"],
        "there is no column besides the target",
    ),
    "one class": ("t.csv", GOOD.replace(",b\n", ",a\n"), [], "is 'a' in every row"),
    "constant number to predict": (
        "t.csv",
        "x,kind\n" + "".join(f"{i},1.5\n" for i in range(9)),
        [],
        "is 1.5 in every row",
    ),
    "a target unlike in each row": (
        "t.csv",
        "x,kind\n" + "".join(f"{i},name{i}\n" for i in range(9)),
        [],
        "9 distinct values in 9 rows, too many for classes: choose another --target",
    ),
    "numbers unlike in each row as classes": (
        "t.csv",
        NUMBERS,
        ["--target", "y", "--task", "classification"],
        "12 distinct values in 12 rows, too many for classes: use --task regression",
    ),
    "text to predict as numbers": (
        "t.csv",
        GOOD,
        ["--task", "regression"],
        "holds text, such as 'a': regression needs numbers",
    ),
    "target missing in a row": (
        "t.csv",
        changed(4, "a\n", "\n"),
        ["--impute", "mean"],
        "target 'kind' is missing in 1 of 12 rows (first in row 4)",
    ),
    "missing values": (
        "t.csv",
        changed(3, "2.5", "NA", changed(6, "red", "", changed(9, "red", "null"))),
        [],
        "values are missing in 'size' (1), 'colour' (2), first in row 3: train with --impute",
    ),
    "a column without values": (
        "t.csv",
        "".join(line.replace(",", ",,", 1) for line in GOOD.splitlines(True)).replace(
            ",,", ",e,", 1
        ),
        ["--impute", "median"],
        "no row has a value in 'e'",
    ),
    "all values missing": ("t.csv", "a,kind\nNA,NA\nNA,NA\n", [], "is missing in 2 of 2 rows"),
    "constant columns only": (
        "t.csv",
        "x,z,kind\n" + "".join(f"1,same,{i % 2}\n" for i in range(9)),
        [],
        "every column is constant: 'x', 'z'",
    ),
    "text in a column of numbers": (
        "t.csv",
        changed(3, "2.5", "2.5 cm"),
        [],
        "column 'size' holds numbers except for '2.5 cm' in row 3 (1 of 12 values are not)",
    ),
    "infinity": ("t.csv", changed(3, "2.5", "inf"), [], "'size' is infinite, or too large to be a"),
    "a number of 400 digits": (
        "t.csv",
        changed(3, "2.5", "9" * 400),
        [],
        "too large to be a number, in row 3",
    ),
    "a target of infinity": (
        "t.csv",
        changed(3, "1.0", "-inf", NUMBERS),
        ["--target", "y"],
        "column 'y' is infinite",
    ),
    "a number beyond float32": (
        "t.csv",
        changed(3, "2.5", "1e39"),
        ["--no-standardize"],
        "which float32 cannot represent: use --dtype float64 or leave out --no-standardize",
    ),
    "numbers too large to scale": (
        "t.csv",
        changed(3, "2.5", "1.7e308", changed(4, "3.5", "-1.7e308")),
        ["--standardize"],
        "'size' holds numbers too large to compute with",
    ),
    "a name in each row": (
        "t.csv",
        "x,kind\n" + "".join(f"name{i},{i % 2}\n" for i in range(1500)),
        [],
        "'x' holds 1200 different texts, such as 'name0'",
    ),
    "no rows to validate on": ("t.csv", GOOD, ["--val", "0.01"], "leaves none to validate on"),
    "a negative share": ("t.csv", GOOD, ["--val", "-0.5"], "validation fraction must be finite"),
    "all rows to validate on": ("t.csv", GOOD, ["--val", "1"], "above 0 and below 1, got 1.0"),
    "not gzip after all": ("t.csv.gz", b"\x1f\x8bnothing", [], "is a damaged gzip file"),
    "gzip cut short": ("t.csv.gz", gzip.compress(GOOD.encode())[:-9], [], "damaged gzip file"),
    "gzip of nothing": ("t.csv.gz", gzip.compress(b""), [], "t.csv.gz is empty"),
    "unknown ending": ("t.xlsx", b"PK", [], "'.xlsx' does not say what kind of file this is"),
    "no ending": ("table", GOOD, [], "'a name without an ending' does not say"),
    "Parquet cut short": ("t.parquet", PARQUET[:-20], [], "cannot be read as Parquet"),
    "Parquet of something else": ("t.parquet", GOOD, [], "cannot be read as Parquet"),
    "dates": (
        "t.parquet",
        parquet(day=pl.Series(range(12)).cast(pl.Date), kind=["a", "b"] * 6),
        [],
        "column 'day' holds Date values: turn them into numbers or text",
    ),
    "lists": (
        "t.parquet",
        parquet(many=[[i] for i in range(12)], kind=["a", "b"] * 6),
        [],
        "column 'many' holds List(Int64) values",
    ),
    "NPZ cut short": ("t.npz", npz(X=X, kind=Y)[:200], [], "cannot be read as NPZ"),
    "NPZ that is one array": ("t.npz", npy(X), [], "is not an NPZ file"),
    "NPZ of text": ("t.npz", GOOD, [], "cannot be read as NPZ"),
    "NPZ with pickled objects": (
        "t.npz",
        npz(X=X, kind=np.array([{}] * 12)),
        [],
        "Object arrays cannot be loaded",
    ),
    "NPZ of a trillion rows": (
        "t.npz",
        npz_with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 2)}"),
        [],
        "cannot be read as NPZ",
    ),
    "NPZ of more rows than numbers go": (
        "t.npz",
        npz_with_header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({'9' * 25},)}}"),
        [],
        "cannot be read as NPZ",
    ),
    "NPZ with a header without end": ("t.npz", npz_with_header("(" * 99), [], "cannot be read as"),
    "NPZ with a cube": ("t.npz", npz(X=np.zeros((2, 2, 2)), kind=Y), [], "one or two dimensions"),
    "NPZ with complex numbers": ("t.npz", npz(X=X * 1j, kind=Y), [], "holds complex128 values"),
    "NPZ of unequal lengths": ("t.npz", npz(X=X, kind=Y[:5]), [], "columns differ in length"),
    "NPZ without arrays": ("t.npz", npz(), [], "t.npz holds no rows"),
}

BAD_NAMES = {
    "nothing there": ("nothing.csv", "nothing.csv cannot be read: No such file or directory"),
    "a folder": ("folder.csv", "folder.csv is a folder"),
    "a pipe": ("pipe.csv", "pipe.csv is not a regular file"),
    "a loop of links": ("loop.csv", "loop.csv cannot be read: Too many levels of symbolic links"),
    "a name too long": ("n" * 300 + ".csv", "cannot be read: File name too long"),
    "a misspelt set": ("spirl", "unknown data 'spirl': did you mean 'spiral'?"),
    "a misspelt set of scikit-learn": ("sklearn:irs", "did you mean 'iris'?"),
    "an unknown set of scikit-learn": ("sklearn:x", "there are breast_cancer, diabetes, digits"),
    "an empty name": ("", "unknown data ''"),
}

BAD_TOML = {
    "not TOML": ("epochs == 3", "run.toml is not TOML: "),
    "no value": ("epochs =\nseed = 1\n", "(at line 1, column 9)"),
    "a key given twice": ("seed = 1\nseed = 2\n", "(at line 2, column 9)"),
    "not UTF-8": (b"data = '\xe9'", "run.toml is not UTF-8 text"),
    "a string without end": ("data = 'iris", "run.toml is not TOML"),
    "nested too deeply": ("reg = " + "[" * 5000, "run.toml is nested too deeply"),
    "a number of 5000 digits": ("epochs = " + "9" * 5000, "run.toml is not TOML"),
    "a table": (
        "[training]\nepochs = 3",
        "[training] is a table, but all keys belong at the top level",
    ),
    "a misspelt key": ("epoch = 3", "unknown key 'epoch': did you mean 'epochs'?"),
    "a key with an underscore": ("batch_size = 3", "did you mean 'batch-size'?"),
    "an unknown key": ("zzz = 3", "unknown key 'zzz': --print-config shows all keys"),
    "a plugin file": ("plugin-file = 'p.py'", "give --plugin-file on the command line"),
    "a flag that is no setting": ("force = true", "unknown key 'force'"),
    "a string for an integer": (
        "epochs = 'many'",
        "run.toml: epochs must be an integer, got 'many'; for example epochs = 10000",
    ),
    "a fraction for an integer": ("epochs = 2.5", "epochs must be an integer, got 2.5"),
    "a bool for an integer": ("seed = true", "seed must be an integer, got True"),
    "a string for a number": (
        "lr = '0.1'",
        "lr must be a number, got '0.1'; for example lr = 0.05",
    ),
    "a bool for a number": ("lr = false", "lr must be a number, got False"),
    "a number for a string": (
        "data = 3",
        'data must be a string, got 3; for example data = "spiral"',
    ),
    "a number for true or false": ("standardize = 1", "standardize must be true or false, got 1"),
    "a string for a list": (
        "reg = 'l2=1'",
        "reg must be a list of specs and tables, got 'l2=1'; for example reg = [",
    ),
    "a list of the wrong things": ("hidden = ['a']", "hidden must be a list of integers"),
    "a list in a list": ("hidden = [[64]]", "hidden must be a list of integers"),
    "a number for a list": ("hidden = 64", "hidden must be a list of integers, got 64"),
    "a date": ("out = 1979-05-27", "out must be a string, got datetime.date(1979, 5, 27)"),
    "no such choice": (
        "optimizer = 'adm'",
        "optimizer must be one of 'sgd', 'adagrad', 'rmsprop', 'adam', got 'adm'",
    ),
    "no such choice of several": ("impute = 'zero'", "impute must be one of 'mean', 'median'"),
    "not a number at all": ("lr = nan", "lr must be finite"),
    "an infinite number": ("min-delta = inf", "min_delta must be"),
    "a negative count": ("log-every = -1", "log_every must be an integer at least 1, got -1"),
    "no layer size": ("hidden = [0]", "n_neurons must be an integer at least 1, got 0"),
    "a bad spec": ("reg = ['l2=']", "a strength must follow 'l2='"),
    "no such data": ("data = 'spirl'", "unknown data 'spirl'"),
    "a setting for tables only": ("impute = 'mean'", "--impute applies to a table"),
    "samples of a table": (
        "data = 'sklearn:iris'\nsamples = 3",
        "--samples applies to spiral, vertical and sine, not to sklearn:iris",
    ),
}


@pytest.fixture
def refused(tmp_path, monkeypatch, capfd):
    """Runs `regkit train`, which must fail with one line and leave the folder as it is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    handler = signal.getsignal(signal.SIGTERM)

    def run(*arguments):
        before = everything_in(tmp_path)
        line = ["regkit", "train", *arguments, "--epochs", "1", "--out", "runs/a"]
        monkeypatch.setattr("sys.argv", line)
        with pytest.raises(SystemExit) as stop:
            main()
        shown = capfd.readouterr()
        assert stop.value.code == 2, shown.err
        assert shown.out == ""
        (error,) = shown.err.splitlines()
        assert everything_in(tmp_path) == before
        return error.removeprefix("Error: ")

    yield run
    signal.signal(signal.SIGTERM, handler)


def everything_in(folder):
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("name", "content", "arguments", "message"), BAD_FILES.values(), ids=BAD_FILES
)
def test_a_bad_table_is_refused(name, content, arguments, message, tmp_path, refused):
    raw = content if isinstance(content, bytes) else content.encode()
    (tmp_path / name).write_bytes(raw)
    more = [] if arguments is None else ["--target", "kind", *arguments]
    assert message in refused(name, *more)


@pytest.mark.parametrize(("name", "message"), BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_name_without_a_table_is_refused(name, message, tmp_path, refused):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    assert message in refused(name, "--target", "kind")


@pytest.mark.parametrize(("content", "message"), BAD_TOML.values(), ids=BAD_TOML)
def test_a_bad_configuration_file_is_refused(content, message, tmp_path, refused):
    raw = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "run.toml").write_bytes(raw)
    assert message in refused("run.toml")


def test_printed_settings_name_files_so_that_they_are_found_from_any_folder(regkit, workplace):
    folder = workplace / "sub"
    folder.mkdir()
    (folder / "own.py").write_text(
        "import regkit\n"
        "class Near(regkit.Regularizer):\n"
        "    to: regkit.File\n"
        "    def value(self, w):\n"
        "        return float(((w - self.to.array) ** 2).sum())\n"
        "    def grad(self, w):\n"
        "        return (2 * (w - self.to.array)).astype(w.dtype)\n"
    )
    np.save(folder / "start.npy", np.ones((2, 64)))
    np.save(workplace / "start.npy", np.zeros((2, 64)))  # Another one of the same name.
    table = '{ name = "near", to = "start.npy", strength = 1e-3, on = "dense1.weights" }'
    (folder / "run.toml").write_text(f"epochs = 1\nsamples = 5\nreg = [{table}]\n")
    plugin = ("--plugin-file", folder / "own.py")
    printed = regkit("train", "sub/run.toml", "--print-config", *plugin)
    assert printed.code == 0, printed.err
    (workplace / "copy.toml").write_text(printed.out)
    first = regkit("train", "sub/run.toml", "--json", *plugin).penalties
    assert regkit("train", "copy.toml", "--json", *plugin).penalties == first
    assert first["near@dense1.weights"] > 0.1


def test_zeroing_without_a_sparsifying_penalty_is_refused_before_training(regkit, workplace):
    done = regkit("train", "--samples", 5, "--epochs", 2, "--zero-small", "--out", "run")
    assert done.code == 2
    assert done.out == ""
    assert "no regularizer here favours exact zeros" in done.error
    assert not (workplace / "run").exists()
