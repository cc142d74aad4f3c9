"""The process in which `regkit check` checks a spec: `python -m regkit.testing.child REQUEST`.

It writes one JSON object per line to the file named in the request: first whether the regularizer
was loaded, then each verdict, last the notes. Lines are missing if the process ended early.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from regkit.catalogue.plugin_files import classes_in
from regkit.catalogue.resolve import regularizer
from regkit.errors import RegkitError
from regkit.testing import notes
from regkit.testing.backends import library_of
from regkit.testing.check import verdicts


def main(request: dict[str, Any]) -> None:
    """Load the requested regularizer and check every law on it."""
    with Path(request["events"]).open("a", encoding="utf-8") as events:

        def tell(event: dict[str, Any]) -> None:
            print(json.dumps(event), file=events, flush=True)

        began = time.perf_counter()
        try:
            classes = [cls for path in request["plugin_files"] for cls in classes_in(Path(path))]
            loaded = regularizer(request["spec"], classes=classes)
        except RegkitError as error:
            tell({"error": str(error)})
            return
        slow = notes.on_import(time.perf_counter() - began)
        tell({"loaded": True})
        library = library_of(request["backend"])
        if library is not None:
            library.use_one_thread()
        for verdict in verdicts(loaded, seed=request["seed"], library=library):
            tell({"verdict": asdict(verdict)})
        tell({"notes": [*slow, *notes.on_nnfs(loaded)]})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
    gc.freeze()  # As in the command: what is left ends with the process.
