"""When a run has stopped getting better."""

import pytest

from regkit.runs.patience import Patience


def test_patience_runs_out_after_so_many_epochs_without_improvement() -> None:
    patience = Patience(20)
    seen = [patience.see(epoch, loss) for epoch, loss in ((0, 1.0), (10, 0.5), (20, 0.6))]
    assert seen == [True, True, False]
    assert patience.stop_epoch is None
    patience.see(30, 0.5)
    assert patience.stop_epoch == 30
    assert (patience.best, patience.best_epoch) == (0.5, 10)


def test_an_improvement_by_no_more_than_min_delta_does_not_count() -> None:
    patience = Patience(10, min_delta=0.125)
    patience.see(0, 1.0)
    assert not patience.see(5, 0.875)
    assert patience.see(6, 0.75)
    assert patience.stop_epoch is None


def test_the_epoch_at_which_patience_ran_out_stays() -> None:
    patience = Patience(1)
    for epoch, loss in ((0, 1.0), (1, 2.0), (2, 0.5), (3, 3.0)):
        patience.see(epoch, loss)
    assert patience.stop_epoch == 1


@pytest.mark.parametrize("losses", [[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
def test_without_patience_only_the_best_is_kept_track_of(losses: list[float]) -> None:
    patience = Patience(None)
    for epoch, loss in enumerate(losses):
        patience.see(epoch, loss)
    assert patience.stop_epoch is None
    assert patience.best_epoch == losses.index(min(losses))
