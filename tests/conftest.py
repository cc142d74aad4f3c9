"""What tests share: a path to install plugins on, `regkit` run on it, layers such as hooks get."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from hypothesis import settings

from regkit import Dense, MeanSquaredError, Model
from regkit.cli import main
from regkit.hooks import LayerView
from regkit.kernels.accumulation import Accumulation
from regkit.kernels.kernels import Kernels

# How long an example takes is the machine's business; the rest is as Hypothesis chose for here.
settings.register_profile("regkit", parent=settings(), deadline=None)
settings.load_profile("regkit")

# In JAX, compiling takes most of the time of a test, and what is compiled runs once. JAX reads it
# when it is imported.
os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] = "1"

# A shell has what it starts in the background ignore Ctrl-C, and commands started here would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

NOT_THE_ERROR = ("Usage: ", "Try 'regkit ", "Note: ", "Warning: ")


class Site:
    """A folder on the path with real distributions in it: modules and `*.dist-info` folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def install(
        self,
        distribution: str,
        offers: Mapping[str, str],
        version: str = "1.0",
        **modules: str,
    ) -> None:
        """Put a distribution there; `offers` are its entry points, `modules` name → source."""
        for name, source in modules.items():
            (self.folder / f"{name}.py").write_text(dedent(source), encoding="utf-8")
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        files = {
            "METADATA": (
                f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
                f"Summary: What {distribution} is for\n"
            ),
            "entry_points.txt": "\n".join(
                ["[regkit]", *(f"{name} = {value}" for name, value in offers.items()), ""]
            ),
            "RECORD": "".join(f"{name}.py,,\n" for name in modules),
        }
        for name, text in files.items():
            (info / name).write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Outcome:
    """How a process of `regkit` ended."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one error line; fails if stderr holds anything else than it and what may precede."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        (line,) = (line for line in lines if not line.startswith(NOT_THE_ERROR))
        assert line.startswith("Error: "), self.err
        assert line == lines[-1]
        return line.removeprefix("Error: ")

    @property
    def penalties(self) -> dict[str, float]:
        """Those of the first record, of a training with `--json` that went well."""
        assert self.code == 0, self.err
        penalties: dict[str, float] = json.loads(self.out.splitlines()[0])["penalties"]
        return penalties


Regkit = Callable[..., Outcome]


@pytest.fixture(scope="session")
def new_site() -> Callable[[Path], Site]:
    """Makes a site in a folder that is not there yet."""
    return Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty folder to install on; `regkit` has it on its path."""
    return Site(tmp_path / "site")


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """The empty folder in which `regkit` is run."""
    folder = tmp_path / "workplace"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(site: Site) -> dict[str, str]:
    """The environment in which `regkit` is run: this one, with `site` on the path."""
    inherited = {name: value for name, value in os.environ.items() if "REGKIT" not in name}
    return {**inherited, "PYTHONPATH": str(site.folder), "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def regkit(environment: dict[str, str], workplace: Path) -> Regkit:
    """Runs `regkit` with arguments, as a process; keywords are environment variables."""

    def run(*arguments: object, **variables: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "regkit", *map(str, arguments)],
            env=environment | variables,
            cwd=workplace,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def train(regkit: Regkit) -> Regkit:
    """Runs a training that is over at once."""

    def run(*arguments: object, **variables: str) -> Outcome:
        return regkit("train", "--samples", 5, "--epochs", 2, *arguments, **variables)

    return run


@pytest.fixture
def train_here(
    importable: Site,
    workplace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Regkit]:
    """`train` in this process, through the same `main`: for tables of many cases."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.chdir(workplace)

    def run(*arguments: object) -> Outcome:
        words = ["regkit", "train", "--samples", "5", "--epochs", "2", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Outcome(int(str(ended.value.code)), printed.out, printed.err)

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def importable(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """`site`, on this process's own path; what was imported from it is forgotten afterwards."""
    monkeypatch.delenv("REGKIT_PLUGINS", raising=False)
    monkeypatch.syspath_prepend(str(site.folder))
    yield site
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(str(site.folder)):
            del sys.modules[name]
    importlib.invalidate_caches()


@pytest.fixture
def layers() -> list[LayerView]:
    """Two trainable layers, their parameters read-only and their running sums writable."""
    dense = [Dense(3, 4), Dense(4, 1)]
    Model(dense, MeanSquaredError(), seed=1, dtype="float64")
    for one in dense:
        one.biases[...] = np.linspace(-1, 1, one.biases.size)
    kernels = Kernels()
    return [LayerView(one.name, one.params, Accumulation(one.gradients, kernels)) for one in dense]


@pytest.fixture
def layer(layers: list[LayerView]) -> LayerView:
    """The first of them."""
    return layers[0]
