"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
"""What stands for a hyphen or a minus sign in texts that are set in type."""


def did_you_mean(word: str, known: Iterable[str], *, most: int = 1) -> str:
    """`did you mean 'weights'?`, or an empty string if no known name is close.

    Without a close name, the names that begin with `word` are suggested.
    """
    from difflib import get_close_matches  # Only a misspelt name needs it.

    names = list(known)
    close = get_close_matches(word, names, n=most)
    if not close and len(word) > 1:
        close = [name for name in names if name.startswith(word)][:most]
    return f"did you mean {' or '.join(map(repr, close))}?" if close else ""
