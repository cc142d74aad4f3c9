"""One step: gradients before the optimizer's own, decoupled penalties and points after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from regkit.array_libraries import is_traced
from regkit.errors import InputError
from regkit.hooks.labels import labelled
from regkit.hooks.modes import CONSTRAINT, DECOUPLED, LOSS, PROX, Mode
from regkit.hooks.requirements import require_array_step, require_single_step
from regkit.hooks.run_plugin import RunPlugin
from regkit.jax.amounts import Amount, with_amounts
from regkit.jax.at_parameters import AtParameters
from regkit.jax.epochs import as_epoch
from regkit.jax.measured import OtherRateError, metric_of
from regkit.jax.metric import Metric
from regkit.jax.network import Network
from regkit.jax.places import places_in
from regkit.jax.rates import Schedule, largest_rate
from regkit.jax.states import require_every_step

Leaves = list[Any]


class RegularizedState(NamedTuple):
    """The state of a regularized optimizer.

    Attributes:
        count: the steps so far, by which schedules go.
        inner_state: of the optimizer itself.
    """

    count: Any
    inner_state: Any


class Step:
    """The steps of an optimizer with penalties.

    Args:
        optimizer: of optax.
        plugins: the penalties.
        schedule: of the learning rate.
        eps: of the optimizer, where it cannot be measured.

    Raises:
        InputError: a penalty is in mode `prox`, and the optimizer's metric is not known.
    """

    def __init__(
        self, optimizer: Any, plugins: Sequence[Any], schedule: Schedule, eps: float
    ) -> None:
        self._optimizer = optax.with_extra_args_support(optimizer)
        self._plugins = plugins
        self._schedule = schedule
        modes = [one.mode for one in labelled(plugins)]
        self._acts_by_points = PROX in modes or CONSTRAINT in modes
        self._is_decoupled = DECOUPLED in modes
        self._metric = _metric(optimizer, schedule, eps, modes)
        self._networks: dict[Any, Network] = {}

    def transformation(self) -> optax.GradientTransformationExtraArgs:
        """The steps as a transformation of optax."""
        return optax.GradientTransformationExtraArgs(self._init, self._update)

    def _init(self, params: Any) -> RegularizedState:
        # optax asks for the form of a state by a tree of placeholders.
        if places_in(params):
            self._network(params, with_amounts(self._plugins, None))
        inner_state = self._optimizer.init(params)
        if self._is_decoupled:
            require_every_step(inner_state)
        return RegularizedState(jnp.zeros((), jnp.int32), inner_state)

    def _update(
        self,
        updates: Any,
        state: RegularizedState,
        params: Any = None,
        *,
        epoch: Any = None,
        **more: Any,
    ) -> tuple[Any, RegularizedState]:
        if jax.tree.structure(params) != jax.tree.structure(updates):
            raise InputError(
                "update needs the parameters that the gradients are of, in a tree of the same "
                "form: update(grads, state, params)"
            )
        if not isinstance(state, RegularizedState):
            raise InputError(
                f"update was given the state of another optimizer ({type(state).__name__}): begin "
                "with the state that init of the regularized one returns"
            )
        epoch = as_epoch(state.count if epoch is None else epoch)
        asked = self._at(params, epoch)
        gradients, form = jax.tree.flatten(updates)
        for number, gradient in asked.gradients(LOSS).items():
            gradients[number] = gradients[number] + gradient.astype(gradients[number].dtype)
        moves_tree, inner_state = self._optimizer.update(
            jax.tree.unflatten(form, gradients), state.inner_state, params, **more
        )
        moves = jax.tree.leaves(moves_tree)
        rate = _known(self._schedule(state.count))
        if self._is_decoupled:
            for number, gradient in asked.gradients(DECOUPLED).items():
                moves[number] = (moves[number] - rate * gradient).astype(moves[number].dtype)
        if self._acts_by_points:
            displacements = self._take_points(asked, moves, inner_state, rate)
            if self._metric is not None:
                displaced = jax.tree.unflatten(form, displacements)
                inner_state = self._metric.displaced(inner_state, rate, displaced)
        after = RegularizedState(optax.safe_increment(state.count), inner_state)
        return jax.tree.unflatten(form, moves), after

    def _take_points(
        self, asked: AtParameters, moves: Leaves, inner_state: Any, rate: Any
    ) -> Leaves:
        """Change moves, so that they lead to the points; how far the points are from them."""
        moved = {n: array + moves[n].astype(array.dtype) for n, array in asked.arrays.items()}
        points = dict(asked.points(CONSTRAINT, moved, 1.0))
        # At a learning rate of 0 no proximal point is taken.
        rests = rate == 0
        if self._metric is not None and rests is not True:
            moving = rate if rests is False else jnp.where(rests, 1.0, rate)
            steps = self._metric.steps(inner_state, moving)
            if self._metric.adaptive:
                steps = dict(enumerate(jax.tree.leaves(steps)))
            for number, point in asked.points(PROX, moved, steps).items():
                points[number] = jnp.where(rests, moved[number], point)
        displacements = [jnp.zeros_like(move) for move in moves]
        for number, point in points.items():
            displacements[number] = point - moved[number]
            moves[number] = (point - asked.arrays[number]).astype(moves[number].dtype)
        return displacements

    def _at(self, params: Any, epoch: Any) -> AtParameters:
        amounts = with_amounts(self._plugins, epoch)
        network = self._network(params, amounts)
        leaves = jax.tree.leaves(params)
        return AtParameters(
            network,
            {number: leaves[number] for number in network.numbers},
            epoch,
            [one.factor for one in amounts],
        )

    def _network(self, params: Any, amounts: Sequence[Amount]) -> Network:
        """That of parameters of one form, made once."""
        leaves, form = jax.tree.flatten(params)
        shapes = tuple(
            (getattr(one, "shape", None), str(getattr(one, "dtype", ""))) for one in leaves
        )
        key = form, shapes, tuple(one.factor is None for one in amounts)
        if key not in self._networks:
            network = Network(params, [one.plugin for one in amounts])
            for plugin in network.hooks.in_mode(PROX):
                self._require_legal(plugin, network)
            self._networks[key] = network
        return self._networks[key]

    def _require_legal(self, plugin: RunPlugin, network: Network) -> None:
        assert self._metric is not None
        if self._metric.adaptive:
            require_array_step(plugin, "an adaptive optimizer")
            return
        rate = largest_rate(self._schedule)
        ahead = self._metric.ahead
        if rate is not None and not is_traced(ahead):
            require_single_step(plugin, network.hooks.layers, rate * float(ahead))


def _metric(optimizer: Any, schedule: Schedule, eps: float, modes: Sequence[Mode]) -> Metric | None:
    """The metric where it is needed.

    What a constraint moves is told to a momentum, and what is decoupled goes by the learning rate,
    where they are known.
    """
    if not {PROX, DECOUPLED, CONSTRAINT} & set(modes):
        return None
    try:
        return metric_of(optimizer, schedule, eps)
    except OtherRateError:
        raise
    except InputError:
        if PROX in modes:
            raise
        return None


def _known(number: Any) -> Any:
    """A number of Python, where it is not traced."""
    return number if is_traced(number) or not hasattr(number, "item") else number.item()
