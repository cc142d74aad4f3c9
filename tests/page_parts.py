"""A page of documentation taken apart: code in its text, tables, blocks, links and headings."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FENCE = re.compile(r"^ *(`{3,}|~{3,})(?P<language>\S*).*\n(?P<text>(?:.*\n)*?) *\1 *$", re.M)
COMMENT = re.compile(r"<!--.*?-->", re.S)
CODE = re.compile(r"(`+)(.+?)\1", re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.M)
TABLE = re.compile(r"(?:^\|.*\|\n)+", re.M)
BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class PageParts:
    """What the checks of statements look at."""

    path: Path
    text: str

    @cached_property
    def prose(self):
        """The text without its blocks of code and its comments."""
        return COMMENT.sub("", FENCE.sub("", self.text + "\n"))

    @cached_property
    def codes(self):
        """What stands in backticks, each on one line."""
        return [" ".join(found[2].split()) for found in CODE.finditer(self.prose)]

    @cached_property
    def blocks(self):
        """The blocks of code, as pairs of language and text."""
        return [(found["language"], found["text"]) for found in FENCE.finditer(self.text + "\n")]

    @cached_property
    def tables(self):
        """Each table as a list of rows, the header first, the line of dashes left out."""
        return [
            [cells(line) for number, line in enumerate(found[0].splitlines()) if number != 1]
            for found in TABLE.finditer(self.prose + "\n")
        ]

    @cached_property
    def links(self):
        """The targets of links and pictures that are not elsewhere."""
        plain = CODE.sub("code", self.prose)
        return [one for one in LINK.findall(plain) if not re.match(r"[a-z]+:", one)]

    @cached_property
    def anchors(self):
        """The names under which a link reaches the headings, as GitHub and MyST make them."""
        titles = (
            re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", one) for one in HEADING.findall(self.prose)
        )
        return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in titles}


def parts_of(path):
    return PageParts(path, path.read_text(encoding="utf-8"))


def cells(line):
    return [cell.strip().replace(r"\|", "|") for cell in BAR.split(line.strip())[1:-1]]


def code_in(cell):
    """The first code of a table's cell; None where there is none."""
    found = CODE.search(cell)
    return found and found[2]
