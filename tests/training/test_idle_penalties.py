"""A penalty whose hooks answer for no layer does nothing, and that is told, once."""

import warnings

import regkit as rk


class Balance(rk.Regularizer):
    """Needs weights and biases together, and by default selects weights only."""

    def penalty(self, layer):
        chosen = self.selected(layer)
        if len(chosen) < 2:
            return None
        return self.strength_for(layer) * float(chosen["weights"].sum() + chosen["biases"].sum())

    def penalty_grad(self, layer):
        chosen = self.selected(layer)
        if len(chosen) < 2:
            return None
        return {name: 0 * array + self.strength_for(layer) for name, array in chosen.items()}


def warned(*regularizers):
    X, y = rk.datasets.spiral(samples=10, classes=3)
    model = rk.Model([rk.Dense(2, 4), rk.ReLU(), rk.Dense(4, 3)], rk.SoftmaxCrossEntropy())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rk.train(model, X, y, optimizer=rk.Adam(), regularizers=regularizers, epochs=3)
    return [str(one.message) for one in caught]


def test_hooks_that_return_none_for_every_layer_are_told_once():
    [message] = warned("l2=1e-3", Balance(1e-3))
    assert message.startswith("balance answers for no layer, so that it does nothing")


def test_one_that_answers_somewhere_is_not_told():
    assert warned(Balance(1e-3, on="dense2")) == []
