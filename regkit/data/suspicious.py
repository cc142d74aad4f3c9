"""Warnings about columns that are probably not what they are taken for."""

from __future__ import annotations

from regkit.data.table import Table


def warn_of_suspicious(table: Table) -> None:
    """Warn of columns that are probably not what they are taken for."""
