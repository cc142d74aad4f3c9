"""What both estimators share: parameters, training, and what a fitted network shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from regkit.arguments import boolean, integer, number
from regkit.array_types import Array
from regkit.errors import InputError
from regkit.nn.layers import ParameterLayer
from regkit.nn.layers.dense import Init
from regkit.nn.losses import Loss
from regkit.nn.model import Model
from regkit.nn.optimizers import Optimizer
from regkit.nn.parameters import parameter_dtype
from regkit.sklearn.epochs import one_epoch, until_patience_runs_out
from regkit.sklearn.held_out import split
from regkit.sklearn.network import network, new_optimizer, seed_of
from regkit.sklearn.rows import Rows
from regkit.training import History, Plan, Training, TrainingState
from regkit.training.collapse import is_of_collapse
from regkit.training.early_stopping import EarlyStopping
from regkit.training.plan import LrSchedule
from regkit.training.zeros import share_of_zeros
from regkit.warn import collected_warnings, warn


class RegularizedMLP(BaseEstimator):
    """The base class: a network of dense layers, trained as `regkit.train` trains.

    Inputs and targets are used as they are: standardize them where they differ in scale.

    Args:
        hidden: the sizes of the hidden layers; `()` for a linear model.
        regularizers: regularizers, spec strings or raw plugin objects, as for `regkit.train`. The
            layers with parameters are `dense1`, `dense2`, …
        activation: of the hidden layers, `"relu"`, `"tanh"` or `"sigmoid"`.
        dropout: the fraction of each hidden layer's outputs that training drops.
        init: of the weights, `"glorot"`, `"he"` or `"normal"`; see `Dense`.
        optimizer: `"adam"`, `"sgd"`, `"rmsprop"` or `"adagrad"`, or an object such as
            `Adam(0.02, decay=1e-3)`, which is copied.
        lr: the learning rate of an optimizer given by its name; None for 0.01.
        lr_schedule: a factor on the learning rate by epoch, as for `regkit.train`.
        epochs: passes of `fit` over the rows.
        batch_size: rows per step, all rows if there are fewer; None for all. With all rows a fit is
            the same whatever their order, to rounding, and without dropout and penalties of outputs
            a row of weight 2 is a row that occurs twice.
        early_stopping: whether `fit` holds out rows, stops when the data loss on them no longer
            improves, and ends with the parameters for which it was lowest.
        validation_fraction: of the distinct rows to hold out, for early stopping; of each class in
            classification.
        patience: epochs without an improvement after which early stopping ends the training; None
            to train all epochs and keep the best parameters.
        min_delta: an improvement must exceed it, for patience.
        warm_start: whether `fit` begins with the parameters of the last one. Optimizer, schedules
            and random numbers begin anew.
        random_state: an integer is regkit's random seed of initial weights, shuffling and dropout,
            and that of the held-out rows; a `RandomState`, or NumPy's global one for None, draws
            it.
        dtype: `"float64"` or `"float32"`.

    Attributes:
        model_: the `regkit.Model`. A classifier's predicts the numbers of `classes_`.
        optimizer_: the optimizer, with its moments.
        history_: the record of each epoch: losses and zeros before its last step, and with
            early stopping the validation; `history_.best_epoch` is the one that was kept, and
            `history_.stopped` the one at which patience ran out.
        n_iter_: the number of epochs trained, those of `partial_fit` included.
        n_features_in_: the number of inputs.
        feature_names_in_: their names, if X was a data frame with names.
    """

    _loss: ClassVar[type[Loss]]
    _stratifies: ClassVar[bool] = False

    model_: Model
    optimizer_: Optimizer
    history_: History
    n_iter_: int
    n_features_in_: int
    feature_names_in_: Array
    _state: TrainingState

    def __init__(
        self,
        hidden: Iterable[int] = (64,),
        regularizers: Iterable[object] = (),
        *,
        activation: str = "relu",
        dropout: float = 0.0,
        init: Init = "glorot",
        optimizer: str | Optimizer = "adam",
        lr: float | None = None,
        lr_schedule: LrSchedule | None = None,
        epochs: int = 200,
        batch_size: int | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        patience: int | None = 10,
        min_delta: float = 0.0,
        warm_start: bool = False,
        random_state: Any = None,
        dtype: str = "float64",
    ) -> None:
        self.hidden = hidden
        self.regularizers = regularizers
        self.activation = activation
        self.dropout = dropout
        self.init = init
        self.optimizer = optimizer
        self.lr = lr
        self.lr_schedule = lr_schedule
        self.epochs = epochs
        self.batch_size = batch_size
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.min_delta = min_delta
        self.warm_start = warm_start
        self.random_state = random_state
        self.dtype = dtype

    @property
    def coefs_(self) -> list[Array]:
        """The weights of each dense layer, (n_inputs, n_neurons)."""
        return [layer.params["weights"] for layer in self._layers]

    @property
    def intercepts_(self) -> list[Array]:
        """The biases of each dense layer, (n_neurons,)."""
        return [layer.params["biases"][0] for layer in self._layers]

    @property
    def coef_(self) -> Array:
        """The weights of a linear model, (n_features,) or (n_outputs, n_features).

        Raises:
            AttributeError: there are hidden layers.
        """
        weights = self._linear_layer("coef_").params["weights"]
        return weights[:, 0] if weights.shape[1] == 1 else weights.T

    @property
    def intercept_(self) -> Any:
        """The biases of a linear model, a number or (n_outputs,).

        Raises:
            AttributeError: there are hidden layers.
        """
        biases = self._linear_layer("intercept_").params["biases"][0]
        return biases[0] if len(biases) == 1 else biases

    @property
    def loss_curve_(self) -> list[float]:
        """The objective, data loss plus penalties, in each epoch before its last step."""
        return [record.loss for record in self.history_]

    @property
    def zeros_(self) -> dict[str, float]:
        """The fraction of each dense layer's weights that are exactly 0, by the layer's name."""
        return {layer.name: share_of_zeros(layer) for layer in self._layers}

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def _checked(self, X: ArrayLike, y: ArrayLike, **settings: Any) -> tuple[Array, Array]:
        """X and y as arrays to train on."""
        dtype = parameter_dtype(self.dtype)
        inputs, targets = validate_data(self, X, y, dtype=dtype, **settings)
        return inputs, targets

    def _inputs(self, X: ArrayLike) -> Array:
        """X as an array for the fitted network."""
        check_is_fitted(self)
        inputs: Array = validate_data(self, X, dtype=self.model_.dtype, reset=False)
        return inputs

    def _fit(self, rows: Rows, n_outputs: int) -> None:
        """Train a network on all epochs; attributes change when it has ended."""
        seed = seed_of(self.random_state)
        model = self._new_model(rows, n_outputs, seed)
        if boolean("warm_start", self.warm_start) and self.__sklearn_is_fitted__():
            _begin_with(model, self.model_)
        optimizer = new_optimizer(self.optimizer, self.lr)
        if boolean("early_stopping", self.early_stopping):
            kept, held_out = split(rows, self.validation_fraction, seed, stratify=self._stratifies)
            training = self._training(model, optimizer, kept)
            history = until_patience_runs_out(training, held_out, self._watch())
        else:
            training = self._training(model, optimizer, rows)
            history = History(training.records())
        self._keep(training, history)

    def _continue(self, rows: Rows, n_outputs: int) -> None:
        """Train for one more epoch; the first one begins with a new network."""
        if self.__sklearn_is_fitted__():
            training = self._training(self.model_, self.optimizer_, rows, self._state)
            history = History([*self.history_, *one_epoch(training)])
        else:
            model = self._new_model(rows, n_outputs, seed_of(self.random_state))
            training = self._training(model, new_optimizer(self.optimizer, self.lr), rows)
            history = one_epoch(training)
        self._keep(training, history)

    def _new_model(self, rows: Rows, n_outputs: int, seed: int) -> Model:
        return network(
            self.hidden,
            n_inputs=rows.X.shape[1],
            n_outputs=n_outputs,
            loss=self._loss(),
            activation=self.activation,
            dropout=self.dropout,
            init=self.init,
            seed=seed,
            dtype=self.dtype,
        )

    def _training(
        self, model: Model, optimizer: Optimizer, rows: Rows, state: TrainingState | None = None
    ) -> Training:
        """A training that is set up, and continues from a state."""
        if isinstance(self.regularizers, Iterator):
            raise InputError("regularizers must be a list: an iterator serves one fit only")
        epochs = integer("epochs", self.epochs, least=1)
        size = self.batch_size
        if size is not None and integer("batch_size", size, least=1) >= len(rows):
            size = None
        plan = Plan(
            optimizer=optimizer,
            regularizers=self.regularizers,
            epochs=epochs if state is None else max(epochs, state.epoch + 1),
            batch_size=size,
            sample_weight=rows.weights,
            lr_schedule=self.lr_schedule,
            seed=model.seed,
        )
        if state is None:
            return Training(model, rows.X, rows.y, plan)
        # Of a network at its start, which this one no longer is.
        with collected_warnings() as found:
            training = Training(model, rows.X, rows.y, plan)
        for message in found:
            if not is_of_collapse(message):
                warn(message)
        training.restore(state)
        return training

    def _watch(self) -> EarlyStopping:
        patience = self.patience
        if patience is not None:
            patience = integer("patience", patience, least=1)
        return EarlyStopping(patience, number("min_delta", self.min_delta, least=0))

    def _keep(self, training: Training, history: History) -> None:
        self.model_ = training.model
        self.optimizer_ = training.optimizer
        self.history_ = history
        self.n_iter_ = training.epoch
        self._state = training.state()

    @property
    def _layers(self) -> list[ParameterLayer]:
        return list(self.model_.parameter_layers)

    def _linear_layer(self, name: str) -> ParameterLayer:
        layer, *further = self._layers
        if further:
            raise AttributeError(f"{name} is for a linear model, with hidden=(): see coefs_")
        return layer


def _begin_with(model: Model, last: Model) -> None:
    """Give a model the parameters of another one.

    Raises:
        InputError: it has other layers.
    """
    shapes, of_last = (
        [tuple(layer.shapes.items()) for layer in one.parameter_layers] for one in (model, last)
    )
    if shapes != of_last:
        raise InputError(
            "warm_start begins with the parameters of the last fit, whose network has other "
            "layers: keep hidden, the inputs and the targets, or set warm_start=False"
        )
    model.parameters[...] = last.parameters
