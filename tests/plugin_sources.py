"""Sources of plugins that tests install."""

HUBER = """
    import numpy as np
    from regkit import Regularizer

    class Huber(Regularizer):
        def value(self, w): return float(np.sum(np.sqrt(1 + w.astype(float) ** 2) - 1))
        def grad(self, w): return w / np.sqrt(1 + w * w)
"""
