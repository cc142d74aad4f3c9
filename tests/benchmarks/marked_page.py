"""The part of a page that a program writes, between two comments that name it."""

from pathlib import Path


def write_part(page: Path, program: str, text: str) -> None:
    """Replace what stands between the page's markers of the program.

    Raises:
        ValueError: the page has no markers.
    """
    begin = f"<!-- written by {program}: begin -->"
    end = f"<!-- written by {program}: end -->"
    before, found_begin, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"{page} has no place for the text: {begin} … {end}")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
