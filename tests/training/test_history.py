"""The history: a list of records that becomes a data frame.

Covers: regkit/data/frame_of_entries.py
"""

import sys

import pandas as pd
import polars as pl
import pytest

import regkit as rk
from regkit.errors import DataError
from regkit.training import History

DATA = rk.datasets.spiral(10, 3)


def history(**more):
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
    arguments = {"regularizers": ["l2=0.1@dense1", "l1=0.01"], "validation": DATA, "epochs": 4}
    return rk.train(model, *DATA, optimizer=rk.SGD(0.1), **{**arguments, **more})


def check_frame(frame, records):
    columns = {name: frame[name].to_list() for name in frame.columns}
    assert columns["epoch"] == [0, 1, 2, 3]
    assert columns["accuracy"] == [record.accuracy for record in records]
    assert columns["penalties.l2@dense1"] == [one.penalties["l2@dense1"] for one in records]
    assert columns["layers.l1.dense2"] == [one.layers["l1"]["dense2"] for one in records]
    assert columns["validation.data_loss"] == [one.validation.data_loss for one in records]
    assert all(isinstance(one, int | float) for values in columns.values() for one in values)


def test_it_is_a_list_and_becomes_a_frame_of_scalars():
    records = history()
    assert isinstance(records, list)
    frame = records.to_frame()
    assert isinstance(frame, pd.DataFrame)
    check_frame(frame, records)


def test_without_pandas_the_frame_is_polars(monkeypatch):
    records = history()
    monkeypatch.setattr("regkit.data.frame_of_entries.find_spec", lambda module: None)
    frame = records.to_frame()
    assert isinstance(frame, pl.DataFrame)
    check_frame(frame, records)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(DataError, match="a data frame of records needs polars"):
        records.to_frame()


def test_it_says_how_it_ended():
    records = history(epochs=40, patience=1, min_delta=10.0)
    assert records.stopped == 1
    shown = repr(records)
    assert shown.startswith("<History: 2 records, the last of epoch 1: accuracy ")
    assert shown.endswith(", stopped early>")
    assert repr(records[0]).startswith("<Record of epoch 0: accuracy ")
    assert "; validation accuracy " in repr(records[0])
    assert repr(History()) == "<History: no records>"
    assert history().stopped is None
    assert history(epochs=1).best_epoch is None
