"""Numbers of things in words."""

from regkit.studies.counts import counted


def test_one_is_singular_and_everything_else_plural():
    found = [counted(number, "seed") for number in (0, 1, 2)]
    assert found == ["0 seeds", "1 seed", "2 seeds"]
