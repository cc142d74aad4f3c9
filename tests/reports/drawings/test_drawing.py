import itertools

from regkit.reports.drawings.drawing import MOST_MARKS, spread


def test_few_points_all_tell_their_values_and_many_are_spread_with_both_ends():
    assert spread(3) == [0, 1, 2]
    places = spread(10_000)
    assert len(set(places)) == MOST_MARKS
    assert (places[0], places[-1]) == (0, 9999)
    assert spread(100, 3) == [0, 50, 99]
    gaps = {after - before for before, after in itertools.pairwise(places)}
    assert max(gaps) - min(gaps) <= 1
