"""The rows that a sweep chooses by and measures on, checked before its first trial."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.arguments import integer
from regkit.errors import InputError
from regkit.runs.config import SYNTHETIC, Config
from regkit.runs.data import run_data
from regkit.runs.job import job
from regkit.runs.prepared import RunData
from regkit.studies.search.repeats import Repeat
from regkit.studies.search.space import SearchSpace
from regkit.studies.settings import with_seed


def checked_folds(config: Config, folds: int) -> int:
    """The number of folds.

    Raises:
        InputError: it is no integer of at least 2, or the settings choose validation rows as well.
    """
    given = {
        "--val": config.val != Config.val,
        "--val-file": config.val_file is not None,
        "--val-samples": config.val_samples != Config.val_samples,
    }
    for flag, is_given in given.items():
        if is_given:
            raise InputError(f"folds take the place of validation rows: leave out {flag}")
    return integer("folds", folds, least=2)


def tried_at_both_ends(
    space: SearchSpace, repeat: Repeat, test_share: float, classes: Sequence[type]
) -> RunData:
    """The data of the first repeat, after building a network at both ends of the ranges.

    So what cannot be used is said at once.

    Raises:
        RegkitError: a setting cannot be used.
    """
    data: RunData | None = None
    lowest, highest = space.end(0.0), space.end(1.0)
    if lowest.patience == 0 and highest.min_delta > 0:
        raise InputError(
            "min-delta applies only with patience, which may be 0 in its range: let it begin at 1"
        )
    for end in (0.0, 1.0):
        config = with_seed(space.end(end), repeat.split_seed)
        data = data or run_data(config, repeat.unseen(test_share))
        job(config, classes, data=data).set_up()
    assert data is not None
    return data


def require_rows(data: RunData, metric: str) -> None:
    """Raise an InputError if there are too few rows to choose by, or to measure on."""
    if data.validation is None:
        raise InputError(
            "a sweep chooses by the validation rows, and there are none: leave out --val 0 or "
            "--val-samples 0, or give --folds"
        )
    fewest = min(len(rows[0]) for rows in data.held_out.values())
    if metric == "r2" and fewest < 2:
        raise InputError(
            "R² needs at least two rows to be measured on, and the sweep holds out "
            f"{fewest}: choose a larger --val or --test-share, fewer --folds, or another --metric"
        )


def share_of_choosing_rows(config: Config, data: RunData, folds: int | None) -> float | None:
    """Rows that choose by rows trained on, if each repeat splits the same table in another way."""
    splits_anew = config.data not in SYNTHETIC and not config.val_last and config.val_file is None
    if folds is None and not splits_anew:
        return None
    assert data.validation is not None
    return len(data.validation[0]) / len(data.training[0])
