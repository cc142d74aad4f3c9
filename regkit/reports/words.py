"""Numbers with their nouns."""

from __future__ import annotations


def count(number: int, what: str, several: str | None = None) -> str:
    """Such as `1 epoch` or `2 epochs`.

    Args:
        number: how many.
        what: the noun for one.
        several: that for more; by default with an s.
    """
    return f"{number} {what if number == 1 else several or f'{what}s'}"
