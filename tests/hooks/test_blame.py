"""Finding out whose hook it was: each implementation is called on its own."""

from __future__ import annotations

import numpy as np
import pytest

import regkit as rk
from regkit.errors import RegularizerError
from regkit.hooks import RunHooks


class Failing(rk.L2):
    """Fails whatever it is given."""

    def grad_into(self, w, scale, out):
        raise OSError("disk on fire")


@pytest.mark.parametrize(
    ("on", "parameter"), [("dense2.biases", "biases"), ("weights", "weights"), ("dense1", None)]
)
def test_the_parameter_is_named_where_there_is_but_one(layers, on, parameter):
    hooks = RunHooks([rk.L1(), Failing(on=on)], layers)
    with pytest.raises(RegularizerError) as caught:
        hooks.add_gradients()
    error = caught.value
    assert (error.hook, error.parameter, error.distribution) == ("penalty_grad", parameter, None)
    assert error.layer == ("dense2" if "2" in on else "dense1")
    assert error.plugin == f"failing@{on}".removesuffix("@weights")
    assert isinstance(error.__cause__, OSError)


def test_a_fault_that_does_not_show_again_is_narrowed_down(layers):
    class Once:
        calls = 0

        @rk.hookimpl
        def penalty(self, layer):
            Once.calls += 1
            if Once.calls == 1:
                raise KeyError("gone")
            return 0.0

        @rk.hookimpl
        def penalty_grad(self, layer):
            return {}

    hooks = RunHooks([rk.L2(), Once()], layers)
    with pytest.raises(RegularizerError) as caught:
        hooks.penalties()
    assert "raised KeyError: 'gone', but not when called again" in str(caught.value)
    assert "'l2 or once'" in str(caught.value)


def test_only_those_that_were_called_are_blamed(layers):
    """A penalty in mode `loss` has no prox, and nobody asked it for one."""

    class NoProx(rk.Regularizer):
        def value(self, w):
            return 0.0

        def grad(self, w):
            return 0 * w

    class BadProx(rk.L2):
        def prox(self, w, step):
            return w[:0]

    hooks = RunHooks([NoProx(), BadProx(mode="prox")], layers)
    with pytest.raises(RegularizerError) as caught:
        hooks.points(0.1)
    assert caught.value.plugin == "bad_prox"


@pytest.mark.parametrize(("size", "blamed"), [(1e7, True), (1e9, False)])
def test_what_is_not_finite_is_the_plugins_fault_while_parameters_are_sane(layers, size, blamed):
    class Overflows(rk.Regularizer):
        def value(self, w):
            return float("inf")

        def grad(self, w):
            return np.full_like(w, np.inf)

        def prox(self, w, step):
            return np.full_like(w, np.inf)

    for layer in layers:
        layer.params["weights"].base[...] = size
    for calls in (
        RunHooks([Overflows()], layers).penalties,
        lambda: RunHooks([Overflows(mode="prox")], layers).points(0.1),
    ):
        if blamed:
            with pytest.raises(RegularizerError, match="'overflows'"):
                calls()
        else:
            calls()
