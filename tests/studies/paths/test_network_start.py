import warnings

import numpy as np
import pytest

from regkit.errors import InputError, RegkitWarning
from regkit.runs.config import Config
from regkit.runs.config_file import toml_of
from regkit.runs.job import job
from regkit.studies.paths.chain import Chain
from regkit.studies.paths.network_start import start_of_network
from regkit.studies.paths.path_start import grid

NETWORK = {"hidden": (8,), "init": "he", "lr": 0.01, "epochs": 200}
SPIRAL = NETWORK | {"samples": 50}
L1 = "l1=auto,mode=prox@dense1.weights"
ON_THE_NEXT = "l2=1e-3@dense2.weights"


def start(*reg):
    return start_of_network(Config(**SPIRAL, reg=reg), 0, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"reg": (L1, ON_THE_NEXT), "samples": 50},
        {"reg": (L1,), "data": "sklearn:diabetes", "patience": 10},
        {"reg": (L1, ON_THE_NEXT), "lr": 0.1, "optimizer": "sgd", "momentum": 0.9, "samples": 50},
        {
            "reg": ("group_lasso=auto,groups=outgoing,mode=prox@dense1.weights",),
            "data": "sklearn:breast_cancer",
        },
    ],
    ids=["spiral", "patience", "sgd", "groups"],
)
def test_a_networks_path_begins_where_its_own_way_leaves_nothing(settings):
    config = Config(**NETWORK | settings)
    found = start_of_network(config, 0, ())
    assert np.log2(found / 1e-3).is_integer()
    chain = Chain(
        "all rows",
        toml_of(config),
        0,
        grid(found * 1e-3, found, 12),
        "dense",
        seed=0,
        split_seed=0,
        fold=None,
        folds=2,
        refit=False,
        tolerance=1e-5,
        by_curvature=False,
        plugin_files=(),
    )
    nonzeros = [row["nonzeros"] for row in chain.perform()]
    assert nonzeros[0] > 0
    # The path's strengths are not the doublings that were tried: a single weight may stay.
    assert nonzeros[-1] <= nonzeros[0] // 10


def test_it_is_not_far_above_the_least_such_strength():
    found = start(L1, ON_THE_NEXT)
    free = job(Config(**SPIRAL, reg=(ON_THE_NEXT,)))
    left = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegkitWarning)
        for _ in free.set_up().records():
            pass
        for doublings in range(-8, 1):
            spec = f"l1={found * 2.0**doublings},mode=prox@dense1.weights"
            config = Config(**SPIRAL, reg=(spec, ON_THE_NEXT))
            for _ in job(config, model=free.model).set_up().records():
                pass
            left.append(free.model.parameter_layers[0].params["weights"].any())
    assert left[:-1] == [True] * 8


def data_loss(strength):
    """Of a network that was trained without a penalty, and then for a short time with one."""
    free = job(Config(**SPIRAL, reg=("none",)))
    short = Config(**SPIRAL | {"epochs": 50}, reg=(f"l2={strength},mode=prox",))
    for made in (free, job(short, model=free.model)):
        for _ in made.set_up().records():
            pass
    return made.objective(0).data_loss


def test_without_zeros_a_path_begins_where_nothing_of_the_fit_is_left():
    found = start("l2=auto,mode=prox")
    assert np.log2(found / 1e-3).is_integer()
    # The loss of the best constant is log 3.
    assert data_loss(found) >= 0.99 * np.log(3)
    assert data_loss(found / 2) < 0.99 * np.log(3)


def test_what_leaves_something_at_any_strength_has_no_start(monkeypatch):
    monkeypatch.setattr("regkit.studies.paths.network_start.MOST_DOUBLINGS", 2)
    with pytest.raises(InputError, match=r"no strength up to 0\.004 leaves nothing"):
        start("l2=auto@dense2.biases")
