"""The endings of data files, which say what kind of file each is."""

from __future__ import annotations

from pathlib import Path

DELIMITED = (".csv", ".tsv", ".txt", ".data")
PARQUET = ".parquet"
NPZ = ".npz"
ENDINGS = (*DELIMITED, PARQUET, NPZ)


def ending_of(path: Path) -> str:
    """The ending that says what kind of file this is, in lower case."""
    return (Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix).lower()
