"""What a run computes with beside BLAS: one object a run, handed down to whoever computes.

`kernels.Kernels` is NumPy's way and the reference. Another backend is one folder with a subclass
that overrides what it does better; its results agree with NumPy's to rounding, not to the bit.
"""
