"""Kernels compiled by numba, the extra `compiled`. Imported only when a run uses them."""
