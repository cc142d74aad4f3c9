"""Where a plugin in hand came from, and what its class is called from then on."""

import importlib
import sys

import pytest

import regkit as rk
from regkit.catalogue.origin import named_by
from regkit.regularizers.naming import name_in_specs

MODULE = """
    import regkit

    class Norm(regkit.L2):
        pass

    class Other(regkit.L2):
        pass

    ready = Norm(0.25)
"""


@pytest.fixture
def module(importable):
    """A module that two entry points lead into, imported."""
    offers = {"ridge": "norm_module:Norm", "ready_made": "norm_module:ready"}
    importable.install("regkit-norm", offers, norm_module=MODULE)
    return importlib.import_module("norm_module")


def test_a_class_made_directly_is_stamped_with_its_entry_points_name(module):
    regularizer = module.Norm(0.5)
    assert str(regularizer) == "norm=0.5"
    assert named_by(regularizer).qualified_name == "regkit-norm/ridge"
    assert str(regularizer) == str(module.Norm(0.5)) == "ridge=0.5"
    again = rk.regularizer(str(regularizer))
    assert (type(again), again.strength) == (module.Norm, 0.5)


def test_a_name_that_two_distributions_offer_is_stamped_with_the_distribution(module, importable):
    importable.install("regkit-rival", {"ridge": "nowhere:Ridge"})
    assert named_by(module.Norm(0.5)).name == "ridge"
    assert str(module.Norm(0.5)) == "regkit-norm/ridge=0.5"


def test_the_very_object_of_an_entry_point_goes_before_its_class(module):
    assert named_by(module.ready).name == "ready_made"


def test_a_class_that_no_entry_point_leads_to_has_no_origin_and_keeps_its_name(module):
    assert named_by(module.Other(0.5)) is None
    assert str(module.Other(0.5)) == "other=0.5"


@pytest.mark.parametrize("thing", [None, 3, object(), sys])
def test_what_is_no_plugin_has_no_origin(thing):
    assert named_by(thing) is None


def test_a_module_or_class_that_is_itself_the_plugin_is_found_and_keeps_its_name(importable):
    importable.install(
        "regkit-raw",
        {"whole": "raw_module", "rough": "raw_module:Raw"},
        raw_module="class Raw: pass",
    )
    module = importlib.import_module("raw_module")
    assert named_by(module).name == "whole"
    assert named_by(module.Raw).name == "rough"
    assert name_in_specs(module.Raw) == "raw"
