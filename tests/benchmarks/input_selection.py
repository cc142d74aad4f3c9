"""Which inputs a path of regkit finds, beside LassoNet's, and how long both take.

`python -m tests.benchmarks.input_selection` measures and writes its table into
docs/which-inputs-matter.md. It needs torch and `pip install lassonet`.
"""

import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple

import click
import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from regkit.runs.config import Config
from regkit.runs.config_file import toml_of
from regkit.studies.paths.chain import Chain
from regkit.studies.paths.path_start import grid
from regkit.studies.statistics.paired import paired_difference
from regkit.training.blas_threads import one_thread

from .machine import processor
from .marked_page import write_part

PAGE = Path(__file__).parents[2] / "docs" / "which-inputs-matter.md"
PROGRAM = "python -m tests.benchmarks.input_selection"

TABLES = ("breast_cancer", "digits")
SPLITS = 20
TEST_SHARE = 0.2
VALIDATION_SHARE = 0.1
SHARES = (0.1, 0.2, 0.5)
"""Of the inputs, with which the networks are trained anew."""

NEURONS = 32
EPOCHS = 100
PATIENCE = 10
"""Of every point of both paths; LassoNet's own defaults."""

MULTIPLIER = 1.1
"""Of LassoNet's strengths. regkit has as many strengths as LassoNet then takes."""

LOW, HIGH = 1e-4, 1e-1
"""regkit's strengths: at the strongest about a third of the inputs is left, which are ranked then.

Chosen, like the rest of its settings, on other splits: `--first-split 100`.
"""

REFITS = 3
"""Trainings a choice of inputs, whose accuracies are averaged."""


class Rows(NamedTuple):
    """Standardized inputs, and the class of each row."""

    X: np.ndarray
    y: np.ndarray


class Split(NamedTuple):
    """What is trained, stopped and tested on."""

    train: Rows
    validation: Rows
    test: Rows


class Ranking(NamedTuple):
    """The inputs, the last to leave first; the seconds that took, and the number of strengths."""

    inputs: Sequence[int]
    seconds: float
    strengths: int


@dataclass(frozen=True)
class Measured:
    """A split: both programs' accuracies at each share of the inputs, and seconds."""

    regkit: Sequence[float]
    lassonet: Sequence[float]
    regkit_seconds: float
    lassonet_seconds: float
    strengths: int


def split_of(name: str, seed: int) -> Split:
    """Rows to test on, rows to stop by, and the rest, with the classes' shares."""
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    rest, test, y_rest, y_test = train_test_split(
        X, y, test_size=TEST_SHARE, random_state=seed, stratify=y
    )
    train, validation, y_train, y_validation = train_test_split(
        rest,
        y_rest,
        test_size=VALIDATION_SHARE / (1 - TEST_SHARE),
        random_state=seed,
        stratify=y_rest,
    )
    scaled = StandardScaler().fit(train).transform
    return Split(
        Rows(scaled(train), y_train),
        Rows(scaled(validation), y_validation),
        Rows(scaled(test), y_test),
    )


def by_lassonet(split: Split, seed: int) -> Ranking:
    """Its path with its defaults but the number of neurons and the strengths."""
    import torch
    from lassonet import LassoNetClassifier

    torch.set_num_threads(1)
    network = LassoNetClassifier(
        hidden_dims=(NEURONS,),
        path_multiplier=MULTIPLIER,
        n_iters=(1000, EPOCHS),
        patience=(100, PATIENCE),
        verbose=0,
        torch_seed=seed,
    )
    begun = time.perf_counter()
    history = network.path(
        split.train.X,
        split.train.y,
        X_val=split.validation.X,
        y_val=split.validation.y,
        return_state_dicts=True,
    )
    seconds = time.perf_counter() - begun
    sizes = [np.linalg.norm(one.state_dict["skip.weight"].numpy(), axis=0) for one in history]
    return Ranking(ranked(sizes), seconds, len(history) - 1)


def by_regkit(split: Split, seed: int, strengths: int) -> Ranking:
    """The chain of `regkit path` on all training rows."""
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder, f"{part}.csv")) for part in ("train", "validation")]
        for file, rows in zip(files, split[:2], strict=True):
            pd.DataFrame(rows.X).add_prefix("x").assign(y=rows.y).to_csv(file, index=False)
        settings = toml_of(
            Config(
                data=files[0],
                val_file=files[1],
                target="y",
                task="classification",
                hidden=(NEURONS,),
                init="he",
                optimizer="sgd",
                lr=0.03,
                momentum=0.9,
                epochs=EPOCHS,
                patience=PATIENCE,
                reg=(
                    f"group_lasso={LOW}..{HIGH},groups=outgoing,mode=prox@dense1.weights",
                    "l2=1e-3@dense2.weights",
                ),
                seed=seed,
                threads=1,
            )
        )
        begun = time.perf_counter()
        chain = Chain(
            "chain",
            settings,
            0,
            grid(LOW, HIGH, strengths),
            "dense",
            seed=seed,
            split_seed=seed,
            fold=None,
            folds=2,
            refit=False,
            tolerance=1e-5,
            by_curvature=False,
            plugin_files=(),
        )
        sizes = [
            np.linalg.norm(model.layers[0].params["weights"], axis=1)
            for _, _, model in chain.follow()
        ]
        return Ranking(ranked(sizes), time.perf_counter() - begun, strengths)


def ranked(sizes: Sequence[np.ndarray]) -> Sequence[int]:
    """The inputs, the last to leave first; of those that leave at once, or stay, the larger first.

    Args:
        sizes: of the weights of each input, by strength, ascending.
    """
    last = np.zeros(len(sizes[0]), dtype=int)
    size = sizes[0].copy()
    for strength, at in enumerate(sizes):
        last[at > 0] = strength
        size[at > 0] = at[at > 0]
    return [int(one) for one in np.lexsort((-size, -last))]


def accuracies(split: Split, inputs: Sequence[int]) -> list[float]:
    """On the test rows, of networks that are trained on the first inputs alone."""
    found = []
    for share in SHARES:
        chosen = list(inputs[: round(share * len(inputs))])
        fits = [
            MLPClassifier((NEURONS,), max_iter=300, random_state=seed).fit(
                split.train.X[:, chosen], split.train.y
            )
            for seed in range(REFITS)
        ]
        found.append(fmean(fit.score(split.test.X[:, chosen], split.test.y) for fit in fits))
    return found


def measured(name: str, seed: int) -> Measured:
    """Both programs on one split, one thread each."""
    split = split_of(name, seed)
    with warnings.catch_warnings(), one_thread():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", UserWarning)
        peer = by_lassonet(split, seed)
        own = by_regkit(split, seed, peer.strengths)
        return Measured(
            accuracies(split, own.inputs),
            accuracies(split, peer.inputs),
            own.seconds,
            peer.seconds,
            peer.strengths,
        )


def rows_of(name: str, splits: Sequence[Measured]) -> list[str]:
    """The lines of the page's table for one table of data."""
    ratio = median(one.regkit_seconds / one.lassonet_seconds for one in splits)
    found = []
    for place, share in enumerate(SHARES):
        own = [one.regkit[place] for one in splits]
        peer = [one.lassonet[place] for one in splits]
        difference = paired_difference(own, peer)
        corrected = paired_difference(
            own, peer, test_to_train=TEST_SHARE / (1 - TEST_SHARE - VALIDATION_SHARE)
        )
        cells = [
            name,
            f"{share:.0%}",
            f"{fmean(own):.1%}",
            f"{fmean(peer):.1%}",
            *(
                f"{100 * one.mean:+.1f} [{100 * one.low:+.1f}, {100 * one.high:+.1f}]"
                for one in (difference, corrected)
            ),
            f"{ratio:.2f}",
        ]
        found.append(f"| {' | '.join(cells)} |")
    return found


@click.command()
@click.option("--table", "names", multiple=True, type=click.Choice(TABLES), default=TABLES)
@click.option("--splits", default=SPLITS, show_default=True)
@click.option("--first-split", default=0, show_default=True, help="Others choose nothing here.")
@click.option("--no-write", is_flag=True, help="Print only.")
def main(names: Sequence[str], splits: int, first_split: int, no_write: bool) -> None:
    """Measure, print, and write the table of the page."""
    lines = [
        "| table | inputs | regkit | LassoNet | difference | corrected | time |",
        "|---|---|---|---|---|---|---|",
    ]
    strengths = []
    for name in names:
        found = []
        for seed in range(first_split, first_split + splits):
            found.append(measured(name, seed))
            click.echo(f"{name} {seed}: {found[-1]}", err=True)
        lines += rows_of(name, found)
        strengths += [one.strengths for one in found]
    lines += [
        "",
        f"{splits} splits, {min(strengths)} to {max(strengths)} strengths a path, one thread each, "
        f"on {processor()}.",
    ]
    click.echo("\n".join(lines))
    if not no_write:
        write_part(PAGE, PROGRAM, "\n".join(lines))


if __name__ == "__main__":
    main()
