"""A layer with parameters, written by somebody who has only regkit's public names."""

from typing import Any

import numpy as np

import regkit as rk


class Scale(rk.ParameterLayer):
    """outputs = inputs · factors, one factor for each feature; it starts at 1."""

    kind = "scale"

    def __init__(self, n_features: int, *, trainable: bool = True) -> None:
        super().__init__({"factors": (n_features,)}, trainable=trainable)
        self.n_inputs = n_features

    def settings(self) -> dict[str, Any]:
        return {"n_features": self.n_inputs, "trainable": self.trainable}

    def initialize(self, rng: np.random.Generator) -> None:
        self.params["factors"][...] = 1

    def forward(self, inputs: Any, workspace: Any) -> Any:
        workspace.kept["inputs"] = inputs
        outputs = workspace.activations("outputs", len(inputs), self.n_inputs)
        np.multiply(inputs[:, :-1], self.params["factors"], out=outputs[:, :-1])
        return outputs

    def backward(self, doutputs: Any, workspace: Any, *, need_dinputs: bool) -> Any:
        if self.trainable:
            products = doutputs * workspace.kept["inputs"][:, :-1]
            self.gradients["factors"][...] = products.sum(axis=0)
        return doutputs * self.params["factors"]
