"""Whether arms can be compared: at least two, each once, and one of them the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regkit.catalogue.resolve import regularizer
from regkit.errors import InputError
from regkit.regularizers.spec import RESERVED
from regkit.studies.comparisons.arms import Arm
from regkit.studies.ranges import opened
from regkit.suggestions import did_you_mean


def baseline_of(arms: Sequence[Arm], baseline: str | None, classes: Sequence[type] = ()) -> str:
    """The name of the baseline: the given one, `none` if there is such an arm, else the first.

    Raises:
        InputError: an arm is given twice, if in another spelling; there are fewer than two, or the
            baseline is none of them.
        RegkitError: a spec cannot be used.
    """
    names = [arm.name for arm in arms]
    spelled = [_in_one_spelling(arm, classes) for arm in arms]
    for number, arm in enumerate(arms):
        if arm.name in names[:number]:
            raise InputError(f"arm {arm.name!r} is given twice: give each once, or other names")
        if spelled[number] in spelled[:number]:
            earlier = names[spelled.index(spelled[number])]
            raise InputError(
                f"arms {earlier!r} and {arm.name!r} are the same: there is nothing to compare"
            )
    if len(arms) < 2:
        raise InputError(
            f"a comparison needs at least two arms, got {', '.join(map(repr, names)) or 'none'}: "
            "give --arm several times"
        )
    if baseline is None:
        return RESERVED if RESERVED in names else names[0]
    if baseline not in names:
        hint = did_you_mean(baseline, names)
        raise InputError(
            f"the baseline {baseline!r} is no arm: {f'{hint} ' if hint else ''}"
            f"there are {', '.join(map(repr, names))}"
        )
    return baseline


def _in_one_spelling(arm: Arm, classes: Sequence[type]) -> tuple[list[str], Mapping[str, Any]]:
    """An arm's regularizers as they write themselves, and its settings."""
    entries = [opened(entry, classes) for entry in arm.reg]
    texts = [str(one.entry if one.is_open else regularizer(one.entry, classes)) for one in entries]
    return sorted(texts), arm.settings
