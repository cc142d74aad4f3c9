"""Arms of a comparison."""

import tomllib

import numpy as np
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.errors import ConfigError, InputError
from regkit.regularizers.inline_table import toml_string
from regkit.regularizers.table import read
from regkit.runs.config import Config
from regkit.studies.comparisons.arms import Arm, arm_of, arms_of, leave_one_out
from regkit.studies.comparisons.distinct_arms import baseline_of
from regkit.studies.settings import as_config, portable


@pytest.mark.parametrize(
    ("text", "name", "reg"),
    [
        ("none", "none", ()),
        ("  l2=5e-4@dense1 ", "l2=5e-4@dense1", ("l2=5e-4@dense1",)),
        ("l1=1e-4   l2=1e-4", "l1=1e-4 l2=1e-4", ("l1=1e-4", "l2=1e-4")),
        ("both: l1=1 l2=2", "both", ("l1=1", "l2=2")),
        ("without: none", "without", ()),
        ("l1=1,schedule=ramp:0:5", "l1=1,schedule=ramp:0:5", ("l1=1,schedule=ramp:0:5",)),
        ("x:l1=1,schedule=ramp:0:5", "x", ("l1=1,schedule=ramp:0:5",)),
        (
            't: { name = "l2", strength = 1.0 } l1=1',
            "t",
            ('{ name = "l2", strength = 1.0 }', "l1=1"),
        ),
        (
            """{ name = "l2", label = "a: } 'b" }  {name='l1',label='c " {'}""",
            """{ name = "l2", label = "a: } 'b" } {name='l1',label='c " {'}""",
            ("""{ name = "l2", label = "a: } 'b" }""", """{name='l1',label='c " {'}"""),
        ),
    ],
)
def test_the_text_of_an_arm(text, name, reg):
    assert arm_of(text) == Arm(name, reg)


@given(
    st.text("abcXYZ09 -_", min_size=1).filter(str.strip),
    st.lists(st.sampled_from(["l1=1", "l2=0.5@dense1", "l1=2,schedule=from:3"]), min_size=1),
)
def test_a_name_and_specs_are_read_back(name, specs):
    assert arm_of(f"{name}: {' '.join(specs)}") == Arm(name.strip(), tuple(specs))


@given(
    st.lists(
        st.builds(
            lambda label, strength: str(rk.L2(strength, on="dense1", label=label)),
            st.text("ab {}\"'\\:", min_size=1).filter(lambda one: one == one.strip()),
            st.floats(0, 10),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_inline_tables_are_kept_whole_whatever_their_texts(specs):
    tables = [str(read(f'{{ name = "l2", label = {toml_string(one)} }}')) for one in specs]
    assert arm_of(" ".join(tables)).reg == tuple(tables)


@pytest.mark.parametrize("text", ["", "  ", "name:", ":l2=1", "none l2=1"])
def test_an_arm_needs_a_name_before_its_colon_and_specs(text):
    with pytest.raises(InputError, match="--arm"):
        arm_of(text)


def test_arms_of_a_mapping():
    found = arms_of(
        {
            "none": [],
            "also": ["none"],
            "objects": [rk.L2(0.5, on="dense1"), {"name": "l1", "strength": 1.0}],
            "own": {"reg": ["l2=1"], "hidden": [3], "batch_size": 4},
        }
    )
    assert [arm.reg for arm in found[:2]] == [(), ()]
    assert list(map(str, found[2].reg)) == ["l2=0.5@dense1", '{ name = "l1", strength = 1.0 }']
    config = found[3].config(Config(epochs=7))
    assert (config.hidden, config.batch_size, config.epochs, config.reg) == ((3,), 4, 7, ("l2=1",))
    assert found[0].config(Config()).reg == ("none",)


@pytest.mark.parametrize(
    ("arms", "message"),
    [
        ({"a": "l2=1"}, "must be a list of regularizers"),
        (["l2=1"], "arms must be lists of regularizers by name"),
        ({" ": []}, "an arm must have a name"),
        ({"a": ["l2=1", "none"]}, "'none' means no regularizer: give it alone"),
        ({"a": [3]}, "is no spec, table or regularizer"),
        ({"a": {"reg": [], "seed": 3}}, "leave out the setting seed"),
        ({"a": {"reg": [], "data": "sine"}}, "data must be the same in every arm"),
        ({"a": {"reg": [], "val": 0.5}}, "val must be the same in every arm"),
        ({"a": {"reg": [], "hiden": [3]}}, "unknown setting 'hiden': did you mean 'hidden'"),
        ({"a": {"reg": [], "lr": "x"}}, "arm 'a': lr must be a number"),
    ],
)
def test_what_is_no_arm_is_one_line(arms, message):
    with pytest.raises((InputError, ConfigError), match=message) as caught:
        arms_of(arms)
    assert "\n" not in str(caught.value)


def test_settings_of_an_arm_are_plain_data():
    own = {"lr": np.float32(0.5), "hidden": np.array([3, 4]), "patience": None, "batch_size": 2}
    (arm,) = arms_of({"a": {"reg": [], **own}})
    table = {"lr": 0.5, "hidden": [3, 4], "patience": "none", "batch-size": 2}
    assert tomllib.loads(tomli_w.dumps(arm.as_table())) == {"reg": [], **table}
    config = arm.config(Config(patience=5))
    assert (config.lr, config.hidden, config.patience) == (0.5, (3, 4), None)


def test_files_of_arms_are_relative_to_their_configuration(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    np.save(tmp_path / "start.npy", np.ones((2, 3)))
    table = '{ name = "l2_sp", strength = "0.1..1", reference = "start.npy" }'
    text = f"""
        [arms]
        short = [{table}]
        [arms.long]
        reg = ["l1=1..2", {table}]
        hidden = [3]
    """
    (tmp_path / "run.toml").write_text(text)
    monkeypatch.chdir(tmp_path / "elsewhere")
    _, given = as_config(tmp_path / "run.toml")
    for arm in arms_of(given):
        for _, config in arm.candidates(Config(), 2):
            made = [rk.regularizer(one) for one in portable(config, ()).reg]
            assert made[-1].reference.array.shape == (2, 3)
    (tmp_path / "run.toml").write_text("arms.a = [{ strength = 1 }]")
    with pytest.raises(ConfigError, match=r"run.toml: a regularizer's table needs a name"):
        as_config(tmp_path / "run.toml")


def test_leaving_one_out():
    found = leave_one_out(("l1=1", "l2=2", "l2=3@dense1"))
    assert [(arm.name, arm.reg) for arm in found] == [
        ("all", ("l1=1", "l2=2", "l2=3@dense1")),
        ("without l1=1", ("l2=2", "l2=3@dense1")),
        ("without l2=2", ("l1=1", "l2=3@dense1")),
        ("without l2=3@dense1", ("l1=1", "l2=2")),
    ]
    assert baseline_of(found, None) == "all"


def test_an_arm_is_tuned_if_that_is_asked_for():
    arm = Arm("a", ("l2=1e-4",), {"epochs": 7})
    assert arm.candidates(Config(), None) == [({}, Config(epochs=7, reg=("l2=1e-4",)))]
    assert [one for one, _ in arm.candidates(Config(), 3)] == [
        {"l2": pytest.approx(strength)} for strength in (1e-6, 1e-4, 1e-2)
    ]
    assert Arm("none", ()).candidates(Config(), 3) == [({}, Config(reg=("none",)))]


@pytest.mark.parametrize(
    ("reg", "tune", "message"),
    [(("l1=1..2",), None, "leaves a number open"), (("l1=auto",), 3, "auto is for regkit path")],
)
def test_numbers_left_open_need_tuning(reg, tune, message):
    with pytest.raises(InputError, match=message):
        Arm("a", reg).candidates(Config(), tune)
