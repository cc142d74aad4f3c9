"""The plan of a study, as `plan.toml` holds it."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np

from regkit.about import __version__
from regkit.data.bundled import PREFIX
from regkit.errors import InputError
from regkit.regularizers.table import Entry
from regkit.runs.config import SYNTHETIC, Config
from regkit.runs.config_file import REG, table_of
from regkit.runs.copied_files import copied_files
from regkit.runs.digests import digest_of_files
from regkit.runs.manifest import plugin_versions
from regkit.runs.settings import settings

HEADER = "# A study of regkit. The command that started it goes on with it.\n\n"

Plain = str | int | float | bool | list[Any] | dict[str, Any]


@dataclass(frozen=True)
class StudyPlan:
    """What determines the rows of a study.

    Attributes:
        kind: "compare", "path" or "sweep".
        options: those of the study itself.
        settings: of the trainings, under the names of their flags.
        arms: of a comparison, by name.
        made_with: versions, and the digests of the files that are read.
        growing: an option, a number, which may be larger than in the plan that the study began
            with: its rows are then those of the smaller study and more.
    """

    kind: str
    options: Mapping[str, Plain]
    settings: Mapping[str, Plain]
    arms: Mapping[str, Mapping[str, Plain]] = field(default_factory=dict)
    made_with: Mapping[str, str] = field(default_factory=dict)
    growing: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain data."""
        arms = {"arms": {name: dict(arm) for name, arm in self.arms.items()}} if self.arms else {}
        return {
            "study": {"kind": self.kind, **self.options},
            **arms,
            "settings": dict(self.settings),
            "made-with": dict(self.made_with),
        }

    def to_toml(self) -> str:
        """The text of `plan.toml`.

        Raises:
            InputError: a name or path cannot be written as UTF-8.
        """
        import tomli_w

        text = HEADER + tomli_w.dumps(self.as_dict())
        try:
            text.encode()
        except UnicodeEncodeError as error:
            near = text[max(error.start - 20, 0) : error.end + 20]
            raise InputError(
                f"a plan is UTF-8 text, and cannot hold {near!r}: choose another name"
            ) from error
        return text

    def difference(self, text: str) -> str | None:
        """The first difference from the plan in this text, in words; None if there is none.

        That `growing` is larger now is no difference.

        Raises:
            ValueError: it is not TOML.
        """
        then, now = (dict(_flat("", one)) for one in (tomllib.loads(text), self.as_dict()))
        for name in (*now, *then):
            if then.get(name) != now.get(name) and not self._has_grown(name, then.get(name)):
                return f"{name} was {_shown(then.get(name))}, now it is {_shown(now.get(name))}"
        return None

    def has_grown_from(self, text: str) -> bool:
        """Whether `growing` is larger than in the plan in this text, which has no difference."""
        study = tomllib.loads(text)["study"]
        return self.growing is not None and study[self.growing] < self.options[self.growing]

    def without_growing(self) -> StudyPlan:
        """The plan without `growing`: the same however large the study has become."""
        kept = {name: one for name, one in self.options.items() if name != self.growing}
        return replace(self, options=kept)

    def _has_grown(self, name: str, then: object) -> bool:
        if self.growing is None or name != f"study.{self.growing}":
            return False
        now = self.options[self.growing]
        return isinstance(then, int) and isinstance(now, int) and then < now


def settings_of(config: Config) -> dict[str, Plain]:
    """The settings that a study's arms share, as its plan holds them."""
    kept = {one.key for one in settings() if one.about.in_studies and one.key != REG}
    return {key: value for key, value in table_of(config).items() if key in kept}


def made_with(
    config: Config, entries: Iterable[Entry], plugin_files: Sequence[Path]
) -> dict[str, str]:
    """Versions and digests that the results depend on.

    Args:
        config: the settings that name the data.
        entries: all regularizers; the files of tables count, those that a spec names do not.
        plugin_files: files that define regularizers.

    Raises:
        InputError: a file cannot be read.
    """
    found = {"regkit": __version__, "numpy": np.__version__}
    if config.kernels != "numpy":
        found |= version_of("numba")
    if config.data.startswith(PREFIX):
        found |= version_of("scikit-learn")
    given = list(entries)
    for name, plugin in plugin_versions(given).items():
        if plugin is not None:
            found[name] = f"{plugin['distribution']} {plugin['version']}"
    named = [
        Path(one)
        for one in (config.data, config.val_file, config.test)
        if one is not None and one not in SYNTHETIC and not one.startswith(PREFIX)
    ]
    for path in (*plugin_files, *named):
        found[_new_name(path.name, found)] = digest_of_files([path])
    for file in copied_files(replace(config, reg=tuple(given))):
        found[_new_name(file.file.path.name, found)] = file.digest
    return found


def version_of(distribution: str) -> dict[str, str]:
    """The version of a distribution by its name; empty if it is not installed."""
    try:
        return {distribution: version(distribution)}
    except PackageNotFoundError:
        return {}


def _new_name(name: str, taken: Container[str]) -> str:
    """The name, with a number if something else has it."""
    numbered = (f"{name} ({number})" for number in count(2))
    return next(one for one in chain([name], numbered) if one not in taken)


def _flat(prefix: str, entry: object) -> Iterator[tuple[str, object]]:
    if isinstance(entry, Mapping):
        for name, inner in entry.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    else:
        yield prefix, list(entry) if isinstance(entry, tuple) else entry


def _shown(value: object) -> str:
    text = "not given" if value is None else " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
