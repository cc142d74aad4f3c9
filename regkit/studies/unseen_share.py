"""The share of a table's rows that only a study's measurement sees."""

from __future__ import annotations

from regkit.arguments import number
from regkit.errors import InputError
from regkit.runs.config import SYNTHETIC, Config
from regkit.runs.unseen import TEST_SHARE


def divides_a_table(data: str, test: str | None) -> bool:
    """Whether the rows to measure on are a share of a table: no fresh draw, and no file."""
    return data not in SYNTHETIC and test is None


def unseen_share(config: Config, given: float | None) -> float:
    """The share that was given, or the default one.

    Raises:
        InputError: it is not between 0 and 1, or the settings have other rows to measure on.
    """
    if given is None:
        return TEST_SHARE
    share = number("--test-share", given, above=0, below=1)
    if config.data in SYNTHETIC:
        raise InputError(
            f"--test-share divides a table, and {config.data} is measured on a fresh draw: leave "
            "it out"
        )
    if config.test is not None:
        raise InputError("--test names the rows to measure on: leave out --test-share")
    return share
