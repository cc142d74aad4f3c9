"""P11: all laws on one penalty, with the two processes that it takes."""

import statistics

from .figure import Figure
from .processes import CLICK, CLICK_COMMAND, REGKIT, cpu_of
from .rounds import Seconds, interleaved, ratio

CHECK = "regkit check l1"
SECONDS = "s of CPU"


def check_kit(rounds: int) -> tuple[list[Figure], Seconds]:
    """P11."""
    commands = {CLICK: CLICK_COMMAND, CHECK: (REGKIT, "check", "l1")}
    seconds = interleaved({name: cpu_of(command) for name, command in commands.items()}, rounds)
    taken = seconds[CHECK]
    figures = [
        Figure("P11", CHECK, statistics.median(taken), 1.15, 1.0, SECONDS),
        Figure("P11", f"{CHECK}, the least of all rounds", min(taken), unit=SECONDS),
        Figure("P11", f"{CHECK} ÷ {CLICK}, in CPU time", ratio(seconds, CHECK, CLICK)),
    ]
    return figures, seconds
