"""A class whose own methods do not fit each other is refused when it is used."""

from __future__ import annotations

import numpy as np
import pytest

import regkit as rk
from regkit.errors import PluginError
from regkit.hooks import RunHooks


class Fourth(rk.Regularizer):
    """Σw⁴, with everything that may be defined."""

    def value(self, w):
        return float(np.sum(w**4))

    def grad(self, w):
        return 4 * w**3

    def grad_into(self, w, scale, out):
        out += 4 * scale * w**3

    def prox(self, w, step):
        return w


def overriding(base, *names):
    """A subclass that defines these names anew, each alike."""
    return type("Mine", (base,), {name: getattr(Fourth, name) for name in names})


INHERITED = {
    ("grad",): "Mine overrides grad, but inherits the grad_into that Fourth wrote for its own",
    ("value",): "Mine overrides value, but inherits the grad_into that Fourth wrote for its own",
    ("value", "grad"): "Mine overrides value, but inherits the grad_into",
    ("grad", "grad_into"): "Mine overrides grad, but inherits the prox that Fourth wrote",
    ("value", "grad", "grad_into"): "Mine overrides value, but inherits the prox",
    ("value", "prox"): "Mine overrides value, but inherits the grad_into",
}


@pytest.mark.parametrize(("names", "problem"), INHERITED.items(), ids=map("+".join, INHERITED))
def test_what_was_written_for_a_parents_formulas_is_refused(layer, names, problem):
    class Base(Fourth):
        """A parent that changes nothing."""

    for parent in (Fourth, Base):
        with pytest.raises(PluginError) as caught:
            RunHooks([rk.L2(), overriding(parent, *names)(label="mine")], [layer])
        message = str(caught.value)
        assert message.startswith(f"regularizer 'mine': {problem}")
        assert "\n" not in message
        [inherited] = {one for one in ("grad_into", "prox") if f"the {one} that" in message}
        assert message.endswith(f"override {inherited} too, or set {inherited} = None")


def test_what_fits_is_not(layer):
    complete = overriding(Fourth, "value", "grad", "grad_into", "prox")
    only_faster = overriding(Fourth, "grad_into")
    without = type("Without", (overriding(Fourth, "grad"),), {"grad_into": None, "prox": None})
    below = type("Below", (complete,), {"shift": 1.0})
    hooks = RunHooks([complete(), only_faster(), without(), below()], [layer])
    hooks.add_gradients()
    np.testing.assert_allclose(
        layer.accumulation.sums["weights"], 16 * layer.params["weights"] ** 3, rtol=1e-12
    )


def test_formulas_below_an_abstract_one_are_the_first(layer):
    """A parent that defines no formulas wrote its `prox` for whatever the child has."""

    class Shared(rk.Regularizer):
        def grad_into(self, w, scale, out):
            out += scale * self.grad(w)

        def prox(self, w, step):
            return w

    RunHooks([overriding(Shared, "value", "grad")()], [layer])


@pytest.mark.parametrize(
    "function",
    [
        lambda self, w, scale: None,
        lambda self, w, scale, out, chunk: None,
        lambda self, w: None,
    ],
)
def test_grad_into_takes_exactly_its_three(layer, function):
    mine = type("Mine", (Fourth,), {"grad_into": function})
    with pytest.raises(PluginError) as caught:
        RunHooks([mine(label="mine")], [layer])
    assert str(caught.value) == (
        "regularizer 'mine': Mine.grad_into must take exactly (w, scale, out)"
    )


FILE = '''
import numpy as np
from regkit import L2, Regularizer


class Wrong(L2):
    """Overrides the gradient alone."""

    def grad(self, w):
        return 3 * w


class Odd(Regularizer):
    """Takes other parameters."""

    def value(self, w):
        return 0.0

    def grad(self, w):
        return 0 * w

    def grad_into(self, w, scale, out, buffer):
        pass


class Good(Regularizer):
    """Nothing is wrong with this one."""

    def value(self, w):
        return float(np.sum(w**2))

    def grad(self, w):
        return 2 * w
'''


def test_other_classes_of_a_file_are_unaffected(train_here, workplace):
    (workplace / "mine.py").write_text(FILE, encoding="utf-8")
    good = train_here("--json", "--plugin-file", "mine.py", "--reg", "good=0.1")
    assert list(good.penalties) == ["good"]
    for spec, problem in (
        ("wrong=0.1", "Wrong overrides grad, but inherits the grad_into that WithLinearGradient"),
        ("odd=0.1", "Odd.grad_into must take exactly (w, scale, out)"),
    ):
        outcome = train_here("--plugin-file", "mine.py", "--reg", "good=0.1", "--reg", spec)
        assert outcome.code == 2
        assert problem in outcome.error
        assert f"regularizer '{spec.partition('=')[0]}'" in outcome.error
