"""Running the code blocks of a page of documentation, and comparing what they print.

What a block's language means here:

- `python`: executed, one namespace a page; with `>>>` the output is compared as doctest does.
- `console`: each `$ command` runs in bash in the page's own folder, and its output is compared.
  `...` stands for any text. A command may fail only where `$ echo $?` follows it.
- `sh`: runs in the same folder; output is not compared.
- `toml`, `json`: parsed; a `json` block holds one value a line.
- A `python` or `toml` block that begins with a comment naming a file (`# huber.py`) is written to
  that file instead.
- `text` is for the eye alone; names in braces are directives of the site generator.

An HTML comment before a block may say `decimals within 20 %` (its decimal fractions may differ by
so much, for results that depend on the machine), or `run by .ci/run`. One that says `needs torch`
makes the page's examples run only where that module is installed, which it is in `.ci/run`.
"""

import json
import re
import subprocess
import tomllib
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from importlib.util import find_spec
from pathlib import Path

from sybil import Document, Example
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

EXECUTED = {"console", "json", "python", "sh", "toml"}

FILE_NAME = re.compile(r"# ([\w./-]+\.(?:py|toml))\n")
NOTE = re.compile(r"<!-- (?P<note>[^>]*) -->\s*\Z")
BAND = re.compile(r"decimals within (?P<percent>[\d.]+) %")
NEEDS = re.compile(r"<!-- needs (?P<modules>[\w ,]+) -->")
DURATION = re.compile(r"(?<= in )[\d.]+(?= s\b)|(?<=\"seconds\": )[\d.e-]+")
DECIMAL = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+(?:e[-+]?\d+)?|e[-+]?\d+)(?![\w.]*\w)")


def can_run(page: Path) -> bool:
    """Whether the modules that a page needs are installed."""
    needed = NEEDS.search(page.read_text())
    return needed is None or all(map(find_spec, needed["modules"].split(", ")))


def run_examples(page: Path) -> None:
    """Run all blocks of a page in order; raises where one does or shows something else."""
    for example in parsed(page):
        example.evaluate()


def parsed(page: Path) -> list[Example]:
    """The executable blocks of a page."""
    parsers = [
        _PythonParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE),
        CodeBlockParser("console", run_console),
        CodeBlockParser("sh", run_script),
        CodeBlockParser("toml", write_or_parse_toml),
        CodeBlockParser("json", parse_json_lines),
    ]
    return list(Document.parse(str(page), *parsers))


class _PythonParser(PythonCodeBlockParser):
    """Sybil's, but a block that begins with a file's name is written to that file."""

    def __call__(self, document):
        for region in super().__call__(document):
            if isinstance(region.parsed, str) and FILE_NAME.match(region.parsed):
                region.evaluator = write_file
            yield region


def write_file(example: Example) -> None:
    path = Path(FILE_NAME.match(example.parsed)[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(example.parsed)


def write_or_parse_toml(example: Example) -> None:
    tomllib.loads(example.parsed)
    if FILE_NAME.match(example.parsed):
        write_file(example)


def parse_json_lines(example: Example) -> None:
    for line in example.parsed.splitlines():
        json.loads(line)


def run_script(example: Example) -> None:
    if note_before(example) == "run by .ci/run":
        return
    done = run(f"set -e\n{example.parsed}")
    assert done.returncode == 0, done.stdout


def run_console(example: Example) -> None:
    band = BAND.fullmatch(note_before(example))
    tolerance = float(band["percent"]) / 100 if band else 0.0
    exit_code = 0
    for block in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        lines = block.splitlines()
        continued = 1
        while continued < len(lines) and lines[continued].startswith("> "):
            continued += 1
        command = "\n".join([lines[0], *(line[2:] for line in lines[1:continued])])
        assert exit_code == 0 or command == "echo $?", f"exit code {exit_code} before {command!r}"
        done = run(f"(exit {exit_code})\n{command}")
        exit_code = done.returncode
        shown = "\n".join(lines[continued:])
        assert matches(shown, done.stdout, tolerance), f"$ {command}\n{done.stdout}"
    assert exit_code == 0, f"the last command exits with {exit_code}: show it with $ echo $?"


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def note_before(example: Example) -> str:
    found = NOTE.search(example.document.text, 0, example.region.start)
    return found["note"] if found else ""


def matches(shown: str, printed: str, tolerance: float) -> bool:
    """Whether the texts are equal up to `...`, and decimals within the tolerance."""
    shown, printed = _comparable(shown), _comparable(printed)
    decimals = DECIMAL.findall(shown) if tolerance else []
    pattern = re.escape(DECIMAL.sub("\0", shown) if tolerance else shown)
    pattern = pattern.replace(re.escape("..."), ".*?").replace(re.escape("\0"), r"([-+.\de]+)")
    found = re.fullmatch(pattern, printed, re.DOTALL)
    return found is not None and all(
        abs(float(got) - float(want)) <= tolerance * abs(float(want))
        for want, got in zip(decimals, found.groups(), strict=True)
    )


def _comparable(text: str) -> str:
    """The text without what no example is about: the width of columns, and how long it took."""
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return DURATION.sub("some", "\n".join(lines))
