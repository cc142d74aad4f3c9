"""`python -m tests.benchmarks`, from the root of the repository."""

import sys
from pathlib import Path

# `oracles`, the references that the tests share, lie beside this folder.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.command import main

if __name__ == "__main__":
    main(prog_name="python -m tests.benchmarks")
