"""A regularizer as a table, and its text, which TOML reads back.

Covers: regkit/regularizers/inline_table.py
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.errors import FieldError, SpecError
from regkit.regularizers.file import File
from regkit.regularizers.inline_table import inline_table, toml_string
from regkit.regularizers.spec import Spec
from regkit.regularizers.table import Table, read

texts = st.text(st.characters(codec="utf-8"), max_size=6)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
values = texts | numbers | st.booleans() | st.lists(numbers, max_size=3).map(tuple)


@given(st.dictionaries(texts, values, max_size=4))
def test_an_inline_table_is_one_line_that_toml_reads_back(keys):
    text = inline_table(keys)
    assert "\n" not in text
    found = tomllib.loads(f"table = {text}")["table"]
    as_tuples = {key: tuple(one) if isinstance(one, list) else one for key, one in found.items()}
    assert {key: (type(one), one) for key, one in as_tuples.items()} == {
        key: (type(one), one) for key, one in keys.items()
    }


@given(texts)
def test_a_string_is_quoted_as_toml_wants_it(text):
    assert tomllib.loads(f"x = {toml_string(text)}") == {"x": text}


def test_a_table_is_kept_in_pythons_own_types():
    keys = {
        "name": "regkit-nn/l2",
        "strength": np.float32(0.5),
        "on": ["dense1", "dense2.weights"],
        "weights": np.arange(3),
        "reference": Path("a/b.npz"),
        "levels": [1, 2.5],
        "schedule": None,
    }
    table = Table.of(keys)
    assert (table.distribution, table.name, table.full_name) == ("regkit-nn", "l2", "regkit-nn/l2")
    assert table.selectors == ("dense1", "dense2.weights")
    assert table.fields == {
        "strength": 0.5,
        "weights": (0, 1, 2),
        "reference": "a/b.npz",
        "levels": (1, 2.5),
    }
    assert hash(table) == hash(Table.of(keys))
    assert Table.of(keys) == Table.of(keys, source=Path("run.toml"))
    assert read(str(table)) == table


def test_a_field_can_be_replaced_and_files_are_found():
    table = Table.of({"name": "l2_sp", "reference": File("a.npz"), "strength": 1})
    assert table.files == (File("a.npz"),)
    assert str(table.with_fields(reference=File("b.npz", "x"))) == (
        '{ name = "l2_sp", reference = "b.npz:x", strength = 1 }'
    )


def test_text_mapping_and_table_are_read():
    assert read("l2=1") == Spec("l2", fields={"strength": "1"})
    table = Table("l2", values=(("strength", 1),))
    assert read({"name": "l2", "strength": 1}) == read(' { name = "l2", strength = 1 } ') == table
    assert read(table) is table


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, r"a regularizer's table needs a name, as in \{ name = .*; got \{\}"),
        ({"strength": 1}, r"needs a name, .*; got \{'strength': 1\}"),
        ({"name": 3}, "needs a name"),
        ({"name": "l 2"}, "'l 2' is not a regularizer's name"),
        ({"name": "l2", "on": []}, "^l2: on must be one or more selectors"),
        ({"name": "l2", "on": 3}, "^l2: on must be one or more selectors"),
        ({"name": "l2", "x": {"a": 1}}, "^l2: x must be text, a number, true or false, or a list"),
        ({"name": "l2", "x": ["a"]}, "^l2: x must be text"),
        ({"name": "l2", "x": np.ones((2, 2))}, "^l2: x must be text"),
        ("{ name = 'l2'", "is not an inline table of TOML, such as"),
        ("{ name = 'l2' }\nx = 1", "is not one inline table of TOML"),
        ("{ name = 'l2', name = 'l1' }", "is not an inline table of TOML"),
        (3, "a spec must be text such as 'l2=0.001@dense1', got 3"),
    ],
)
def test_what_is_no_table_is_refused(given, complaint):
    with pytest.raises((SpecError, FieldError), match=complaint) as caught:
        rk.regularizer(given)
    assert "\n" not in str(caught.value)
