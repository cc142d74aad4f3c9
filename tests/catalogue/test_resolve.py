"""From a name to a regularizer: what is installed is really installed.

Covers: regkit/catalogue/class_fields.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

import regkit as rk
from regkit.catalogue.resolve import bare_strength, describe
from regkit.errors import FieldError, PluginError, RegkitError
from regkit.regularizers.table import Table

HUBER = '''
    """Penalties."""

    import numpy as np
    from regkit import Regularizer


    class Huber(Regularizer):
        """Quadratic near zero, linear beyond delta."""

        delta: float = 0.1

        def value(self, w):
            a, d = np.abs(w), self.delta
            return float(np.sum(np.where(a <= d, w**2 / (2 * d), a - d / 2)))

        def grad(self, w):
            return np.clip(w / self.delta, -1, 1).astype(w.dtype)
'''


def test_a_good_plugin_trains_through_its_entry_point_alone(site, train):
    site.install("regkit-huber", {"huber": "huber_penalty:Huber"}, huber_penalty=HUBER)
    found = train("--json", "--reg", "huber=0.01,delta=0.5@dense1").penalties
    assert list(found) == ["huber@dense1"]
    assert found["huber@dense1"] > 0


def test_the_spec_of_an_installed_class_gives_it_back(importable):
    importable.install("regkit-huber", {"huber": "huber_penalty:Huber"}, huber_penalty=HUBER)
    one = rk.regularizer("regkit-huber/huber=0.01,delta=0.5@dense1+biases")
    assert str(one) == "huber=0.01,delta=0.5@dense1+biases"
    again = rk.regularizer(str(one))
    assert type(again) is type(one)
    assert (again.strength, again.delta, again.on) == (0.01, 0.5, ("dense1", "biases"))


class Kinds(rk.L2):
    """A field of each type."""

    ratio: float = 0.5
    count: int = 3
    strict: bool = False
    tag: str = "a"
    side: Literal["left", "right"] = "left"
    switch: Literal[True, 2, "two"] = "two"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ratio": 1e-300, "count": -7, "strict": True, "tag": "", "side": "right"},
        {"ratio": float("-inf"), "tag": "a b/c+d", "switch": True},
        {"ratio": 0.1 + 0.2, "switch": 2},
    ],
)
def test_a_spec_gives_every_field_back(fields):
    one = Kinds(0.3, on=["dense*.weights", "biases"], mode="prox", **fields)
    again = rk.regularizer(str(one), classes=[Kinds])
    for name in ("strength", "on", "mode", "ratio", "count", "strict", "tag", "side", "switch"):
        assert getattr(again, name) == getattr(one, name)
        assert type(getattr(again, name)) is type(getattr(one, name))


@pytest.mark.parametrize("tag", ["a,b", "a=b", "a@b", " a", "a\n"])
def test_a_value_that_a_spec_cannot_hold_goes_into_a_table(tag):
    table = {"name": "kinds", "strength": 0.3, "tag": tag, "on": "dense1", "count": 2}
    one = rk.regularizer(table, classes=[Kinds])
    assert (one.strength, one.tag, one.on, one.count) == (0.3, tag, ("dense1",), 2)
    assert rk.regularizer(str(one), classes=[Kinds]).tag == tag


def test_nor_does_a_spec_read_it():
    with pytest.raises(FieldError, match=r"^Kinds: in a spec, tag may not contain .* got 'a=b'"):
        rk.regularizer("kinds,tag=a=b", classes=[Kinds])


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"strengt": 1}, "kinds has no field 'strengt', did you mean 'strength'? (its fields: "),
        ({"strength": "1"}, "Kinds: strength must be a float, got '1'"),
        ({"strict": 1}, "Kinds: strict must be a bool, got 1"),
        ({"side": "top"}, "Kinds: side must be one of 'left' | 'right', got 'top'"),
        ({"name": "kindz"}, "unknown regularizer 'kindz'"),
    ],
)
def test_a_table_of_a_configuration_names_its_file(tmp_path, table, complaint):
    one = {"name": "kinds", **table}
    with pytest.raises(RegkitError) as caught:
        rk.regularizer(one, classes=[Kinds])
    assert str(caught.value).startswith(complaint)
    path = tmp_path / "run.toml"
    with pytest.raises(RegkitError) as caught:
        rk.regularizer(Table.of(one, path), classes=[Kinds])
    assert str(caught.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(caught.value)


class Distance(rk.L2):
    reference: rk.File | None = None


def test_a_file_is_looked_for_in_the_folder_of_the_configuration(tmp_path, monkeypatch):
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    np.save(tmp_path / "here" / "w.npy", np.zeros(2))
    np.save(tmp_path / "there" / "w.npy", np.ones(2))
    monkeypatch.chdir(tmp_path / "here")
    keys = {"name": "distance", "reference": "w.npy"}
    for spec, entry in (("distance,reference=w.npy", 0), (keys, 0), (str(Table.of(keys)), 0)):
        assert rk.regularizer(spec, classes=[Distance]).reference.array[0] == entry
    table = Table.of(keys, tmp_path / "there" / "run.toml")
    assert rk.regularizer(table, classes=[Distance]).reference.array[0] == 1
    with pytest.raises(
        FieldError, match=r"^run\.toml: Distance: reference: gone\.npy does not exi"
    ):
        rk.regularizer(
            Table.of({**keys, "reference": "gone.npy"}, Path("run.toml")), classes=[Distance]
        )


def test_so_is_a_choice(importable):
    source = """
        from typing import Literal
        from regkit import L2

        class Choosy(L2):
            side: Literal["left", "right,left"] = "left"
    """
    importable.install("regkit-choosy", {"choosy": "choosy_penalty:Choosy"}, choosy_penalty=source)
    with pytest.raises(FieldError, match="Choosy: side='right,left' may not contain"):
        rk.regularizer("choosy")


TYPE_CHECKED = """
    from __future__ import annotations
    from typing import TYPE_CHECKING
    import regkit

    if TYPE_CHECKING:
        from surely_not_there import Number

    class Fields(regkit.L2):
        width: Number = 1.0

    class Raw:
        def __init__(self, *, width: Number = 1.0):
            self.width = width

        @regkit.hookimpl
        def penalty(self, layer): return self.width

        @regkit.hookimpl
        def penalty_grad(self, layer): return None
"""


def test_a_field_whose_type_is_imported_for_checkers_only_is_refused(importable):
    importable.install("regkit-typed", {"typed": "typed_plugin:Fields"}, typed_plugin=TYPE_CHECKED)
    for call in (rk.regularizer, describe):
        with pytest.raises(FieldError, match="type of a field is not imported: name 'Number'"):
            call("typed")


def test_for_a_raw_class_the_type_of_the_default_will_do(importable):
    importable.install("regkit-typed", {"typed": "typed_plugin:Raw"}, typed_plugin=TYPE_CHECKED)
    assert rk.regularizer("typed,width=2").width == 2.0


def test_classes_that_are_handed_over_win_over_installed_ones(importable):
    importable.install("regkit-huber", {"huber": "huber_penalty:Huber"}, huber_penalty=HUBER)

    class Huber(rk.L1):
        pass

    assert type(rk.regularizer("huber=1", classes=[Huber])) is Huber
    assert type(rk.regularizer("regkit-huber/huber=1", classes=[Huber])) is not Huber


def test_a_class_whose_set_up_fails_is_named(importable):
    source = """
        from regkit import L2

        class Fussy(L2):
            def __post_init__(self):
                raise ZeroDivisionError("no luck")
    """
    importable.install("regkit-fussy", {"fussy": "fussy_penalty:Fussy"}, fussy_penalty=source)
    with pytest.raises(PluginError) as caught:
        rk.regularizer("fussy=0.5")
    assert str(caught.value) == (
        "regularizer 'fussy' of regkit-fussy 1.0 cannot be built from 'fussy=0.5': "
        "ZeroDivisionError: no luck"
    )


@pytest.mark.parametrize(
    ("spec", "example"),
    [
        ("l2", "l2=0.001"),
        ("elastic_net,l1_ratio=0.3@dense1", "elastic_net=0.001,l1_ratio=0.3@dense1"),
        ("regkit-nn/l1", "regkit-nn/l1=0.001"),
    ],
)
def test_a_strength_that_is_left_out_is_worth_a_warning_at_the_callers_line(spec, example):
    configured = rk.regularizer(spec)
    assert configured.strength == 1
    doubt = bare_strength(spec, configured)
    assert doubt.startswith(f"{spec!r} has strength 1, the default: write for ")
    assert repr(example) in doubt


def test_a_table_without_a_strength_is_doubted_too():
    doubt = bare_strength({"name": "l2", "on": "dense1"}, rk.regularizer("l2"))
    assert '{ name = "l2", strength = 0.001, on = ["dense1"] }' in doubt
    assert doubt.endswith(", or strength = 1 if it is meant")
    assert bare_strength({"name": "l2", "strength": 1}, rk.regularizer("l2")) is None


def test_a_constraint_has_no_strength_to_doubt():
    class NonNegative(rk.Regularizer):
        constraint = True

        def prox(self, w, step):
            return np.maximum(w, 0)

    assert bare_strength("non_negative", NonNegative()) is None


def test_a_strength_that_is_written_or_of_the_authors_choosing_is_not(importable):
    class Mild(rk.L2):
        strength: float = 0.01

    for spec in ("l2=1", "l2,strength=1", "mild"):
        assert bare_strength(spec, rk.regularizer(spec, classes=[Mild])) is None
    source = """
        import regkit

        @regkit.hookimpl
        def penalty(layer): return None

        @regkit.hookimpl
        def penalty_grad(layer): return None
    """
    importable.install("regkit-raw", {"raw": "raw_without_strength"}, raw_without_strength=source)
    assert rk.regularizer("raw").__name__ == "raw_without_strength"


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("l2:5e-4", "write 'l2=5e-4'"),
        ("L2=5e-4", "write 'l2=5e-4'"),
        ("l2=5e–4", "write 'l2=5e-4'"),
        ("l2=5e-4@dense1,weights", "write 'l2=5e-4@dense1.weights'"),
        ("l2@dense1=5e-4", "write 'l2=5e-4@dense1'"),
        ("None", "write 'none'"),
        (
            "l1=1e-4,l2=1e-4",
            "a spec is one regularizer: give 'l1=1e-4' and 'l2=1e-4' apart, as "
            "--reg l1=1e-4 --reg l2=1e-4",
        ),
    ],
)
def test_an_error_ends_with_the_form_that_was_meant(spec, hint):
    with pytest.raises(RegkitError) as caught:
        rk.regularizer(spec)
    assert str(caught.value).endswith(f"; {hint}")
    assert "\n" not in str(caught.value)


def test_the_classes_at_hand_are_among_what_may_be_meant():
    with pytest.raises(RegkitError, match=r"; write 'kinds=0\.5,count=2'"):
        rk.regularizer("Kinds(0.5, count=2)", classes=[Kinds])
