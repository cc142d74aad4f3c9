"""A regularizer of regkit as one of Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from regkit.errors import FieldError, InputError
from regkit.keras.backends import backend
from regkit.keras.hooked import Hooked, OfOutputs, OfParameter
from regkit.keras.layouts import LAST, layout_of
from regkit.keras.saved import restored, saved
from regkit.regularizers import ActivityRegularizer, Configured

BY_ROWS = ("fan_in", "sqrt_fan_in")


class Penalty(keras.regularizers.Regularizer):
    """A Keras regularizer: the penalty of an array, with the penalty's own gradient.

    Made by `regkit.keras.regularizer`. It is saved with the model that it belongs to.

    Attributes:
        regularizer: the regularizer of regkit.
        neurons: the axes of arrays that run over neurons.
    """

    def __init__(self, regularizer: Configured, neurons: tuple[int, ...] = LAST) -> None:
        self.regularizer = regularizer
        self.neurons = neurons
        self._backend = backend()
        self._hooked: Hooked
        if isinstance(regularizer, ActivityRegularizer):
            self._hooked = OfOutputs(regularizer, self._backend.bridge)
        else:
            self._hooked = OfParameter(
                regularizer, self._backend.bridge, lambda x: layout_of(x, neurons)
            )

    def __call__(self, x: Any) -> Any:
        """The penalty, of no dimension and of x's dtype; of outputs, times the rows of the batch.

        Raises:
            RegkitError: the penalty does not fit the array, or one of its hooks failed.
        """
        if isinstance(self._hooked, OfOutputs) and isinstance(x, keras.Variable):
            raise InputError(
                f"{self.regularizer} is a penalty of outputs, and {x.path} is a variable: give it "
                "as activity_regularizer"
            )
        array = keras.ops.convert_to_tensor(x)
        if self.regularizer.scale in BY_ROWS and array.ndim < 2:
            raise FieldError(
                f"{self.regularizer}: scale={self.regularizer.scale!r} counts the rows of a kernel,"
                " and a vector has none: use scale='size'"
            )
        return self._backend.differentiable(self._hooked, array)

    def __repr__(self) -> str:
        return f"<regkit.keras.Penalty {self.regularizer}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # What is worked out for a backend is worked out anew.
        return type(self), (self.regularizer, self.neurons)

    def __deepcopy__(self, memo: dict[int, Any]) -> Penalty:
        return type(self)(self.regularizer, self.neurons)

    def get_config(self) -> dict[str, Any]:
        """The regularizer as a table of all its fields; a file by its absolute path."""
        return {"regularizer": saved(self.regularizer), "neurons": list(self.neurons)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Penalty:
        """The penalty of a configuration.

        Raises:
            InputError: it cannot be configured here: its class or a file is missing.
        """
        return cls(restored(config["regularizer"]), tuple(config["neurons"]))


keras.saving.register_keras_serializable(package="regkit")(Penalty)
