"""What penalties of whole matrices refuse, and the reasons that they give.

Covers: plugins/regkit-structured/regkit_structured/matrices.py
"""

import numpy as np
import pytest
from regkit_structured import NuclearNorm, SortedL1, SpectralNorm, TotalVariation

import regkit as rk
from regkit.errors import FieldError, InputError


@pytest.mark.parametrize("method", ["value", "grad", "dual_norm"])
@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
@pytest.mark.parametrize("penalty", [NuclearNorm, SpectralNorm, TotalVariation])
def test_what_is_no_matrix_is_refused(penalty, shape, method):
    with pytest.raises(FieldError, match=f"{penalty.__name__}: it is a penalty of matrices"):
        getattr(penalty(), method)(np.ones(shape))


@pytest.mark.parametrize(
    ("penalty", "reason"),
    [
        (NuclearNorm, "it decomposes the whole matrix"),
        (SortedL1, "it pools weights by their sizes"),
        (SpectralNorm, "it decomposes the whole matrix"),
        (TotalVariation, "its proximal point ties whole lines of weights"),
    ],
)
def test_an_adaptive_optimizer_is_refused_with_the_reason(penalty, reason):
    X, y = rk.datasets.spiral(samples=5, classes=3, seed=0)
    model = rk.Model([rk.Dense(2, 3)], loss=rk.SoftmaxCrossEntropy())
    with pytest.raises(InputError, match=reason):
        rk.train(
            model,
            X,
            y,
            optimizer=rk.Adam(),
            regularizers=[penalty(mode="prox", on="dense1.weights")],
            epochs=1,
        )
