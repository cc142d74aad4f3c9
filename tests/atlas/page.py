"""The page of the atlas, from what was found."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from atlas.arms import ARMS
from atlas.findings import Against, Finding, Findings
from atlas.tables import SETTINGS, TABLES

METRICS = {"accuracy": "accuracy", "r2": "R²"}
MINUS = "−"


def page(found: Findings) -> str:
    """The whole text of `docs/atlas.md`."""
    parts = [_introduction(found), _summary(found)]
    for table in dict.fromkeys(one.table for one in found.findings):
        parts.append(_table(table, [one for one in found.findings if one.table == table]))
    parts.append(_made(found))
    return "\n".join(parts)


def _introduction(found: Findings) -> str:
    return "\n".join(
        [
            "# The atlas",
            "",
            _paragraph(
                f"""Eight penalties on four real tables: does any of them help, and what does it
                cost? Each arm has the same network, the same {found.seeds} seeds, and the same
                budget: {found.tried} values of its strength (of a constraint, its radius), evenly
                spaced over its range, of which each seed takes the one that is best on its
                validation rows. What is told is measured on test rows that nothing was chosen by,
                and paired seed by seed. A difference is told where the interval that allows for
                overlapping splits of one table, corrected for the number of arms, leaves out 0; see
                [Does it help?](does-it-help.md)"""
            ),
            "",
            _paragraph(
                """The page is written by `python -m tests.atlas`, which keeps its figures in
                `docs/atlas.json`."""
            ),
            "",
        ]
    )


def _paragraph(text: str) -> str:
    """In lines of at most 100 characters."""
    whole = " ".join(text.split())
    return textwrap.fill(whole, 100, break_long_words=False, break_on_hyphens=False)


def _summary(found: Findings) -> str:
    lines = ["## In short", ""]
    for table in dict.fromkeys(one.table for one in found.findings):
        here = [one for one in found.findings if one.table == table]
        lines.append(f"- **{table}**: {_in_short(here)}")
    return "\n".join([*lines, ""])


def _in_short(here: Sequence[Finding]) -> str:
    said = list(_told(here, "none"))
    sentence = "; ".join(said) if said else "nothing is told apart from no penalty at all"
    beside = list(_told(here, "l2"))
    more = "; ".join(beside) if beside else "nothing is told apart from L2"
    sparse = [one for one in here if one.zeros >= 0.3 and not _is_worse(one)]
    if sparse:
        best = max(sparse, key=lambda one: one.zeros)
        more += (
            f"; {best.arm} sets {best.zeros:.0%} of the weights to 0 without being told worse than "
            "none"
        )
    return f"{sentence}; {more}."


def _told(here: Sequence[Finding], baseline: str) -> Iterator[str]:
    for better, word in ((True, "better"), (False, "worse")):
        names = [
            one.arm
            for one in here
            if baseline in one.against and one.against[baseline].better is better
        ]
        if names:
            yield f"{word} than {baseline}: {', '.join(names)}"


def _is_worse(one: Finding) -> bool:
    return "none" in one.against and one.against["none"].better is False


def _table(table: str, here: Sequence[Finding]) -> str:
    metric = METRICS[here[0].metric]
    free = next(one for one in here if one.arm == "none")
    rows = [
        f"| {one.arm} | {one.mean:.3f} ± {one.sd:.3f} | {_shown(one.against.get('none'))} | "
        f"{_shown(one.against.get('l2'))} | {one.zeros:.0%} | {one.seconds / free.seconds:.1f} | "
        f"{'' if one.chosen is None else f'{one.chosen:.2g}'} |"
        for one in here
    ]
    head = (
        f"| arm | {metric}, mean ± SD | minus none | minus L2 | zeros | time ÷ none | chosen |\n"
        "|---|---|---|---|---|---|---|"
    )
    return "\n".join([f"## {table[0].upper()}{table[1:]}", "", head, *rows, ""])


def _shown(found: Against | None) -> str:
    if found is None:
        return ""
    text = f"{found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}]".replace("-", MINUS)
    return f"**{text}**" if found.told_apart else text


def _made(found: Findings) -> str:
    settings = ", ".join(
        f"`{name}` {value[0] if isinstance(value, list) else value}"
        for name, value in SETTINGS.items()
    )
    tables = ", ".join(f"`{data}`" for data in TABLES.values())
    return "\n".join(
        [
            "## How it was made",
            "",
            _paragraph(
                f"""Differences in bold are told apart. *chosen* is the median over the seeds of
                what tuning chose, *time* that of one training, and *zeros* counts weights without
                biases. The tables are {tables}; the settings of each training: {settings}. Measured
                on {found.machine}; trainings ran beside each other on the same machine."""
            ),
            "",
            "| arm | what was tried |",
            "|---|---|",
            *(f"| {arm} | `{specs[0]}` |" for arm, specs in ARMS.items() if specs),
            "",
            _paragraph(
                """What these figures cannot say: how the penalties do on other tables, with
                networks that are much too large, or without patience, which regularizes too. Four
                small tables are four small tables."""
            ),
            "",
        ]
    )
