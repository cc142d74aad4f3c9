"""A hook that fails in a run: the error names plugin, distribution, hook, layer and parameter."""

from __future__ import annotations

import pytest

BODIES = {"penalty": "return 0.0", "penalty_grad": "return {}", "penalty_prox": "return {}"}


def plugin(**bodies: str) -> str:
    """A raw plugin's source, some of its hooks having another body."""
    hooks = [
        f"    @regkit.hookimpl\n    def {name}(self, layer{', step' * (name == 'penalty_prox')}):\n"
        f"        w = layer.params['weights']\n        {body}\n"
        for name, body in (BODIES | bodies).items()
    ]
    return (
        "import sys\nimport numpy as np\nimport regkit\n\n\nclass Faulty:\n"
        "    def __init__(self, *, mode='loss'):\n        self.mode = mode\n\n" + "\n".join(hooks)
    )


FAULTS = {
    "penalty raises": ({"penalty": "raise ValueError('boom')"}, "raised ValueError: boom", None),
    "penalty exits": ({"penalty": "sys.exit(0)"}, "raised SystemExit: 0", None),
    "penalty is an array": (
        {"penalty": "return np.ones(2)"},
        "returned ndarray array([1., 1.]) instead of a float",
        None,
    ),
    "penalty is text": ({"penalty": "return '1'"}, "returned str '1' instead of a float", None),
    "penalty is complex": ({"penalty": "return 1j"}, "returned complex 1j", None),
    "penalty is NaN": ({"penalty": "return float('nan')"}, "returned nan", None),
    "penalty is infinite": ({"penalty": "return float('inf')"}, "returned inf", None),
    "penalty writes to the layer": (
        {"penalty": "w *= 0.5"},
        "raised ValueError: output array is read-only",
        None,
    ),
    "gradient raises": ({"penalty_grad": "1 / 0"}, "raised ZeroDivisionError", None),
    "gradient exits": ({"penalty_grad": "sys.exit('bye')"}, "raised SystemExit: bye", None),
    "gradient writes to the layer": (
        {"penalty_grad": "w[0, 0] = 1.0"},
        "raised ValueError: assignment destination is read-only",
        None,
    ),
    "gradient replaces a parameter": (
        {"penalty_grad": "layer.params['weights'] = 0 * w"},
        "raised TypeError",
        None,
    ),
    "gradient is a list": (
        {"penalty_grad": "return [0 * w]"},
        "instead of a mapping from parameter name to array",
        None,
    ),
    "gradient is an array": (
        {"penalty_grad": "return 0 * w"},
        "instead of a mapping from parameter name to array",
        None,
    ),
    "gradient of lists": (
        {"penalty_grad": "return {'weights': w.tolist()}"},
        "instead of an array",
        "weights",
    ),
    "wrong key": (
        {"penalty_grad": "return {'weihgts': 0 * w}"},
        "'weihgts', but the parameters are weights, biases",
        None,
    ),
    "wrong shape": (
        {"penalty_grad": "return {'weights': 0 * w.T}"},
        "returned an array of shape (64, 2) for weights of shape (2, 64)",
        "weights",
    ),
    "a shape that would broadcast": (
        {"penalty_grad": "return {'biases': np.zeros((1, 1), w.dtype)}"},
        "returned an array of shape (1, 1) for biases of shape (1, 64)",
        "biases",
    ),
    "wrong dtype": (
        {"penalty_grad": "return {'weights': 0 * w.astype('float64')}"},
        "returned float64 for weights, which is float32",
        "weights",
    ),
    "complex dtype": (
        {"penalty_grad": "return {'weights': 0j * w}"},
        "returned complex64 for weights, which is float32",
        "weights",
    ),
    "NaN": (
        {"penalty_grad": "return {'weights': w * np.nan}"},
        "returned values that are not finite for weights",
        "weights",
    ),
    "infinity": (
        {"penalty_grad": "return {'biases': layer.params['biases'] + np.inf}"},
        "returned values that are not finite for biases",
        "biases",
    ),
}


@pytest.fixture
def faulty(site):
    """Installs a plugin called `faulty` with some hooks replaced."""

    def install(**bodies: str) -> None:
        site.install("regkit-faulty", {"faulty": "faulty:Faulty"}, "2.5", faulty=plugin(**bodies))

    return install


@pytest.mark.parametrize(("bodies", "problem", "parameter"), FAULTS.values(), ids=FAULTS)
def test_the_command_names_the_culprit_among_others(train_here, faulty, bodies, problem, parameter):
    faulty(**bodies)
    (hook,) = bodies
    outcome = train_here("--reg", "l2=1e-3", "--reg", "faulty", "--reg", "l1=1e-3@dense2")
    assert outcome.code == 2
    assert outcome.error.startswith(f"regularizer 'faulty' (from regkit-faulty 2.5): {hook} ")
    assert problem in outcome.error
    place = " at layer dense1" + (f", parameter {parameter}" if parameter else "")
    assert outcome.error.endswith(place)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("raise ValueError('boom')", "raised ValueError: boom"),
        ("return {'weights': w * np.nan}", "returned values that are not finite for weights"),
        ("return {'weights': w[:1]}", "returned an array of shape (1, 64)"),
    ],
)
def test_so_it_does_for_the_proximal_hook(train_here, faulty, body, problem):
    faulty(penalty_prox=body)
    outcome = train_here("--reg", "l2=1e-3", "--reg", "faulty,mode=prox", "--optimizer", "sgd")
    assert outcome.code == 2
    assert outcome.error.startswith("regularizer 'faulty' (from regkit-faulty 2.5): penalty_prox ")
    assert problem in outcome.error


def test_the_traceback_of_the_hook_comes_with_debug_only(train, faulty):
    faulty(penalty_grad="raise ValueError('boom')")
    quiet, loud = train("--reg", "faulty"), train("--reg", "faulty", "--debug")
    assert "Traceback" not in quiet.err
    assert "faulty.py" in loud.err
    assert (quiet.code, loud.code) == (2, 2)
    assert loud.err.splitlines()[-1] == f"Error: {quiet.error}"


def test_what_was_printed_before_stays(train, faulty):
    faulty(penalty="sys.n = getattr(sys, 'n', 0) + 1; return 1.0 if sys.n < 5 else np.nan")
    outcome = train("--reg", "faulty", "--log-every", 1, "--epochs", 9)
    assert outcome.code == 2
    assert len(outcome.out.splitlines()) == 3  # the header and two epochs of two layers each
