"""Faults of form: results that are no results, fields that are no fields."""

import dataclasses

import numpy as np
from testing.mutants.gradients import Squares

import regkit
from regkit import Regularizer


class NoGradient(Regularizer):
    """a value and no gradient"""

    caught_by = "hooks"

    def value(self, w):
        return float(np.sum(w.astype(float) ** 2))


class WrongSignature:
    """a hook that takes an argument no hook gets"""

    caught_by = "hooks"

    @regkit.hookimpl
    def penalty(self, layer, weights):
        return 0.0

    @regkit.hookimpl
    def penalty_grad(self, layer):
        return {}


class NotMarked:
    """hooks without a marker"""

    caught_by = "hooks"

    def penalty(self, layer):
        return 0.0

    def penalty_grad(self, layer):
        return {}


class ReturnsAList(Squares):
    """a Python list for a gradient"""

    caught_by = "result-form"

    def grad(self, w):
        return (2 * w).tolist()


class ReturnsAScalarArray(Squares):
    """an array of no dimension for a value"""

    caught_by = "result-form"

    def value(self, w):
        return np.array(np.sum(w.astype(float) ** 2))


class ReturnsComplexNumbers(Squares):
    """complex numbers"""

    caught_by = "result-form"

    def value(self, w):
        return complex(np.sum(w.astype(complex) ** 2))


class WrongKey(Squares):
    """a gradient under a name that is no parameter's"""

    caught_by = "result-form"

    def penalty_grad(self, layer):
        return {"weight": self.strength * 2 * layer.params["weights"]}


class ExitsInAHook(Squares):
    """a hook that asks Python to exit"""

    caught_by = "result-form"

    def grad(self, w):
        raise SystemExit(0)


class DeclaresAWord(Squares):
    """a declaration that is no bool"""

    caught_by = "declarations"
    convex = "yes"


class DefaultOfAnotherType(Squares):
    """a default that the field itself would refuse"""

    caught_by = "fields"
    delta: float = "0.1"

    @classmethod
    def planted(cls):
        return cls(delta=0.1)


class DefaultMissing(Squares):
    """a field without a default, so that a bare name is no spec"""

    caught_by = "fields"
    delta: float = dataclasses.field(kw_only=True)

    @classmethod
    def planted(cls):
        return cls(delta=0.1)


class FieldChangedOnTheWay(Squares):
    """a field that is stored as something else than was given"""

    caught_by = "spec-round-trip"
    delta: float = 0.1

    def __post_init__(self):
        object.__setattr__(self, "delta", 2 * self.delta)


class PickleLosesAField(Squares):
    """a pickle without one of the fields"""

    caught_by = "pickle-round-trip"

    @classmethod
    def planted(cls):
        return cls(0.3)

    def __reduce__(self):
        return (type(self), ())
