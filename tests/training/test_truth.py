"""In float64, training equals the chapter's plain program, parameter by parameter.

Adam magnifies rounding: at the chapter's rate and start, the plain program itself, its weights
changed in the last bit, is elsewhere after 200 epochs. So 200 epochs are compared from a start and
at a rate where the plain program's own sensitivity stays below 1e-11, and the chapter's job for as
long as it is determined.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from oracles import chapter

import regkit as rk

# Neurons that are silent from the start leave their biases to L1 alone, here on purpose.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*only an L1-like penalty:regkit.errors.RegkitWarning"
)

EPOCHS = 200
STRENGTHS = {
    "none": {},
    "weight_l1": {"weight_l1": 2e-3},
    "weight_l2": {"weight_l2": 5e-3},
    "weight_l1_l2": {"weight_l1": 1e-3, "weight_l2": 5e-3},
    "bias_l1": {"bias_l1": 2e-3},
    "bias_l2": {"bias_l2": 5e-3},
    "bias_l1_l2": {"bias_l1": 1e-3, "bias_l2": 5e-3},
    "all": {"weight_l1": 1e-3, "weight_l2": 5e-3, "bias_l1": 2e-3, "bias_l2": 3e-3},
}


@pytest.fixture(scope="module")
def data():
    return rk.datasets.spiral(samples=100, classes=3, seed=7)


@pytest.fixture
def start():
    """The parameters that both programs start from; some weights are exactly 0."""
    rng = np.random.default_rng(3)
    weights1, biases1 = rng.standard_normal((2, 64)), rng.standard_normal((1, 64))
    weights2, biases2 = rng.standard_normal((64, 3)), rng.standard_normal((1, 3))
    weights1[0, :3] = 0.0
    return (weights1, biases1), (weights2, biases2)


def model_from(start, of_dense1=None, of_dense2=None):
    model = rk.Model(
        [rk.Dense(2, 64, **of_dense1 or {}), rk.ReLU(), rk.Dense(64, 3, **of_dense2 or {})],
        loss=rk.SoftmaxCrossEntropy(),
        dtype="float64",
    )
    for layer, (weights, biases) in zip(model.layers[::2], start, strict=True):
        layer.params["weights"][...] = weights
        layer.params["biases"][...] = biases
    return model


def listed(layer, strengths):
    """Strengths as on `Dense`, as regularizers for that layer, in the order of `Dense`."""
    spelled = {
        "weight_l1": (rk.L1, "weights"),
        "bias_l1": (rk.L1, "biases"),
        "weight_l2": (rk.L2, "weights"),
        "bias_l2": (rk.L2, "biases"),
    }
    return [
        cls(strengths[key], on=f"{layer}.{parameter}")
        for key, (cls, parameter) in spelled.items()
        if key in strengths
    ]


def assert_same(model, history, reference, printed):
    for layer, plain in zip(model.layers[::2], reference, strict=True):
        for name in ("weights", "biases"):
            assert_allclose(layer.params[name], getattr(plain, name), rtol=0, atol=1e-9)
    records = [(one.accuracy, one.data_loss, one.penalty, one.lr) for one in history]
    assert_allclose(records, printed, rtol=0, atol=1e-9)


@pytest.mark.parametrize("on_dense", [True, False], ids=["on Dense", "listed"])
@pytest.mark.parametrize("strengths", STRENGTHS.values(), ids=STRENGTHS.keys())
def test_penalties_train_as_in_the_chapter(data, start, strengths, on_dense):
    reference = [chapter.Dense(*params, **strengths) for params in start]
    printed = chapter.train(*reference, *data, chapter.Adam(0.002, decay=5e-7), EPOCHS)
    if on_dense:
        model, regularizers = model_from(start, strengths, strengths), []
    else:
        model = model_from(start)
        regularizers = listed("dense1", strengths) + listed("dense2", strengths)
    history = rk.train(
        model,
        *data,
        optimizer=rk.Adam(0.002, decay=5e-7),
        regularizers=regularizers,
        epochs=EPOCHS,
    )
    assert_same(model, history, reference, printed)


def test_the_chapters_own_job_begins_as_in_the_chapter():
    X, y = rk.datasets.spiral(samples=1000, classes=3, seed=0)
    model = rk.Model(
        [rk.Dense(2, 64, weight_l2=5e-4, bias_l2=5e-4), rk.ReLU(), rk.Dense(64, 3)],
        loss=rk.SoftmaxCrossEntropy(),
        dtype="float64",
    )
    dense1, _, dense2 = model.layers
    reference = [
        chapter.Dense(dense1.weights, dense1.biases, weight_l2=5e-4, bias_l2=5e-4),
        chapter.Dense(dense2.weights, dense2.biases),
    ]
    printed = chapter.train(*reference, X, y, chapter.Adam(0.05, decay=5e-7), epochs=20)
    history = rk.train(model, X, y, optimizer=rk.Adam(0.05, decay=5e-7), epochs=20)
    assert_same(model, history, reference, printed)


def test_the_two_spellings_are_the_same_to_the_bit(data, start):
    spelled, given = model_from(start, STRENGTHS["all"]), model_from(start)
    spelled_history = rk.train(spelled, *data, optimizer=rk.Adam(0.05), epochs=20)
    given_history = rk.train(
        given,
        *data,
        optimizer=rk.Adam(0.05),
        regularizers=listed("dense1", STRENGTHS["all"]),
        epochs=20,
    )
    assert np.array_equal(spelled.parameters, given.parameters)
    assert spelled_history == given_history


OPTIMIZERS = [
    ("SGD", {"lr": 1.0}),
    ("SGD", {"lr": 0.5, "decay": 1e-2}),
    ("SGD", {"lr": 0.2, "decay": 1e-3, "momentum": 0.9}),
    ("AdaGrad", {"lr": 0.02, "decay": 1e-3}),
    ("AdaGrad", {"lr": 0.02, "epsilon": 1e-2}),
    ("RMSProp", {"lr": 0.002, "decay": 1e-2}),
    ("RMSProp", {"lr": 0.002, "rho": 0.99, "epsilon": 1e-2}),
    ("Adam", {"lr": 0.002, "decay": 1e-2}),
    ("Adam", {"lr": 0.002, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-2}),
]


@pytest.mark.parametrize(("name", "settings"), OPTIMIZERS)
def test_optimizers_train_as_in_the_chapter(data, start, name, settings):
    strengths = {"weight_l2": 5e-3, "weight_l1": 1e-3}
    reference = [chapter.Dense(*start[0], **strengths), chapter.Dense(*start[1])]
    printed = chapter.train(*reference, *data, getattr(chapter, name)(**settings), EPOCHS)
    model = model_from(start)
    history = rk.train(
        model,
        *data,
        optimizer=getattr(rk, name)(**settings),
        regularizers=["l2=5e-3@dense1.weights", "l1=1e-3@dense1.weights"],
        epochs=EPOCHS,
    )
    assert_same(model, history, reference, printed)
