"""What a regularizer is called in a run, and who brought it."""

from __future__ import annotations

import types

import regkit as rk
from regkit.hooks.labels import labelled


class HuberNorm(rk.L2):
    pass


def labels(*plugins):
    return [plugin.label for plugin in labelled(plugins)]


def test_the_label_is_the_name_and_the_selectors_where_they_are_not_the_default():
    assert labels(rk.L1(), rk.L2(on="dense1"), rk.ElasticNet(on=["dense*.biases", "weights"])) == [
        "l1",
        "l2@dense1",
        "elastic_net@dense*.biases+weights",
    ]


def test_fields_are_no_part_of_the_label_and_repeats_are_numbered():
    assert labels(rk.L1(0.1), rk.L1(0.2, at_zero=0.0), rk.L1(on="dense1"), rk.L1(0.3)) == [
        "l1",
        "l1#2",
        "l1@dense1",
        "l1#3",
    ]


def test_a_class_that_was_handed_over_is_called_by_its_class_name():
    (plugin,) = labelled([HuberNorm(0.1)])
    assert (plugin.label, plugin.distribution) == ("huber_norm", None)


def test_a_module_is_called_by_the_last_part_of_its_name():
    assert labels(types.ModuleType("package.inner.tikhonov")) == ["tikhonov"]


def test_an_installed_class_is_called_by_its_entry_point_and_knows_its_distribution(importable):
    source = "import regkit\nclass Tikhonov(regkit.L2): pass"
    importable.install(
        "regkit-ridge", {"ridge": "ridge_module:Tikhonov"}, "3.0", ridge_module=source
    )
    (plugin,) = labelled([rk.regularizer("ridge=0.5")])
    assert (plugin.label, plugin.distribution) == ("ridge", "regkit-ridge 3.0")


def test_a_built_in_belongs_to_regkits_own_distribution():
    (plugin,) = labelled([rk.L1()])
    assert plugin.distribution == f"regkit-nn {rk.__version__}"


def test_only_the_mode_prox_is_out_of_the_loss():
    assert [one.mode.name for one in labelled([rk.L1(), rk.L1(mode="prox"), object()])] == [
        "loss",
        "prox",
        "loss",
    ]
