"""What a regularizer is called in a run, and who brought it."""

from __future__ import annotations

import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.errors import FieldError, InputError
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


def test_labels_that_would_be_equal_are_told_apart_by_the_fields_that_differ():
    assert labels(rk.L2(1e-3), rk.L2(0.5), rk.L2(0.5, on="dense1")) == [
        "l2(strength=0.001)",
        "l2(strength=0.5)",
        "l2@dense1",
    ]
    elastic = [rk.ElasticNet(0.1, l1_ratio=ratio, on="dense1") for ratio in (0.1, 0.3)]
    assert labels(*elastic) == [
        "elastic_net(l1_ratio=0.1)@dense1",
        "elastic_net(l1_ratio=0.3)@dense1",
    ]
    assert labels(rk.L1(0.1), rk.L1(0.2, at_zero=0.0), rk.L1(0.1, at_zero=0.0)) == [
        "l1(strength=0.1,at_zero=1.0)",
        "l1(strength=0.2,at_zero=0.0)",
        "l1(strength=0.1,at_zero=0.0)",
    ]
    assert labels(rk.L2(0.1), rk.L2(0.1, schedule="from:3"), rk.L2(0.1, mode="prox")) == [
        "l2(mode=loss)",
        "l2(mode=loss,schedule=from:3)",
        "l2(mode=prox)",
    ]


def test_those_that_are_equal_in_everything_are_numbered():
    assert labels(rk.L1(0.1), rk.L1(0.1), rk.L1(0.2), rk.L1(0.2), rk.L1(0.1)) == [
        "l1(strength=0.1)",
        "l1(strength=0.1)#2",
        "l1(strength=0.2)",
        "l1(strength=0.2)#2",
        "l1(strength=0.1)#3",
    ]
    assert labels(rk.L1(0.1, on="dense1"), rk.L1(0.1, on="dense1")) == ["l1@dense1", "l1@dense1#2"]


def test_a_raw_plugin_has_no_fields_to_tell_it_apart():
    module = types.ModuleType("package.tikhonov")
    assert labels(module, types.ModuleType("tikhonov")) == ["tikhonov", "tikhonov#2"]
    assert labels(types.SimpleNamespace(strength=1), types.SimpleNamespace(strength=2)) == [
        "simple_namespace",
        "simple_namespace#2",
    ]


def test_a_label_that_was_given_is_used_as_it_is():
    given = rk.L2(0.1, label="my decay", on="dense1")
    assert labels(given, rk.L2(0.2, on="dense1"), rk.L1(0.1, label="L1 (λ)")) == [
        "my decay",
        "l2@dense1",
        "L1 (λ)",
    ]
    assert labels(types.SimpleNamespace(label="mine")) == ["mine"]


@pytest.mark.parametrize(
    ("plugins", "label"),
    [
        ([rk.L2(0.1, label="decay"), rk.L1(0.1, label="decay")], "decay"),
        ([rk.L2(0.1, label="l1"), rk.L1(0.1)], "l1"),
        ([rk.L1(0.1), rk.L2(0.1, label="l1#2"), rk.L1(0.1)], "l1#2"),
    ],
)
def test_a_given_label_belongs_to_one(plugins, label):
    with pytest.raises(InputError, match=f"^two regularizers have the label '{label}': give each"):
        labels(*plugins)


def test_a_raw_plugins_label_follows_the_same_rules():
    with pytest.raises(FieldError, match="SimpleNamespace: label 'a=b' may not contain"):
        labels(types.SimpleNamespace(label="a=b"))


def test_equal_names_of_several_distributions_are_told_apart_by_them(importable):
    for number in (1, 2):
        name = f"huber_of_{number}"
        source = "import regkit\nclass Huber(regkit.L2): pass"
        importable.install(f"regkit-{number}", {"huber": f"{name}:Huber"}, **{name: source})
    one, two, three = (
        rk.regularizer(spec)
        for spec in ("regkit-1/huber=0.5", "regkit-2/huber=0.5", "regkit-2/huber=0.1")
    )
    assert labels(one, two) == ["regkit-1/huber", "regkit-2/huber"]
    assert labels(one, two, three) == [
        "regkit-1/huber",
        "regkit-2/huber(strength=0.5)",
        "regkit-2/huber(strength=0.1)",
    ]
    assert labels(two) == ["huber"]


@given(
    st.lists(
        st.builds(
            rk.L1,
            st.sampled_from([0.1, 0.2]),
            at_zero=st.sampled_from([0.0, 1.0]),
            on=st.sampled_from(["weights", "dense1"]),
        )
        | st.builds(rk.L2, st.sampled_from([0.1, 0.2])),
        max_size=6,
    )
)
def test_no_two_automatic_labels_are_equal(plugins):
    assert len(set(labels(*plugins))) == len(plugins)


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
