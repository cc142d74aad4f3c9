"""The weight decay that AdamW has where none is given, as `docs/conversions.md` states it."""

import inspect

import keras
import optax
import pytest
import torch
from adapters.test_conversions import PAGE

(STATED,) = (
    {library: (float(decay), float(strength)) for library, decay, strength in rows}
    for header, *rows in PAGE.tables
    if header[0] == "`AdamW` of"
)
ADAMW = {"PyTorch": torch.optim.AdamW, "Keras": keras.optimizers.AdamW, "optax": optax.adamw}


@pytest.mark.parametrize("library", ADAMW)
def test_the_decay_without_a_number(library):
    decay = inspect.signature(ADAMW[library]).parameters["weight_decay"].default
    assert STATED[library] == (decay, decay / 2)


def test_nothing_else_is_stated():
    assert STATED.keys() == ADAMW.keys()
