"""A one-line summary of a regularizer, read from its source without importing it."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

from regkit.catalogue.offers import Offer


def summary_of(offer: Offer) -> str | None:
    """The first line of the class's docstring.

    Falls back to the distribution's own summary; None if neither can be found.
    """
    source = _source_of(offer)
    if source is not None:
        for node in _parsed(source).body:
            if isinstance(node, ast.ClassDef) and node.name == offer.entry_point.attr:
                docstring = ast.get_docstring(node)
                if docstring:
                    return docstring.splitlines()[0]
    return offer.offering.summary


def _source_of(offer: Offer) -> Path | None:
    if offer.target is None:
        return None
    for root in offer.offering.roots:
        module = Path(root, *offer.target[0].split("."))
        for candidate in (module.with_name(f"{module.name}.py"), module / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def _parsed(source: Path) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source.read_bytes())
        except (OSError, SyntaxError, ValueError, MemoryError, RecursionError):
            return ast.Module(body=[], type_ignores=[])
