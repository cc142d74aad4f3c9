"""Kernels compiled by numba, the extra `compiled`. Nothing here is imported before a run asks."""
