"""The entry points, as an installed regkit sees them."""

from importlib.metadata import entry_points

import pytest
import regkit_constraints

import regkit
from regkit.errors import FieldError

CLASSES = {
    "box": regkit_constraints.Box,
    "max_norm": regkit_constraints.MaxNorm,
    "non_negative": regkit_constraints.NonNegative,
    "simplex": regkit_constraints.Simplex,
    "support": regkit_constraints.Support,
    "unit_norm": regkit_constraints.UnitNorm,
}


def test_every_constraint_is_registered():
    offered = [
        e for e in entry_points(group="regkit") if e.module.startswith("regkit_constraints.")
    ]
    assert {entry.name: entry.load() for entry in offered} == CLASSES


@pytest.mark.parametrize(
    "spec",
    [
        "max_norm,radius=2.5@dense1.weights",
        "max_norm,groups=outgoing",
        "unit_norm,groups=outgoing@weights+biases",
        "simplex,total=2.0",
        "non_negative@dense*.weights",
        "box,low=-inf,high=0.5",
    ],
)
def test_specs_come_back_as_they_went_in(spec):
    assert str(regkit.regularizer(spec)) == spec


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - {"support"}))
def test_the_mode_is_constraint_by_itself(name):
    assert regkit.regularizer(name).mode == "constraint"
    with pytest.raises(FieldError, match="mode must be 'constraint', got 'prox'"):
        CLASSES[name](mode="prox")


def test_a_strength_is_refused_with_the_spec_to_write():
    with pytest.raises(FieldError, match=r"takes no strength: write max_norm,radius=3"):
        regkit.regularizer("max_norm=3")
    for name in CLASSES:
        with pytest.raises(FieldError, match=f"takes no strength: write {name}"):
            regkit.regularizer(f"{name}=1.5")


@pytest.mark.parametrize("field", ["schedule=ramp:0:10", "scale=size"])
def test_what_changes_a_strength_is_refused_too(field):
    with pytest.raises(FieldError, match="has no strength, so leave out"):
        regkit.regularizer(f"non_negative,{field}")
