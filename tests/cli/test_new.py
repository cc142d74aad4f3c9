"""`regkit new`: what it writes, and what it refuses."""


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
