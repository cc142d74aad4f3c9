"""P6: whole processes, from the shell's point of view."""

from .figure import Figure
from .processes import CLICK, CLICK_COMMAND, LLM, REGKIT, wall_of
from .rounds import Seconds, interleaved, ratio

LLM_HELP = "llm --help"
COMMANDS = {
    CLICK: CLICK_COMMAND,
    "regkit --help": (REGKIT, "--help"),
    "regkit plugins list": (REGKIT, "plugins", "list"),
    "regkit train --epochs 1": (REGKIT, "train", "--epochs", "1", "--quiet"),
    LLM_HELP: (LLM, "--help"),
}


def startup(rounds: int) -> tuple[list[Figure], Seconds]:
    """P6."""
    seconds = interleaved({name: wall_of(command) for name, command in COMMANDS.items()}, rounds)
    bounds = {
        "regkit --help": (1.5, None),
        "regkit plugins list": (None, None),
        "regkit train --epochs 1": (5.0, 4.0),
    }
    figures = [
        Figure("P6", f"{name} ÷ {CLICK}", ratio(seconds, name, CLICK), *must_and_goal)
        for name, must_and_goal in bounds.items()
    ]
    to_llm = ratio(seconds, "regkit --help", LLM_HELP)
    figures.append(Figure("P6", f"regkit --help ÷ {LLM_HELP}", to_llm, None, 0.1))
    return figures, seconds
