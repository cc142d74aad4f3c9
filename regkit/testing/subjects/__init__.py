"""The arrays under test, a file for each kind of penalty."""

from __future__ import annotations

from collections.abc import Sequence

from regkit.regularizers import Configured
from regkit.testing.subjects.layer import LayerSubject
from regkit.testing.subjects.model import ModelSubject
from regkit.testing.subjects.outputs import OutputsSubject
from regkit.testing.subjects.subject import Subject

__all__ = ["LayerSubject", "ModelSubject", "OutputsSubject", "Subject", "kind_of"]

SUBJECTS: Sequence[type[Subject]] = (LayerSubject, ModelSubject, OutputsSubject)


def kind_of(regularizer: object) -> type[Subject]:
    """What a penalty is a function of; a raw plugin is tested by the first pair of its hooks."""
    if isinstance(regularizer, Configured):
        return next((kind for kind in SUBJECTS if isinstance(regularizer, kind.base)), LayerSubject)
    hooked = (k for k in SUBJECTS if getattr(regularizer, k.scope.value, None) is not None)
    return next(hooked, LayerSubject)
