"""Selectors: which parameters a regularizer applies to.

With a dot, `layer.parameter`, divided at the last dot; without, a parameter name (`weights`) or a
layer name (`dense1`). A layer's whole name, dots included (`encoder.0`), selects that layer. The
parameters of a root module, whose layer name is empty, are selected by their own names. Shell-style
patterns work in all of them (`dense*.weights`), `*` is everything, case matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from regkit.errors import FieldError, SelectorError
from regkit.suggestions import did_you_mean

DEFAULT = ("weights",)

Pair = tuple[str, str]
"""(layer, parameter)."""

LISTED = 40
"""The most names that a message lists."""


def as_selectors(on: object) -> tuple[str, ...]:
    """One selector or several, as a tuple.

    Raises:
        FieldError: there is none, one is empty or not a string, or holds a character of the
            spec grammar.
    """
    selectors = (on,) if isinstance(on, str) else tuple(on) if isinstance(on, Iterable) else ()
    if not selectors:
        raise FieldError(f"on must be one or more selectors, such as 'weights', got {on!r}")
    for selector in selectors:
        if not isinstance(selector, str) or not selector or selector != selector.strip():
            raise FieldError(f"on: {selector!r} is not a selector, such as 'weights' or 'dense1'")
        if any(sign in selector for sign in "@+,="):
            raise FieldError(f"on: selector {selector!r} may not contain '@', '+', ',' or '='")
    if len(set(selectors)) < len(selectors):
        raise FieldError(f"on: a selector is given twice in {selectors!r}")
    return selectors


@lru_cache(maxsize=4096)
def selects(selectors: tuple[str, ...], layer: str, parameter: str) -> bool:
    """Whether any of the selectors names this parameter of this layer."""
    return any(_matches(selector, layer, parameter) for selector in selectors)


def selects_layer(selectors: tuple[str, ...], layer: str) -> bool:
    """Whether any of the selectors names this layer as a whole, as for penalties of outputs."""
    return any(fnmatchcase(layer, selector) for selector in selectors)


def require_matches(
    selectors: tuple[str, ...],
    trainable: Iterable[Sequence[Pair]],
    frozen: Iterable[Pair],
    *,
    owner: str,
    frozen_are: str = "frozen",
) -> None:
    """Check that each selector matches a trainable parameter.

    Args:
        selectors: of one penalty.
        trainable: the names of each trainable parameter, (layer, parameter), the usual one last.
        frozen: the names of those that are not trained.
        owner: the penalty, for the message.
        frozen_are: why they are not trained, for the message.

    Raises:
        SelectorError: one matches nothing, or frozen parameters only. It lists the trainable ones.
    """
    trainable, frozen = list(trainable), list(frozen)
    pairs = [pair for names in trainable for pair in names]
    there_is = listed([_full_name(names[-1]) for names in trainable])
    for selector in selectors:
        if any(_matches(selector, *pair) for pair in pairs):
            continue
        if any(_matches(selector, *pair) for pair in frozen):
            raise SelectorError(
                f"{owner}: selector {selector!r} matches {frozen_are} parameters only "
                f"(trainable: {there_is})"
            )
        meant = _meant(selector, pairs)
        raise SelectorError(
            f"{owner}: selector {selector!r} matches no parameter{f': {meant}' if meant else ''} "
            f"(trainable: {there_is})"
        )


def listed(names: Sequence[str]) -> str:
    """The names for a message, which leaves out the middle of many."""
    if len(names) > LISTED:
        half = LISTED // 2
        names = [*names[:half], f"… {len(names) - LISTED} more …", *names[-half:]]
    return ", ".join(names) or "none"


def _meant(selector: str, trainable: Sequence[tuple[str, str]]) -> str:
    """The suggestion for a selector that matches nothing; empty if none is close."""
    names = [
        *dict.fromkeys(layer for layer, _ in trainable if layer),
        *dict.fromkeys(parameter for _, parameter in trainable),
        *map(_full_name, trainable),
    ]
    dotted = re.sub(r"[:/\s]+", ".", selector.lower())
    for candidate in (dotted, "*" if dotted == "all" else dotted):
        if any(_matches(candidate, *pair) for pair in trainable):
            return f"did you mean {candidate!r}?"
    numbered = {re.sub(r"\d", "", name) for name in names}
    if set(dotted) & set("*?[") or re.sub(r"\d", "", dotted) in numbered:
        return ""  # A pattern, or another number: the list of what there is says more.
    return did_you_mean(dotted, names)


def _full_name(pair: tuple[str, str]) -> str:
    layer, parameter = pair
    return f"{layer}.{parameter}" if layer else parameter


def _matches(selector: str, layer: str, parameter: str) -> bool:
    if fnmatchcase(layer, selector):
        return True
    layer_pattern, dot, parameter_pattern = selector.rpartition(".")
    if not dot or not layer:
        return fnmatchcase(parameter, selector)
    return fnmatchcase(layer, layer_pattern) and fnmatchcase(parameter, parameter_pattern)
