"""Every code block of README.md and docs/ runs, in order, and prints what the page shows."""

import os
import re
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from pages import EXECUTED, can_run, parsed, run_examples
from sybil.document import SybilFailure
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
RUNNING = [page for page in PAGES if can_run(page)]
FENCE = re.compile(r"^ *(`{3,}|:{3,}|~{3,})(?P<language>\S*).*\n(?:.*\n)*? *\1 *$", re.MULTILINE)
BAND = "<!-- decimals within 10 % -->\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder for a page, with an environment of its own that sees what is installed here."""
    environment = tmp_path / ".venv"
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    (site_packages,) = environment.glob("lib/python*/site-packages")
    here = sysconfig.get_path("purelib")
    (site_packages / "outer.pth").write_text(f"import site; site.addsitedir({here!r})\n")
    command = environment / "bin" / "regkit"
    command.write_text(f"#!{python}\nfrom regkit.cli import main\nmain()\n")
    command.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", f"{environment / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # pip's way to say: no isolation
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.delenv("REGKIT_PLUGINS", raising=False)
    loaded = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - loaded:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUNNING, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_of_a_page_do_what_it_shows(page, folder):
    with threadpool_limits(1):
        run_examples(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_a_page_is_executed_or_marked_as_text(page):
    text = page.read_text()
    blocks = list(FENCE.finditer(text))
    languages = {block["language"] for block in blocks}
    assert {one for one in languages if not one.startswith("{")} <= EXECUTED | {"text"}
    executable = [block for block in blocks if block["language"] in EXECUTED]
    starts = {text.rfind("\n", 0, example.start) for example in parsed(page)}
    assert all(any(block.start() - 1 <= at < block.end() for at in starts) for block in executable)


@pytest.mark.parametrize(
    "block",
    [
        "```console\n$ echo 1\n2\n```\n",
        "```console\n$ false\n```\n",
        "```console\n$ false\n$ echo $?\n0\n```\n",
        "```console\n$ echo 0.80\n0.81\n```\n",
        BAND + "```console\n$ echo epoch 10, loss 0.80\nepoch 10, loss 1.0\n```\n",
        BAND + "```console\n$ echo epoch 10, loss 0.80\nepoch 11, loss 0.80\n```\n",
        BAND + "```console\n$ echo a; echo b\na\n```\n",
        "```sh\nfalse\ntrue\n```\n",
        "```python\n>>> 1 + 1\n3\n```\n",
        "```python\nassert 1 == 2\n```\n",
        "```toml\na = \n```\n",
        "```json\n{'a': 1}\n```\n",
    ],
)
def test_a_page_that_shows_something_else_fails(block, folder):
    page = folder / "page.md"
    page.write_text(block)
    with pytest.raises((AssertionError, SybilFailure, ValueError)):
        run_examples(page)


def test_bands_apply_to_decimals_and_dots_to_any_text(folder):
    page = folder / "page.md"
    page.write_text(
        BAND + "```console\n$ printf 'epoch  loss\\n    0   1.05e-3\\nmore\\n    2   0.8\\n'\n"
        "epoch loss\n0 1e-3\n...\n2 0.82\n```\n"
    )
    run_examples(page)


def test_a_page_runs_where_what_it_needs_is_installed(folder):
    page = folder / "page.md"
    page.write_text("<!-- needs json, doctest -->\n")
    assert can_run(page)
    page.write_text("<!-- needs json, no_such_module -->\n")
    assert not can_run(page)
