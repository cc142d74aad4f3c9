"""The computations of a run besides BLAS: one object per run, passed to the code that computes.

`kernels.Kernels` uses NumPy and is the reference. Another backend is one folder with a subclass
that overrides what it does faster; its results agree with NumPy's to rounding, not to the bit.
"""
