"""The plan of a study, and what it depends on."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regkit.errors import InputError
from regkit.runs.config import Config
from regkit.studies.plan import StudyPlan, made_with, settings_of
from regkit.studies.settings import portable

values = st.one_of(
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(max_size=8),
    st.lists(st.integers(0, 9), max_size=3),
)
tables = st.dictionaries(st.text(st.characters(codec="ascii"), min_size=1), values, max_size=4)
plans = st.builds(StudyPlan, st.just("compare"), tables, tables, st.just({"a": {"reg": []}}))


@given(plans)
def test_a_plan_is_the_same_as_what_is_written_of_it(plan):
    text = plan.to_toml()
    assert tomllib.loads(text)["settings"] == dict(plan.settings)
    assert plan.difference(text) is None


def test_what_is_not_unicode_is_refused():
    plan = StudyPlan("compare", {}, {}, {"caf\udce9": {"reg": []}})
    with pytest.raises(InputError, match=r"cannot hold '.*caf\\udce9.*': choose another name"):
        plan.to_toml()


@given(plans, st.text(st.characters(codec="ascii"), min_size=1), values, values)
def test_every_change_is_found(plan, name, before, after):
    old = replace(plan, settings={**plan.settings, name: before})
    new = replace(plan, settings={**plan.settings, name: after})
    said = new.difference(old.to_toml())
    assert (said is None) == (before == after)
    assert said is None or "was" in said
    less = replace(plan, settings={k: v for k, v in plan.settings.items() if k != name})
    assert "not given" in new.difference(less.to_toml())


def test_what_may_grow_is_no_difference_where_it_has_grown():
    small = StudyPlan("sweep", {"trials": 20, "batch": 8}, {"epochs": 3}, growing="trials")
    large = replace(small, options={"trials": 40, "batch": 8})
    assert large.difference(small.to_toml()) is None
    assert large.has_grown_from(small.to_toml())
    assert not large.has_grown_from(large.to_toml())
    assert small.difference(large.to_toml()) == "study.trials was 40, now it is 20"
    assert large.without_growing().to_toml() == small.without_growing().to_toml()
    other = replace(large, settings={"epochs": 4})
    assert other.difference(small.to_toml()) == "settings.epochs was 3, now it is 4"
    fixed = replace(large, growing=None)
    assert fixed.difference(small.to_toml()) == "study.trials was 20, now it is 40"
    assert fixed.without_growing() == fixed


def test_settings_are_those_that_the_trainings_share():
    found = settings_of(Config(seed=3, out="x", epochs=7))
    assert found["epochs"] == 7
    assert not {"seed", "out", "json", "quiet", "reg"} & set(found)


def test_data_and_plugin_files_count_by_their_contents(tmp_path):
    data, plugin = tmp_path / "d.npz", tmp_path / "p.py"
    np.savez(data, X=np.ones((2, 2)), y=[0, 1])
    plugin.write_text("x = 1")
    config = Config(data=str(data))
    first = made_with(config, ["l2=1"], [plugin])
    assert {"regkit", "numpy", "l2", "d.npz", "p.py"} <= set(first)
    assert made_with(config, ["l2=1"], [plugin]) == first
    plugin.write_text("x = 2")
    np.savez(data, X=np.zeros((2, 2)), y=[0, 1])
    second = made_with(config, ["l2=1"], [plugin])
    assert {name for name in first if first[name] != second[name]} == {"d.npz", "p.py"}
    assert "scikit-learn" in made_with(Config(data="sklearn:wine"), [], [])
    assert "numba" not in made_with(Config(kernels="numpy"), [], [])


def test_files_of_one_name_are_told_apart(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "d.csv").write_text(f"x,y\n{folder},1\n")
    config = Config(data=str(tmp_path / "a/d.csv"), test=str(tmp_path / "b/d.csv"))
    first = made_with(config, [], [])
    for folder, name in (("a", "d.csv"), ("b", "d.csv (2)")):
        (tmp_path / folder / "d.csv").write_text("x,y\n2,2\n")
        second = made_with(config, [], [])
        assert {one for one in first if first[one] != second[one]} == {name}
        first = second


def test_files_of_regularizers_count_by_their_contents(tmp_path):
    mask = tmp_path / "mask.npy"
    config = Config(reg=("none", f"support,of={mask}@dense1.weights"))
    found = []
    for value in (0, 1):
        np.save(mask, np.full((2, 64), value))
        found.append(made_with(config, portable(config, []).reg, []))
    assert found[0]["mask.npy"] != found[1]["mask.npy"]
