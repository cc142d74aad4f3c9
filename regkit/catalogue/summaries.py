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
    module, name = offer.target or ("", "")
    source = _source_of(offer, module)
    if source is not None:
        for node in _parsed(source).body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                docstring = ast.get_docstring(node)
                if docstring:
                    return docstring.splitlines()[0]
    return offer.offering.summary


def _source_of(offer: Offer, module: str) -> Path | None:
    if not module:
        return None
    for root in offer.offering.roots:
        path = Path(root, *module.split("."))
        for candidate in (path.with_name(f"{path.name}.py"), path / "__init__.py"):
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
