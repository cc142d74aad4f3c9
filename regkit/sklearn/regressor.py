"""The regressor."""

from __future__ import annotations

from typing import Any, ClassVar

from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin

from regkit.array_types import Array
from regkit.nn.losses import Loss, MeanSquaredError
from regkit.sklearn.estimator import RegularizedMLP
from regkit.sklearn.rows import checked_weights, weighted_rows


class RegularizedMLPRegressor(RegressorMixin, RegularizedMLP):
    """A network with penalties, trained on the mean squared error.

    It minimizes Σ w_i · ‖outputs_i − y_i‖² / (k Σ w_i) plus the penalties, with k the number of
    targets and w the sample weights. With `hidden=()` and `l1` of strength 2α it approaches the
    Lasso of scikit-learn with α, if it is given enough epochs. The parameters and attributes are
    documented by `regkit.sklearn.estimator.RegularizedMLP`.
    """

    _loss: ClassVar[type[Loss]] = MeanSquaredError

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> RegularizedMLPRegressor:
        """Train a new network.

        Args:
            X: (n_samples, n_features).
            y: (n_samples,) or (n_samples, n_targets).
            sample_weight: (n_samples,), at least 0; only their ratios matter.

        Raises:
            ValueError: an argument or a parameter cannot be used; regkit's own are `InputError`.
            PluginError: a regularizer cannot be used, or fails.
            DivergenceError: the data loss, a penalty or a parameter is no longer finite.
        """
        inputs, targets = self._checked(X, y, multi_output=True, y_numeric=True)
        weights = checked_weights(sample_weight, len(inputs))
        self._fit(weighted_rows(inputs, targets, weights), _columns(targets))
        return self

    def partial_fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> RegularizedMLPRegressor:
        """Train for one epoch on these rows; parameters, moments and schedules go on.

        After a fit it continues the fit's network; the first call otherwise makes a new one. `fit`
        with n epochs is n calls on the same rows. Early stopping and `warm_start` concern `fit`,
        and changes of the network's or the optimizer's parameters take effect in the next `fit`.

        Args:
            X: (n_samples, n_features).
            y: (n_samples,) or (n_samples, n_targets).
            sample_weight: (n_samples,); its ratios matter within a call.

        Raises:
            ValueError: an argument or a parameter cannot be used; regkit's own are `InputError`.
            PluginError: a regularizer cannot be used, or fails.
            DivergenceError: the data loss, a penalty or a parameter is no longer finite.
        """
        first = not self.__sklearn_is_fitted__()
        inputs, targets = self._checked(X, y, multi_output=True, y_numeric=True, reset=first)
        weights = checked_weights(sample_weight, len(inputs))
        self._continue(weighted_rows(inputs, targets, weights), _columns(targets))
        return self

    def predict(self, X: ArrayLike) -> Array:
        """The outputs, (n_samples,) for one target, else (n_samples, n_targets)."""
        inputs = self._inputs(X)
        return self.model_.predict(inputs)


def _columns(y: Array) -> int:
    return 1 if y.ndim == 1 else y.shape[1]
