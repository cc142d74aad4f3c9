"""str(regularizer) gives a spec string that gives the regularizer back, every field equal."""

import contextlib
import dataclasses
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import regkit as rk


class Everything(rk.Regularizer):
    """A field of each type that a spec can hold."""

    rate: float = 0.5
    count: int = 3
    relative: bool = False
    tag: str = "plain"
    groups: Literal["incoming", "outgoing", 2, True] = "incoming"
    title: str | None = None
    limit: float | None = None
    levels: tuple[float, ...] = ()
    sizes: tuple[int, ...] = (1, 2)
    reference: rk.File | None = None

    def value(self, w):
        return 0.0

    def grad(self, w):
        return 0 * w

    def prox(self, w, step):
        return w


strengths = st.floats(0, exclude_min=False, allow_infinity=False, allow_nan=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
labels = st.text(
    st.characters(exclude_characters=",=@", categories=["L", "N", "P", "S"]), min_size=1, max_size=8
).filter(lambda text: text not in ("data", "none"))
selectors = st.one_of(
    st.sampled_from(["weights", "biases", "dense1", "dense*.weights", "*", "dense[12].b?ases"]),
    st.text(st.characters(exclude_characters=",=@+", exclude_categories=["Cs"]), min_size=1).filter(
        lambda text: text == text.strip()
    ),
)
shared = {
    "strength": strengths,
    "on": st.lists(selectors, min_size=1, max_size=4, unique=True).map(tuple),
    "mode": st.sampled_from(["loss", "prox", "decoupled"]),
    "schedule": st.none() | st.sampled_from(["from:3", "ramp:0:100~step:50:0.5"]),
    "scale": st.sampled_from(["none", "size", "fan_in", "sqrt_fan_in"]),
    "label": st.none() | labels,
}
regularizers = st.one_of(
    st.builds(rk.L1, at_zero=st.floats(-1, 1), **shared),
    st.builds(rk.L2, **shared),
    st.builds(rk.ElasticNet, l1_ratio=st.floats(0, 1), **shared),
    st.builds(
        Everything,
        rate=st.floats(allow_nan=False),
        count=st.integers(-(10**30), 10**30),
        relative=st.booleans(),
        tag=texts,
        groups=st.sampled_from(["incoming", "outgoing", 2, True]),
        title=st.none() | texts,
        limit=st.none() | st.floats(allow_nan=False),
        levels=st.lists(st.floats(allow_nan=False), max_size=3),
        sizes=st.lists(st.integers(), max_size=3),
        **shared,
    ),
)


def fields(regularizer):
    """Every field with its type, which equality alone would not tell (1 == True)."""
    return {
        field.name: (type(getattr(regularizer, field.name)), getattr(regularizer, field.name))
        for field in dataclasses.fields(regularizer)
    }


# Each example reads the metadata of whatever is installed here, so there are fewer of them.
@settings(max_examples=50, deadline=None)
@given(regularizers)
def test_every_field_comes_back(regularizer):
    again = rk.regularizer(str(regularizer), classes=[Everything])
    assert type(again) is type(regularizer)
    assert fields(again) == fields(regularizer)
    assert str(again) == str(regularizer)


def test_what_is_left_at_its_default_is_not_written():
    assert str(rk.L2(5e-4)) == "l2=0.0005"
    assert str(rk.L2(5e-4, on="dense1")) == "l2=0.0005@dense1"
    assert str(rk.L1(1, at_zero=0, mode="prox")) == "l1=1.0,mode=prox,at_zero=0.0"
    written = "everything=1.0,relative=true,groups=2@dense1.weights+biases"
    everything = Everything(relative=True, groups=2, on=["dense1.weights", "biases"])
    assert str(everything) == written
    lists = Everything(levels=[0.5, 1], sizes=(), limit=2)
    assert str(lists) == "everything=1.0,limit=2.0,levels=0.5;1.0,sizes="


@pytest.mark.parametrize("tag", ["a,b", "a=b", "a@b", " a", "a\n", '"a", "b"'])
def test_what_a_spec_cannot_hold_is_written_as_a_table(tag):
    everything = Everything(0.5, tag=tag, sizes=[3], on=["dense1", "biases"], relative=True)
    text = str(everything)
    assert text.startswith('{ name = "everything", strength = 0.5, relative = true, tag = ')
    assert text.endswith(', sizes = [3], on = ["dense1", "biases"] }')
    assert fields(rk.regularizer(text, classes=[Everything])) == fields(everything)


def test_a_file_comes_back_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("start.npz", **{"dense1.weights": np.ones(3)})
    np.save("a=b.npy", np.ones(3))
    for path, text in {
        "start.npz:dense1.weights": "everything=1.0,reference=start.npz:dense1.weights",
        "a=b.npy": '{ name = "everything", strength = 1.0, reference = "a=b.npy" }',
    }.items():
        everything = Everything(reference=path)
        assert str(everything) == text
        assert fields(rk.regularizer(text, classes=[Everything])) == fields(everything)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_spec_or_one_of_regkits_errors(text):
    with contextlib.suppress(rk.errors.RegkitError, rk.errors.RegkitWarning):
        rk.regularizer(text)
