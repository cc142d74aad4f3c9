"""The best parameters and patience go by epochs, whatever is recorded."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.errors import InputError
from regkit.training.early_stopping import Best, EarlyStopping, Patience

LOSSES = st.lists(st.floats(0, 10), min_size=1)
TRAIN = rk.datasets.spiral(20, 3)
HELD_OUT = rk.datasets.spiral(20, 3, seed=(0, 1))


def network():
    return rk.Model([rk.Dense(2, 16), rk.ReLU(), rk.Dense(16, 3)], rk.SoftmaxCrossEntropy())


def trained(model, epochs=300, **more):
    return rk.train(
        model, *TRAIN, optimizer=rk.Adam(0.05), epochs=epochs, validation=HELD_OUT, **more
    )


def curve(epochs=300, **more):
    """The validation data loss at each epoch and at the end, measured one by one."""
    model = network()
    losses = [record.validation.data_loss for record in trained(model, epochs, **more)]
    return [*losses, model.evaluate(*HELD_OUT).data_loss]


def test_patience_runs_out_after_so_many_epochs_without_improvement():
    patience = Patience(20)
    for epoch, loss in ((0, 1.0), (10, 0.5), (20, 0.6)):
        patience.see(epoch, loss)
    assert patience.stop_epoch is None
    patience.see(30, 0.5)
    assert patience.stop_epoch == 30
    assert (patience.reference, patience.reference_epoch) == (0.5, 10)
    patience.see(31, 0.4)
    assert patience.stop_epoch == 30


def test_an_improvement_by_no_more_than_min_delta_does_not_count():
    patience = Patience(10, min_delta=0.125)
    patience.see(0, 1.0)
    patience.see(5, 0.875)
    assert patience.reference_epoch == 0
    patience.see(6, 0.75)
    assert (patience.reference_epoch, patience.stop_epoch) == (6, None)


@given(LOSSES)
def test_without_patience_it_never_runs_out(losses):
    patience = Patience(None)
    for epoch, loss in enumerate(losses):
        patience.see(epoch, loss)
    assert patience.stop_epoch is None


@given(LOSSES)
def test_the_best_is_the_first_of_the_lowest_whatever_min_delta_is(losses):
    watch = EarlyStopping(5, min_delta=1.0)
    parameters = np.zeros(2)
    for epoch, loss in enumerate(losses):
        parameters[:] = epoch
        watch.see(epoch, loss, parameters)
    assert watch.best.epoch == losses.index(min(losses))
    assert (watch.best.parameters == watch.best.epoch).all()
    again = EarlyStopping(5, min_delta=1.0)
    again.restore(watch.state())
    assert again.patience == watch.patience
    assert again.best == Best(watch.best.loss, watch.best.epoch)


@pytest.mark.parametrize("log_every", [1, 7, 1000])
def test_the_best_of_all_epochs_is_restored_whatever_is_recorded(log_every):
    losses = curve()
    model = network()
    history = trained(model, restore_best=True, log_every=log_every)
    assert history.stopped is None
    assert history.best_epoch == int(np.argmin(losses))
    assert model.evaluate(*HELD_OUT).data_loss == min(losses)


def test_the_state_after_the_last_update_may_be_the_best():
    losses = curve(5)
    assert min(losses) == losses[-1] < losses[-2]
    model = network()
    history = trained(model, 5, restore_best=True, log_every=100)
    assert history.best_epoch == 5
    assert model.evaluate(*HELD_OUT).data_loss == losses[-1]


@pytest.mark.parametrize("log_every", [1, 7, 1000])
@pytest.mark.parametrize("min_delta", [0.0, 0.01])
def test_patience_stops_at_the_epoch_that_brute_force_finds(log_every, min_delta):
    losses = curve(1500)
    reference, since, wanted = np.inf, 0, None
    for epoch, loss in enumerate(losses[:-1]):
        if loss < reference - min_delta:
            reference, since = loss, epoch
        elif epoch - since >= 40:
            wanted = epoch
            break
    assert wanted is not None
    model = network()
    history = trained(model, 1500, patience=40, min_delta=min_delta, log_every=log_every)
    assert history.stopped == wanted
    assert history[-1].epoch == wanted
    assert history[-1].validation.data_loss == losses[wanted]
    # It stops after that epoch's update, as it would at the last one.
    assert model.evaluate(*HELD_OUT).data_loss == losses[wanted + 1]


def test_mini_batches_stop_and_restore_alike():
    def run(**more):
        model = network()
        history = trained(model, 200, batch_size=16, **more)
        return model, history

    _, every_epoch = run()
    losses = [record.validation.data_loss for record in every_epoch]
    model, history = run(restore_best=True, log_every=50)
    least = min(*losses, run()[0].evaluate(*HELD_OUT).data_loss)
    assert model.evaluate(*HELD_OUT).data_loss == least
    assert history.best_epoch in (losses.index(min(losses)), 200)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"patience": 3, "validation": None}, "patience needs validation data"),
        ({"restore_best": True, "validation": None}, "restore_best needs validation data"),
        ({"min_delta": 0.1}, "min_delta applies only with patience"),
        ({"patience": 0}, "patience must be an integer at least 1"),
        ({"patience": 2.5}, "patience must be an integer at least 1"),
        ({"patience": 2, "min_delta": -1}, "min_delta must be finite and at least 0"),
        ({"validation": 0.2}, r"validation must be a pair of arrays \(X, y\), got 0.2"),
        ({"validation": [1, 2, 3]}, "validation must be a pair of arrays"),
    ],
)
def test_what_makes_no_sense_is_refused(more, said):
    arguments = {"validation": HELD_OUT, **more}
    with pytest.raises(InputError, match=said):
        rk.train(network(), *TRAIN, optimizer=rk.Adam(), epochs=2, **arguments)
