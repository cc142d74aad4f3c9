"""Arms of a comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.errors import ConfigError, InputError
from regkit.runs.config import Config
from regkit.studies.arms import Arm, arm_of, arms_of, leave_one_out, require_arms


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


@pytest.mark.parametrize("text", ["", "  ", "name:", ":l2=1"])
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
    assert list(map(str, found[2].reg)) == ["l2=0.5@dense1", '{name = "l1", strength = 1.0}'] or (
        rk.regularizer(found[2].reg[1]).strength == 1.0
    )
    config = found[3].config(Config(epochs=7))
    assert (config.hidden, config.batch_size, config.epochs, config.reg) == ((3,), 4, 7, ("l2=1",))
    assert found[0].config(Config()).reg == ("none",)


@pytest.mark.parametrize(
    ("arms", "message"),
    [
        ({"a": "l2=1"}, "must be a list of regularizers"),
        ({"a": [3]}, "is no spec, table or regularizer"),
        ({"a": {"reg": [], "seed": 3}}, "seed must be the same in every arm"),
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


def test_leaving_one_out():
    found = leave_one_out(("l1=1", "l2=2", "l2=3@dense1"))
    assert [(arm.name, arm.reg) for arm in found] == [
        ("all", ("l1=1", "l2=2", "l2=3@dense1")),
        ("without l1=1", ("l2=2", "l2=3@dense1")),
        ("without l2=2", ("l1=1", "l2=3@dense1")),
        ("without l2=3@dense1", ("l1=1", "l2=2")),
    ]
    assert require_arms(found, None) == "all"


def test_the_baseline():
    arms = arms_of({"a": ["l1=1"], "none": []})
    assert require_arms(arms, None) == "none"
    assert require_arms(arms, "a") == "a"
    with pytest.raises(InputError, match="the baseline 'b' is no arm"):
        require_arms(arms, "b")
    with pytest.raises(InputError, match="'a' is given twice"):
        require_arms([*arms, arms[0]], None)
    with pytest.raises(InputError, match="'a' and 'c' are the same"):
        require_arms([*arms, Arm("c", ("l1=1",))], None)
    with pytest.raises(InputError, match="at least two arms"):
        require_arms(arms[:1], None)


def test_tuning_covers_ranges_or_scales_all_strengths():
    def tried(reg, tune):
        return Arm("a", reg).candidates(Config(), tune)

    assert [one for one, _ in tried(("l2=1e-4..1e-2",), 3)] == [
        {"l2": pytest.approx(1e-4)},
        {"l2": pytest.approx(1e-3)},
        {"l2": pytest.approx(1e-2)},
    ]
    scaled = tried(("l1=1e-3", "l2=1e-1"), 3)
    assert [one["l1"] for one, _ in scaled] == pytest.approx([1e-5, 1e-3, 1e-1])
    assert [one["l2"] for one, _ in scaled] == pytest.approx([1e-3, 1e-1, 10])
    strengths = [rk.regularizer(config.reg[1]).strength for _, config in scaled]
    assert strengths == [one["l2"] for one, _ in scaled]
    jointly = tried(("elastic_net=1e-4..1,l1_ratio=0..1", "l2=0.5"), 6)
    assert len(jointly) == 6
    assert all(config.reg[1] == "l2=0.5" for _, config in jointly)
    assert len({one["elastic_net l1_ratio"] for one, _ in jointly}) == 6
    assert tried((), 3) == [({}, Config(reg=("none",)))]
    assert len(tried(("max_norm,radius=1.0@dense1.weights",), 3)) == 1


@pytest.mark.parametrize(
    ("reg", "tune", "message"),
    [(("l1=1..2",), None, "leaves a number open"), (("l1=auto",), 3, "auto is for regkit path")],
)
def test_numbers_left_open_need_tuning(reg, tune, message):
    with pytest.raises(InputError, match=message):
        Arm("a", reg).candidates(Config(), tune)
