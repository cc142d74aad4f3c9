"""A page about runs and studies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from regkit.arguments import path as as_path
from regkit.errors import InputError, StorageError
from regkit.extras import required
from regkit.reports.pictures.names import in_natural_order, run_names
from regkit.runs.config_file import config_from_file
from regkit.runs.folder import RunFolder
from regkit.runs.load import load_run
from regkit.runs.saved import SavedRun
from regkit.storage import regular, write_whole
from regkit.studies.paths.path_result import PathResult
from regkit.studies.saved_study import holds_study, saved_study

if TYPE_CHECKING:
    from regkit.reports.page.of_runs import ComparedRun
    from regkit.reports.page.section import Section


def report(*sources: str | Path | SavedRun, out: str | Path, force: bool = False) -> Path:
    """Write one page of HTML about finished runs and studies.

    It holds what it shows, needs no network, and has the same bytes when it is made again. Two or
    more runs have a section in common, which comes first.

    Args:
        sources: folders of runs and studies; of a study the saved run is shown too. What
            `regkit.load` returned for a run is shown with the weights that it has.
        out: the file, which ends in `.html`.
        force: whether to replace it.

    Returns:
        The file.

    Raises:
        InputError: a folder holds neither, a run has no records yet, a study is not finished, or
            the file exists.
        MissingPackageError: matplotlib or Jinja is not installed.
        StorageError: the file cannot be written.
    """
    if not sources:
        raise InputError("give the folder of a run or study to report on")
    weights = {one.path: one.weights.stem for one in sources if isinstance(one, SavedRun)}
    folders = in_natural_order(
        [one.path if isinstance(one, SavedRun) else as_path("sources", one) for one in sources]
    )
    file = as_path("out", out)
    _require_free(file, force=force)
    for module, package in (("matplotlib", "matplotlib"), ("jinja2", "Jinja2")):
        required(module, package=package, extra="report", purpose="a report")
    from regkit.reports.page.html import html
    from regkit.reports.page.of_runs import runs_section
    from regkit.reports.pictures.style import matplotlib_settings

    with matplotlib_settings():
        parts = [
            _part(folder, name, weights.get(folder))
            for folder, name in zip(folders, run_names(folders), strict=True)
        ]
        compared = [part.run for part in parts if part.run is not None]
        common = [runs_section(compared)] if len(compared) > 1 else []
        page = html([*common, *(section for part in parts for section in part.sections)])
    write_whole(file, page)
    return file


def _require_free(file: Path, *, force: bool) -> None:
    if file.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{file} must end in .html")
    if file.is_dir():
        raise InputError(f"{file} is a folder: name a file for the page")
    if regular(file) is not None and not force:
        raise InputError(f"{file} exists: choose another name, or replace it with --force")
    if not file.parent.is_dir():
        raise StorageError(f"{file.parent} is not a folder: make it, or choose another place")


class _Part(NamedTuple):
    """What the page shows of a source: its sections, and the run that it is, if it is one."""

    sections: Sequence[Section]
    run: ComparedRun | None = None


def _part(folder: Path, name: str, weights: str | None) -> _Part:
    """The section of a run, with these weights; of a study two, if it has saved a run."""
    from regkit.reports.page.of_run import model_section
    from regkit.reports.page.of_study import study_section

    if folder.is_file():
        raise InputError(f"{folder} is a file, not the folder of a run or a study")
    if not holds_study(folder):
        if not RunFolder(folder).holds_run:
            lack = "no config.toml and no plan.toml" if folder.is_dir() else "does not exist"
            raise InputError(
                f"{folder} is the folder of neither a run nor a study: it "
                f"{'has ' if folder.is_dir() else ''}{lack}"
            )
        if config_from_file(RunFolder.existing(folder).config).epochs == 0:
            return _Part([model_section(load_run(folder, weights=weights), name)])
        return _of_run(folder, name, weights)
    study = saved_study(folder)
    section = study_section(study, name)
    run = study.result.run
    if run is None:
        return _Part([section])
    if isinstance(study.result, PathResult):
        saved = load_run(run)
        model = model_section(saved, f"{name}/{run.name}", section.instructions)
        return _Part([section, model])
    return _Part([section, *_of_run(run, f"{name}/{run.name}").sections])


def _of_run(folder: Path, name: str, weights: str | None = None) -> _Part:
    from regkit.reports.page.measured_run import MeasuredRun
    from regkit.reports.page.of_run import run_section
    from regkit.reports.page.of_runs import ComparedRun
    from regkit.reports.pictures.drawn_run import drawn_run

    run = drawn_run(folder, name, weights)
    measured = None if run.saved is None else MeasuredRun.of(run.saved)
    return _Part([run_section(run, measured)], ComparedRun(run, measured))
