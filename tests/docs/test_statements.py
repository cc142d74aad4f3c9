"""Every statement of the pages that a program can check is true of the program.

The blocks of code are executed elsewhere (`test_examples.py`). Here it is what stands in the text,
and the figures of the benchmark.
"""

import json
from pathlib import Path

import pytest
import statements
from benchmarks.figure import Figure
from benchmarks.report import BEGIN, END, table
from benchmarks.rounds import Ratio
from page_parts import PageParts, parts_of

ROOT = Path(__file__).parents[2]
# The change log tells of what was; the table of checks names penalties of tests.
TOLD_OTHERWISE = {"changelog.md", "checks-table.md"}
PAGES = [
    ROOT / "README.md",
    *(one for one in sorted(ROOT.glob("docs/**/*.md")) if one.name not in TOLD_OTHERWISE),
]
BENCHMARKS = ROOT / "docs" / "benchmarks.md"


@pytest.mark.parametrize("check", statements.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_says_is_so(path, check):
    assert list(check(parts_of(path))) == []


WRONG = [
    ("wrong_commands", "Use `--no-such-flag`."),
    ("wrong_commands", "With `--kernels fast` it is fast."),
    ("wrong_commands", "Try `regkit trian`."),
    ("wrong_commands", "Try `regkit plugins shwo l2`."),
    ("wrong_commands", "`regkit plot runs/a --samples 3` draws."),
    ("wrong_commands", "```text\nregkit plot --colour red\n```\n"),
    ("wrong_names", "Call `rk.trian`."),
    ("wrong_names", "Call `regkit.training.Record.as_dcit`."),
    ("wrong_names", "`rk.train(model, …, epoch=3)` trains."),
    ("wrong_names", "`model.predcit(X)` predicts."),
    ("wrong_names", "It raises `FeildError`."),
    ("wrong_files", "See `regkit/nn/modle.py`."),
    ("wrong_files", "`bset.safetensors` holds the best."),
    ("wrong_settings", "Write `epoch = 10`."),
    ("wrong_settings", "```toml\nepoch = 10\n```\n"),
    ("wrong_settings", '```toml\nepochs = "ten"\n```\n'),
    ("wrong_plugins", "`l3=5e-4` is cubic."),
    ("wrong_plugins", "`l2=5e-4,rho=1@dense1` has a field."),
    ("wrong_plugins", "`regkit-no-such` has it."),
    ("wrong_plugins", "`pip install 'regkit-nn[plots]'` draws."),
    ("wrong_plugins", "`sklearn:irises` is a table."),
    ("wrong_plugins", "`REGKIT_PLUGIN` is read."),
    ("wrong_exit_codes", "It exits with 4."),
    ("wrong_exit_codes", "| code | meaning |\n|---|---|\n| 2 | the training diverged |\n"),
    ("wrong_defaults", "| field | default |\n|---|---|\n| `strength` | `2.0` |\n"),
    ("wrong_defaults", "| flag | default |\n|---|---|\n| `--epochs` | `100` |\n"),
    ("wrong_defaults", "| `--kernels` | |\n|---|---|\n| `numpy`, the default | |\n"),
    ("wrong_defaults", "| `--kernels` | |\n|---|---|\n| `fast` | |\n"),
    ("wrong_links", "[There](nowhere.md)."),
    ("wrong_links", "![Picture](img/nowhere.png)"),
    ("wrong_links", "# Here\n\n[There](#there)."),
    ("wrong_links", "[There](runs.md#there)."),
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


@pytest.mark.parametrize(("check", "text"), WRONG)
def test_a_wrong_statement_is_found(check, text):
    assert list(getattr(statements, check)(page_of(text)))


@pytest.mark.parametrize("text", RIGHT)
def test_right_statements_pass(text):
    assert [wrong for check in statements.CHECKS for wrong in check(page_of(text))] == []


def test_each_check_is_tried_on_a_wrong_statement():
    assert {name for name, _ in WRONG} == {check.__name__ for check in statements.CHECKS}


def test_the_table_of_the_benchmark_is_that_of_its_file():
    data = json.loads(BENCHMARKS.with_suffix(".json").read_text(encoding="utf-8"))
    shown = BENCHMARKS.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip()
    assert shown == table(
        [figure_of(one) for one in data["figures"]], data["machine"], data["rounds"]
    )


def figure_of(data):
    measured = data["measured"]
    ratio = Ratio(**measured) if isinstance(measured, dict) else measured
    return Figure(data["job"], data["what"], ratio, data["must"], data["goal"], data["unit"])


def page_of(text):
    return PageParts(ROOT / "docs" / "page.md", text)
