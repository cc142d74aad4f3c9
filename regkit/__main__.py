"""`python -m regkit` is the command `regkit`."""

import sys


def start() -> None:
    """Run the command; Ctrl-C while it is loading ends it like Ctrl-C later on."""
    try:
        from regkit.cli import main
    except KeyboardInterrupt:
        sys.stderr.write("Error: interrupted\n")
        sys.exit(130)
    main()


if __name__ == "__main__":
    start()
