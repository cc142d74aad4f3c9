"""`regkit new`: what it writes, and what it refuses."""

import pytest


def test_it_lists_what_it_wrote_and_what_to_do_next(regkit, workplace):
    done = regkit("new", "soft_clip")
    assert done.code == 0
    assert (workplace / "regkit-soft-clip" / "regkit_soft_clip.py").is_file()
    *wrote, after = done.out.splitlines()
    assert all((workplace / line.removeprefix("wrote ")).is_file() for line in wrote)
    assert after == "next: pip install -e './regkit-soft-clip[test]' && pytest regkit-soft-clip"


def test_the_second_time_is_an_error(regkit):
    assert regkit("new", "huber").code == 0
    done = regkit("new", "huber")
    assert done.code == 2
    assert "nothing is overwritten" in done.error


def test_a_bad_name_is_an_error(regkit, workplace):
    done = regkit("new", "My-Penalty")
    assert done.code == 2
    assert "try 'my_penalty'" in done.error
    assert not list(workplace.iterdir())


@pytest.mark.parametrize(
    ("name", "rule"), [("class", "no word of Python's own"), ("3d", "a letter")]
)
def test_the_error_names_the_rule_that_a_name_breaks(regkit, name, rule):
    done = regkit("new", name)
    assert done.code == 2
    assert rule in done.error


def test_a_file_of_the_folders_name_is_left_alone(regkit, workplace):
    (workplace / "regkit-mine").write_text("mine")
    done = regkit("new", "mine")
    assert done.code == 2
    assert "regkit-mine already exists, and nothing is overwritten" in done.error
    assert (workplace / "regkit-mine").read_text() == "mine"
