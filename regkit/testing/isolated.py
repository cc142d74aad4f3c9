"""Checking a spec in a separate process, so that a plugin that harms it is reported.

A crash, a hang, an `os._exit` or a print affects the child only; the report says under which law it
happened.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from regkit.startup import child_environment
from regkit.testing.backend_names import NUMPY
from regkit.testing.report import Report, Verdict

LOADS = "loads"
"""The law before all others: the plugin can be imported, and configured by the spec."""


def check_spec(
    spec: str,
    *,
    plugin_files: Sequence[Path] = (),
    time_limit: float = 120.0,
    seed: int = 0,
    backend: str = NUMPY,
) -> Report:
    """Check every law on the regularizer of a spec, in a separate process.

    Args:
        spec: as for `regkit.regularizer`.
        plugin_files: Python files whose regularizers the spec may name.
        time_limit: seconds for everything, including the import.
        seed: the random seed of the test arrays.
        backend: as for `check_regularizer`.

    Raises:
        InputError: there is no such backend.
        MissingPackageError: the backend's library cannot be imported.
    """
    if backend != NUMPY:
        _law_names(backend)  # Its library is missed before a process is started.
    with tempfile.TemporaryDirectory(prefix="regkit-check-") as folder:
        events, output, errors = (Path(folder, name) for name in ("events", "stdout", "stderr"))
        request = {
            "spec": spec,
            "plugin_files": [str(path.absolute()) for path in plugin_files],
            "seed": seed,
            "backend": backend,
            "events": str(events),
        }
        command = [sys.executable, "-P", "-m", "regkit.testing.child", json.dumps(request)]
        events.touch()
        with output.open("wb") as stdout, errors.open("wb") as stderr:
            end = _run(command, stdout, stderr, time_limit)
        told = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
        return _report(spec, backend, told, end, _first_line(output), _last_line(errors))


def _run(command: list[str], stdout: Any, stderr: Any, time_limit: float) -> str:
    """How the process failed, in words; empty if it did not."""
    try:
        code = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            timeout=time_limit,
            env=child_environment(),
        ).returncode
    except subprocess.TimeoutExpired:
        return f"it did not finish within the time limit of {time_limit:g} s"
    if code < 0:
        return f"the process was killed by {signal.Signals(-code).name}"
    return f"the process ended with exit code {code}"


def _report(
    spec: str,
    backend: str,
    told: list[dict[str, Any]],
    end: str,
    printed: str,
    error: str,
) -> Report:
    """The report of the child's verdicts; missing ones are attributed to how it ended."""
    found = {law: Verdict(**one) for law, one in _verdicts(told)}
    refused = next((event["error"] for event in told if "error" in event), None)
    loaded = any("loaded" in event for event in told)
    notes = next((event["notes"] for event in told if "notes" in event), None)
    if refused is not None:
        found[LOADS] = Verdict(LOADS, "failed", refused)
    elif loaded:
        found[LOADS] = Verdict(LOADS, "passed", tried=1, decided=1)
    if loaded and printed:
        reason = f"it printed {printed!r} to stdout"
        found["quiet"] = Verdict("quiet", "failed", reason, 1, 1)
    # Only a process that ended early leaves laws out.
    laws = _law_names(backend) if notes is None else [law for law in found if law != LOADS]
    listed = []
    reason = "" if refused is None else "it was not loaded"
    for law in (LOADS, *laws):
        if law in found:
            listed.append(found[law])
        elif not reason:
            listed.append(Verdict(law, "failed", "; ".join(filter(None, (end, error)))))
            reason = f"the process ended under {law!r}"
        else:
            listed.append(Verdict(law, "not applicable", reason))
    return Report(spec, tuple(listed), tuple(notes or ()))


def _law_names(backend: str) -> list[str]:
    """The names of the laws, in the order in which they are checked."""
    # Imported here: laws and NumPy take as long to import as many a check.
    from regkit.testing.backends import laws_for, library_of

    return [law.name for law in laws_for(library_of(backend))]


def _verdicts(told: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [(event["verdict"]["law"], event["verdict"]) for event in told if "verdict" in event]


def _first_line(path: Path) -> str:
    return next(iter(path.read_text(encoding="utf-8", errors="replace").splitlines()), "")


def _last_line(path: Path) -> str:
    return next(reversed(path.read_text(encoding="utf-8", errors="replace").splitlines()), "")
