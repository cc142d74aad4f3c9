"""`python -m tests.atlas`, from the root of the repository."""

import sys
from pathlib import Path

# The packages of the tests lie beside this folder.
sys.path.insert(0, str(Path(__file__).parents[1]))

from atlas.command import main

if __name__ == "__main__":
    main(prog_name="python -m tests.atlas")
