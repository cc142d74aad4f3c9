"""P6: whole processes, from the shell's point of view."""

import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from .figure import Figure
from .rounds import Seconds, interleaved, ratio

SCRIPTS = Path(sysconfig.get_path("scripts"))
REGKIT, LLM_COMMAND = (str(SCRIPTS / name) for name in ("regkit", "llm"))
CLICK = "python -c 'import click'"
LLM = "llm --help"
COMMANDS = {
    CLICK: [sys.executable, "-c", "import click"],
    "regkit --help": [REGKIT, "--help"],
    "regkit plugins list": [REGKIT, "plugins", "list"],
    "regkit train --epochs 1": [REGKIT, "train", "--epochs", "1", "--quiet"],
    LLM: [LLM_COMMAND, "--help"],
}


def startup(rounds: int) -> tuple[list[Figure], Seconds]:
    """P6."""
    seconds = interleaved({name: _process(command) for name, command in COMMANDS.items()}, rounds)
    bounds = {"regkit --help": 1.5, "regkit plugins list": None, "regkit train --epochs 1": None}
    figures = [
        Figure("P6", f"{name} ÷ {CLICK}", ratio(seconds, name, CLICK), must)
        for name, must in bounds.items()
    ]
    to_llm = ratio(seconds, "regkit --help", LLM)
    figures.append(Figure("P6", f"regkit --help ÷ {LLM}", to_llm, None, 0.1))
    return figures, seconds


def _process(command: Sequence[str]) -> Callable[[], float]:
    def measure() -> float:
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    return measure
