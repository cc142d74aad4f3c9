"""The part of a page that a program writes, between two comments that name it."""

from pathlib import Path


def write_part(page: Path, program: str, text: str) -> None:
    """Replace what stands between the page's markers of the program.

    Raises:
        ValueError: the page has no markers.
    """
    before, _, after = _split(page, program)
    begin, end = _markers(program)
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def part(page: Path, program: str) -> str:
    """What stands between the page's markers of the program.

    Raises:
        ValueError: the page has no markers.
    """
    return _split(page, program)[1].strip()


def _split(page: Path, program: str) -> tuple[str, str, str]:
    begin, end = _markers(program)
    before, found_begin, rest = page.read_text(encoding="utf-8").partition(begin)
    between, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise ValueError(f"{page} has no place for the text: {begin} … {end}")
    return before, between, after


def _markers(program: str) -> tuple[str, str]:
    return f"<!-- written by {program}: begin -->", f"<!-- written by {program}: end -->"
