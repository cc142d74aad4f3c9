"""What a page is made of: files that it names, links, and tables."""

import re
from functools import cache
from pathlib import Path

from page_parts import parts_of

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"(?:regkit|docs|tests|plugins|\.ci)/[\w./-]+")
KEPT = re.compile(r"\w+\.(?:safetensors|jsonl|json)")


def wrong_files(page):
    """Files that are not there; what a run keeps must be named in the source or on the page."""
    for code in page.codes:
        if FILE.fullmatch(code) and not (ROOT / code).exists():
            yield f"`{code}` does not exist"
        elsewhere = page.text.replace(f"`{code}`", "")
        if KEPT.fullmatch(code) and code not in source() and code not in elsewhere:
            yield f"`{code}` is no file that regkit writes"


def wrong_links(page):
    """Links and anchors that lead nowhere."""
    for link in page.links:
        path, _, anchor = link.partition("#")
        target = page.path.parent / path
        if path and not target.exists():
            yield f"{link} does not exist"
        elif anchor and anchor not in (parts_of(target) if path else page).anchors:
            yield f"{link}: there is no such heading"


def wrong_tables(page):
    """Rows with more or fewer cells than the header: a bar that belongs to the text splits one."""
    for header, *rows in page.tables:
        for row in rows:
            if len(row) != len(header):
                yield f"{len(row)} cells below {len(header)}: {' | '.join(row)}"


@cache
def source():
    """The source of regkit, as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "regkit").rglob("*.py"))
