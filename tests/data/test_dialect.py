"""What a dialect refuses."""

import pytest

from regkit.data import Dialect
from regkit.errors import InputError


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sep": ""}, "sep must be one character"),
        ({"sep": "||"}, "sep must be one character"),
        ({"sep": '"'}, "sep must be one character"),
        ({"sep": "\n"}, "sep must be one character"),
        ({"sep": "5"}, "sep must be one character"),
        ({"sep": "-"}, "sep must be one character"),
        ({"decimal": ";"}, "decimal must be '.' or ','"),
        ({"thousands": "000"}, "thousands must be one character"),
        ({"thousands": "1"}, "thousands must be one character"),
        ({"thousands": ",", "decimal": ","}, "decimal and thousands must differ, got ','"),
        ({"encoding": "utf-9"}, "encoding 'utf-9' is not known: use for example utf-8, latin-1"),
        ({"encoding": "base64"}, "encoding 'base64' is not known"),
        ({"comment": " "}, "comment must be a text such as '#'"),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        Dialect(**options)


def test_one_thing_has_one_form():
    assert Dialect(sep="tab") == Dialect(sep="\t") == Dialect(sep="\\t")
    assert Dialect(sep="space") == Dialect(sep=" ")
    assert Dialect(thousands="space") == Dialect(thousands=" ")
    assert Dialect(na=(" ? ",)) == Dialect(na=("?",))


@pytest.mark.parametrize(
    ("options", "decimal"),
    [
        ({}, None),
        ({"decimal": ","}, ","),
        ({"thousands": "."}, ","),
        ({"thousands": ","}, "."),
        ({"thousands": "'"}, "."),
        ({"thousands": "'", "decimal": ","}, ","),
    ],
)
def test_thousands_imply_the_decimal_separator(options, decimal):
    assert Dialect(**options).known_decimal == decimal
