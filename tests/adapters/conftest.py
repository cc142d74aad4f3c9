"""Tests against PyTorch, JAX, Keras, optax and glmnet: collected where the libraries are."""

import os
from importlib.util import find_spec
from pathlib import Path

# Keras asks for it when it is imported, and takes TensorFlow without it.
os.environ["KERAS_BACKEND"] = "torch"

NEEDED = {
    "test_conversions_glmnet": ("glmnet",),
    "test_conversions_keras": ("keras", "torch"),
    "test_conversions_optax": ("jax", "optax"),
    "test_conversions_defaults": ("jax", "keras", "optax", "torch"),
    "test_conversions_torch": ("torch",),
    "test_jax": ("equinox", "flax", "jax", "optax"),
    "test_keras": ("jax", "keras", "torch"),
    "test_torch": ("torch",),
}
"""What the test files of these names need; the others need nothing but scikit-learn."""


def lacks(name):
    return any(
        find_spec(library) is None
        for beginning, libraries in NEEDED.items()
        if name.startswith(beginning)
        for library in libraries
    )


if find_spec("torch"):
    import torch

    # Two test workers share the processors.
    torch.set_num_threads(1)

collect_ignore = [path.name for path in Path(__file__).parent.glob("test_*.py") if lacks(path.stem)]
