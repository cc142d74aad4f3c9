"""Settings, as configuration files and flags give them.

Covers: regkit/cli/train_options.py, regkit/runs/settings.py
"""

import dataclasses
import tomllib
from dataclasses import replace
from typing import Literal, get_args, get_origin

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from regkit.cli.train import train
from regkit.errors import RegkitError
from regkit.regularizers.table import Table
from regkit.runs.config import Config
from regkit.runs.config_file import config_from_file, toml_of
from regkit.runs.settings import settings

ABOUT_ONE_CALL = {"plugin-file", "force", "print-config", "debug", "help"}


texts = st.text(st.characters(codec="utf-8"), max_size=5)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
tables = st.builds(
    Table,
    st.just("l2"),
    st.none() | st.just("regkit-nn"),
    st.dictionaries(
        texts.filter(lambda key: key not in ("name", "on")),
        texts | numbers | st.booleans() | st.lists(numbers, max_size=3).map(tuple),
        max_size=3,
    ).map(lambda fields: tuple(fields.items())),
    st.none() | st.just(("dense1", "dense*.weights")),
)


def values_of(setting):
    """Any value that a setting's type allows."""
    kinds = {
        int: st.integers(-(2**63), 2**63 - 1),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        str: st.text(st.characters(codec="utf-8"), max_size=5),
    }
    if setting.name == "reg":
        return st.lists(kinds[str] | tables, max_size=3).map(tuple)
    if get_origin(setting.kind) is Literal:
        found = st.sampled_from(get_args(setting.kind))
    elif get_origin(setting.kind) is tuple:
        found = st.lists(kinds[get_args(setting.kind)[0]], max_size=3).map(tuple)
    else:
        found = kinds[setting.kind]
    return found | st.none() if setting.optional else found


@given(st.builds(Config, **{one.name: values_of(one) for one in settings()}))
def test_what_is_written_is_read_back(tmp_path_factory, config):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(toml_of(config), encoding="utf-8", newline="")
    assert config_from_file(path) == config


def test_every_flag_has_a_key_and_every_key_a_flag():
    flags = {
        flag.removeprefix("--")
        for option in train.get_params(click.Context(train))
        if isinstance(option, click.Option)
        for flag in option.opts
        if flag.startswith("--")
    }
    keys = {setting.key for setting in settings()}
    assert flags - ABOUT_ONE_CALL == keys - {"data"}
    assert flags >= ABOUT_ONE_CALL
    assert {setting.name for setting in settings()} == {
        one.name for one in dataclasses.fields(Config)
    }


def test_help_shows_each_setting_with_its_group():
    shown = CliRunner().invoke(train, ["--help"]).output
    for setting in settings():
        assert f"{setting.about.group}:" in shown
        assert setting.name == "data" or f"--{setting.key}" in shown


@pytest.fixture
def printed(tmp_path, monkeypatch):
    """The settings that `regkit train … --print-config` prints."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        done = CliRunner().invoke(train, [*arguments, "--print-config"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        (tmp_path / "printed.toml").write_text(done.output, encoding="utf-8")
        return config_from_file(tmp_path / "printed.toml")

    return run


def test_defaults_are_the_chapters_job(printed):
    assert printed() == Config()


def test_flags_go_before_the_file_and_the_file_before_defaults(printed, tmp_path):
    (tmp_path / "run.toml").write_text("lr = 0.5\nseed = 7\nstandardize = false\nhidden = []\n")
    assert printed("run.toml") == Config(lr=0.5, seed=7, standardize=False, hidden=())
    assert printed("run.toml", "--lr", "0.25") == Config(
        lr=0.25, seed=7, standardize=False, hidden=()
    )
    typed = printed("run.toml", "--lr", "0.05", "--standardize", "--hidden", "64")
    assert typed == Config(seed=7)


def test_data_go_before_the_files_in_either_order(printed, tmp_path):
    (tmp_path / "run.toml").write_text("data = 'sine'\nepochs = 3\n")
    assert printed("run.toml") == Config(data="sine", epochs=3)
    assert printed("run.toml", "vertical") == printed("vertical", "run.toml")
    assert printed("run.toml", "vertical") == Config(data="vertical", epochs=3)


def test_flags_reach_the_settings_of_their_names(printed):
    line = (
        "t.csv --target y --task regression --drop a --drop b --categorical c --no-header --val 0 "
        "--sep ; --decimal , --thousands . --encoding cp1252 --na ? --na -9 --comment # "
        "--group who --val-last --val-file v.csv --unknown ignore --class-weight balanced "
        "--test u.csv --no-standardize --impute mean --hidden 8,4 --init he --dtype float64 "
        "--activation tanh --dropout 0.5 --lr-schedule warmup:3 "
        "--reg l1=0.1 --reg l2=0.2 --optimizer sgd --momentum 0.9 --lr 1 --decay 0 --epochs 5 "
        "--batch-size 16 --seed 3 --patience 9 --min-delta 0.5 --out runs/a --log-every 2 --json -q"
    )
    expected = Config(
        data="t.csv",
        target="y",
        task="regression",
        drop=("a", "b"),
        categorical=("c",),
        header=False,
        val=0.0,
        sep=";",
        decimal=",",
        thousands=".",
        encoding="cp1252",
        na=("?", "-9"),
        comment="#",
        group="who",
        val_last=True,
        val_file="v.csv",
        unknown="ignore",
        class_weight="balanced",
        activation="tanh",
        dropout=0.5,
        lr_schedule="warmup:3",
        test="u.csv",
        standardize=False,
        impute="mean",
        hidden=(8, 4),
        init="he",
        dtype="float64",
        reg=("l1=0.1", "l2=0.2"),
        optimizer="sgd",
        momentum=0.9,
        lr=1.0,
        decay=0.0,
        epochs=5,
        batch_size=16,
        seed=3,
        patience=9,
        min_delta=0.5,
        out="runs/a",
        log_every=2,
        json=True,
        quiet=True,
    )
    assert printed(*line.split()) == expected


def test_two_files_or_two_sets_of_data_are_refused():
    for arguments in (["a.toml", "b.toml"], ["spiral", "sine"]):
        done = CliRunner().invoke(train, arguments)
        assert done.exit_code == 2
        assert "at most one configuration file (.toml) and one DATA" in done.output


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "run.toml").write_bytes(b"\xef\xbb\xbfseed = 1\n")
    assert config_from_file(tmp_path / "run.toml") == Config(seed=1)


def test_a_whole_number_does_for_a_number(tmp_path):
    (tmp_path / "run.toml").write_text("lr = 1\n")
    lr = config_from_file(tmp_path / "run.toml").lr
    assert (lr, type(lr)) == (1.0, float)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RegkitError, match=r"run\.toml cannot be read: No such file"):
        config_from_file(tmp_path / "run.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(RegkitError, match=r"folder\.toml is a folder, not a regular file"):
        config_from_file(tmp_path / "folder.toml")


def test_what_is_printed_says_all_that_is_not_left_to_regkit():
    written = tomllib.loads(toml_of(replace(Config(), target="y")))
    absent = {one.key for one in settings()} - set(written)
    assert absent == {one.key for one in settings() if one.default is None and one.name != "target"}
