"""Every statement of the pages that a program can check is true of the program.

The blocks of code are executed elsewhere (`test_examples.py`). Here it is what stands in the text,
and the figures of the benchmark.
"""

import json
from pathlib import Path

import pytest
from benchmarks.figure import Figure
from benchmarks.marked_page import part
from benchmarks.report import PROGRAM, table
from page_parts import PageParts, parts_of
from statements import CHECKS

ROOT = Path(__file__).parents[2]
# The change log tells of what was; the table of checks names penalties of tests.
TOLD_OTHERWISE = {"changelog.md", "checks-table.md", "random-faults.md"}
PAGES = [
    ROOT / "README.md",
    *(one for one in sorted(ROOT.glob("docs/**/*.md")) if one.name not in TOLD_OTHERWISE),
]
BENCHMARKS = ROOT / "docs" / "benchmarks.md"


@pytest.mark.parametrize("subject", CHECKS)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_says_is_so(path, subject):
    assert list(CHECKS[subject](parts_of(path))) == []


WRONG = [
    ("commands", "Use `--no-such-flag`."),
    ("commands", "With `--kernels fast` it is fast."),
    ("commands", "Try `regkit trian`."),
    ("commands", "Try `regkit plugins shwo l2`."),
    ("commands", "`regkit plot runs/a --samples 3` draws."),
    ("commands", "```text\nregkit plot --colour red\n```\n"),
    ("names", "Call `rk.trian`."),
    ("names", "Call `regkit.training.Record.as_dcit`."),
    ("names", "`rk.train(model, …, epoch=3)` trains."),
    ("names", "`model.predcit(X)` predicts."),
    ("names", "It raises `FeildError`."),
    ("files", "See `regkit/nn/modle.py`."),
    ("files", "`bset.safetensors` holds the best."),
    ("settings", "Write `epoch = 10`."),
    ("settings", "```toml\nepoch = 10\n```\n"),
    ("settings", '```toml\nepochs = "ten"\n```\n'),
    ("plugins", "`l3=5e-4` is cubic."),
    ("plugins", "`l2=5e-4,rho=1@dense1` has a field."),
    ("plugins", "`regkit-no-such` has it."),
    ("plugins", "`pip install 'regkit-nn[plots]'` draws."),
    ("plugins", "`sklearn:irises` is a table."),
    ("plugins", "`REGKIT_PLUGIN` is read."),
    ("exit codes", "It exits with 4."),
    ("exit codes", "| code | meaning |\n|---|---|\n| 2 | the training diverged |\n"),
    ("defaults", "| field | default |\n|---|---|\n| `strength` | `2.0` |\n"),
    ("defaults", "| flag | default |\n|---|---|\n| `--epochs` | `100` |\n"),
    ("defaults", "| `--kernels` | |\n|---|---|\n| `numpy`, the default | |\n"),
    ("defaults", "| `--kernels` | |\n|---|---|\n| `fast` | |\n"),
    ("tables", "| value | law |\n|---|---|\n| max|w| | convex |\n"),
    ("links", "[There](nowhere.md)."),
    ("links", "![Picture](img/nowhere.png)"),
    ("links", "# Here\n\n[There](#there)."),
    ("links", "[There](runs.md#there)."),
]
RIGHT = [
    "Use `--reg none`, `-q`, `--kernels numpy`, `--hidden 64,64`, `regkit plugins show NAME`.",
    "`rk.train(…, kernels=…)` and `rk.L1(0.1, on=…)` raise `InputError` or `ValueError`.",
    "`model.predict(X)`, `model.parameters[...] = x`, `my.model.any` and `MeanSquaredError`.",
    "`regkit/nn/model.py` and `best.safetensors`; write `epochs = 10` or `w = x`.",
    "`l2=5e-4@dense1`, `l2@dense1`, `'l1=1,at_zero=0@*.weights'`, `mode=prox`, `sklearn:iris`.",
    "It exits with 2, or with the exit code 0.\n\n| code | meaning |\n|---|---|\n| 0 | done |\n",
    '| field | default |\n|---|---|\n| `strength` | `1.0` |\n| `on` | `"weights"` |\n',
    "# It's `here`\n\n[There](#its-here), [docs](index.md), [out](https://example.org/x#y).",
    "```python\nclass Huber:\n    pass\n```\n`huber=0.1` and `regkit-huber`.",
]


@pytest.mark.parametrize(("subject", "text"), WRONG)
def test_a_wrong_statement_is_found(subject, text):
    assert list(CHECKS[subject](page_of(text)))


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_pass(text):
    assert [wrong for check in CHECKS.values() for wrong in check(page_of(text))] == []


def test_each_check_is_tried_on_a_wrong_statement():
    assert {subject for subject, _ in WRONG} == set(CHECKS)


def test_the_table_of_the_benchmark_is_that_of_its_file():
    kinds = json.loads(BENCHMARKS.with_suffix(".json").read_text(encoding="utf-8"))
    assert kinds
    for kind, data in kinds.items():
        figures = [Figure.from_dict(one) for one in data["figures"]]
        assert part(BENCHMARKS, f"{PROGRAM}, {kind}") == table(figures, data["runs"])


def test_the_table_of_the_checks_is_whole():
    assert list(CHECKS["tables"](parts_of(ROOT / "docs" / "checks-table.md"))) == []


def page_of(text):
    return PageParts(ROOT / "docs" / "page.md", text)
