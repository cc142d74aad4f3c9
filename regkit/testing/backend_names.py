"""The names of the backends of a check."""

BACKENDS = ("numpy", "torch", "jax")
"""What `--backend` takes: `numpy` adds nothing to the laws, the others those on their arrays."""

NUMPY = BACKENDS[0]
