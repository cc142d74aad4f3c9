"""Trees of Flax, Equinox and plain Python: names, orientations, and what is left out.

Covers: regkit/jax/places.py
"""

import equinox as eqx
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from regkit.errors import InputError, SelectorError
from regkit.jax import penalties, penalty, regularize
from regkit.jax.places import places_in

KEY = jax.random.key(0)


def shapes_of(tree):
    """{layer.parameter: its shape as regkit sees it}."""
    leaves = jax.tree.leaves(tree)
    return {
        f"{place.layer}.{place.name}": place.layout.see(leaves[place.number]).shape
        for place in places_in(tree)
    }


class Linen(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.Conv(5, (3, 2), name="conv")(x)
        x = nn.LayerNorm(name="norm")(x.mean(axis=(1, 2)))
        x = x[:, None]
        x = nn.MultiHeadDotProductAttention(2, qkv_features=8, name="attention")(x, x)
        return nn.Dense(3, name="head")(x[:, 0])


@pytest.fixture(scope="module")
def linen():
    return Linen().init(KEY, jnp.ones((2, 6, 6, 4)))


def test_layers_of_flax_are_called_as_their_modules(linen):
    assert shapes_of(linen) == {
        "conv.weights": (3 * 2 * 4, 5),
        "conv.biases": (1, 5),
        "norm.scale": (1, 5),
        "norm.biases": (1, 5),
        "attention.query.weights": (5, 8),
        "attention.query.biases": (1, 8),
        "attention.key.weights": (5, 8),
        "attention.key.biases": (1, 8),
        "attention.value.weights": (5, 8),
        "attention.value.biases": (1, 8),
        "attention.out.weights": (8, 5),
        "attention.out.biases": (1, 5),
        "head.weights": (5, 3),
        "head.biases": (1, 3),
    }
    assert shapes_of(linen["params"]) == shapes_of(linen)


@pytest.mark.parametrize(
    "selector", ["head.weights", "head.kernel", "params.head.kernel", "params.head.weights"]
)
def test_flaxs_own_names_select_too(linen, selector):
    found = penalties(linen, [f"l2=1@{selector}"])
    [by_layer] = found.values()
    kernel = linen["params"]["head"]["kernel"]
    assert by_layer == {"head": pytest.approx(float(jnp.sum(kernel**2)))}


def test_a_group_of_a_convolution_is_what_enters_a_filter(linen):
    kernel = np.asarray(linen["params"]["conv"]["kernel"])
    groups = np.linalg.norm(kernel.reshape(-1, 5), axis=0)
    found = penalty(linen, ["group_lasso=1,groups=incoming@conv.kernel"])
    assert float(found) == pytest.approx(groups.sum() * np.sqrt(24), rel=1e-5)


def test_a_state_of_nnx_needs_no_value_in_its_names():
    class Net(nnx.Module):
        def __init__(self, rngs):
            self.first = nnx.Linear(4, 3, rngs=rngs)
            self.layers = nnx.List([nnx.Linear(3, 3, rngs=rngs), nnx.Linear(3, 2, rngs=rngs)])

    state = nnx.state(Net(nnx.Rngs(0)), nnx.Param)
    assert shapes_of(state) == {
        "first.weights": (4, 3),
        "first.biases": (1, 3),
        "layers.0.weights": (3, 3),
        "layers.0.biases": (1, 3),
        "layers.1.weights": (3, 2),
        "layers.1.biases": (1, 2),
    }
    gradient = jax.grad(lambda state: penalty(state, ["l2=1@first"]))(state)
    assert jnp.allclose(gradient["first"]["kernel"][...], 2 * state["first"]["kernel"][...])


def test_a_linear_layer_of_equinox_is_turned():
    class Net(eqx.Module):
        conv: eqx.nn.Conv2d
        words: eqx.nn.Embedding
        norm: eqx.nn.LayerNorm
        mlp: eqx.nn.MLP
        scale: jax.Array
        name: str

    keys = jax.random.split(KEY, 3)
    net = Net(
        eqx.nn.Conv2d(4, 5, (3, 2), key=keys[0]),
        eqx.nn.Embedding(10, 6, key=keys[1]),
        eqx.nn.LayerNorm((2, 3)),
        eqx.nn.MLP(4, 2, 8, 1, key=keys[2]),
        jnp.ones(()),
        "net",
    )
    assert shapes_of(net) == {
        "conv.weights": (4 * 3 * 2, 5),
        "conv.biases": (1, 5),
        "words.weights": (10, 6),
        "norm.scale": (1, 6),
        "norm.biases": (1, 6),
        "mlp.layers.0.weights": (4, 8),
        "mlp.layers.0.biases": (1, 8),
        "mlp.layers.1.weights": (8, 2),
        "mlp.layers.1.biases": (1, 2),
        ".scale": (1, 1),
    }
    gradient = eqx.filter_grad(lambda net: penalty(net, ["group_lasso=1@mlp.layers.0.weight"]))(net)
    weight = net.mlp.layers[0].weight
    norms = jnp.linalg.norm(weight, axis=1, keepdims=True)
    assert jnp.allclose(gradient.mlp.layers[0].weight, jnp.sqrt(4) * weight / norms, atol=1e-6)
    assert gradient.mlp.activation is None or callable(gradient.mlp.activation)


def test_a_module_of_equinox_trains_by_a_proximal_point():
    model = eqx.nn.MLP(3, 1, 8, 1, key=KEY)
    optimizer = regularize(
        optax.adam(0.01), ["group_lasso=0.05,mode=prox@layers.0.weight"], learning_rate=0.01
    )
    X = jax.random.normal(KEY, (50, 3))

    @eqx.filter_jit
    def step(model, state):
        def loss(model):
            return jnp.mean((jax.vmap(model)(X)[:, 0] - X[:, 0]) ** 2)

        params = eqx.filter(model, eqx.is_inexact_array)
        moves, state = optimizer.update(eqx.filter_grad(loss)(model), state, params)
        return eqx.apply_updates(model, moves), state

    state = optimizer.init(eqx.filter(model, eqx.is_inexact_array))
    for _ in range(200):
        model, state = step(model, state)
    empty = jnp.all(model.layers[0].weight == 0, axis=1)
    assert 0 < int(empty.sum()) < 8
    assert not jnp.any(model.layers[1].weight == 0)


def test_plain_trees_are_called_by_their_keys():
    tree = {"a": [{"w": jnp.ones((4, 3)), "b": jnp.ones(3)}], "steps": 3, "w": jnp.ones((2, 5))}
    assert shapes_of(tree) == {"a.0.biases": (1, 3), "a.0.weights": (4, 3), ".weights": (2, 5)}
    assert penalties(tree, ["l1=1@a.0"]) == {"l1@a.0": {"a.0": 15.0}}
    assert penalties(tree, ["l1=1"]) == {"l1": {"a.0": 12.0, "": 10.0}}
    assert float(penalty([(jnp.ones((2, 2)), jnp.ones(2))], ["l1=1@0.0"])) == 4.0


def test_a_selector_that_matches_nothing_lists_what_there_is():
    with pytest.raises(SelectorError, match=r"matches no parameter.*dense\.kernel"):
        penalty({"dense": {"kernel": jnp.ones((2, 2))}}, ["l1=1@dense1"])


@pytest.mark.parametrize("tree", [{}, {"a": 3}, None, {"a": jnp.arange(3)}])
def test_a_tree_without_parameters_is_refused(tree):
    with pytest.raises(InputError, match="holds no array of floating-point numbers"):
        penalty(tree, ["l1=1"])


def test_gates_that_stand_side_by_side_are_not_coupled():
    cell = eqx.nn.LSTMCell(3, 5, key=KEY)
    assert shapes_of(cell)[".weight_ih"] == (3, 20)
    norms = np.linalg.norm(np.asarray(cell.weight_ih), axis=1)
    found = penalty({"cell": cell}, ["group_lasso=1@cell.weight_ih"])
    assert float(found) == pytest.approx(norms.sum() * np.sqrt(3), rel=1e-5)
    with pytest.raises(InputError, match=r"couples columns, and cell\.weight_ih stacks 4"):
        penalty({"cell": cell}, ["nuclear_norm=1@cell.weight_ih"])


def test_beside_each_other_two_weights_of_a_layer_are_both_seen():
    tree = {"a": {"w": jnp.ones((2, 2)), "kernel": jnp.ones((2, 3)), "b": jnp.ones(2)}}
    assert penalties(tree, ["l1=1@a.weights"]) == {"l1@a.weights": {"a": 6.0}}
    assert float(penalty(tree, ["l1=1@*"])) == 12.0
    assert float(penalty(tree, ["l1=1@a.w"])) == 4.0
    dotted = {"a.b": {"w": jnp.ones(2)}, "a": {"b": {"w": jnp.ones(2)}}}
    assert float(penalty(dotted, ["l1=1@*"])) == 4.0
    dotted = {"a.b": {"c": jnp.ones(2)}, "a": {"b": {"c": jnp.ones(2)}}}
    with pytest.raises(InputError, match=r"both called a\.b\.c: give one another name"):
        penalty(dotted, ["l1=1@*"])


def test_a_number_that_is_a_layer_and_a_parameter_must_say_which():
    stax = [(jnp.ones((2, 2)), jnp.ones(2)), (), (jnp.ones((2, 3)), jnp.ones(3))]
    with pytest.raises(
        InputError, match=r"'0' is a layer, and a parameter of others: write '0\.\*'"
    ):
        penalties(stax, ["l1=1@0"])
    assert penalties(stax, ["l1=1@0.*"])["l1@0.*"] == {"0": 6.0}
    assert penalties(stax, ["l1=1@*.0"])["l1@*.0"] == {"0": 4.0, "2": 6.0}


def test_statistics_beside_flaxs_parameters_are_not_seen():
    variables = {
        "params": {"d": {"kernel": jnp.ones((2, 2))}},
        "batch_stats": {"bn": {"mean": jnp.ones(2)}},
    }
    assert penalties(variables, ["l2=1@*"]) == {"l2@*": {"d": 4.0}}
    assert penalties(variables, ["l2=1@d.kernel"]) == {"l2@d.kernel": {"d": 4.0}}
