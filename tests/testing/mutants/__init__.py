"""Planted faults: every regularizer here is wrong, and says which law must catch it.

The class docstring is the fault as the table in the docs shows it; `caught_by` is the law. A fault
of the process (a hang, a crash) is in `process.py` and is caught by the check of a spec.
"""

from testing.mutants import (
    arrays,
    conduct,
    constraints,
    form,
    gradients,
    libraries,
    networks,
    offered,
    proximal,
)


def _mutants(module):
    return [
        getattr(cls, "planted", cls)()
        for cls in vars(module).values()
        if isinstance(cls, type) and "caught_by" in vars(cls) and cls.__module__ == module.__name__
    ]


def all_mutants():
    """One instance of each mutant."""
    modules = (
        *(gradients, arrays, conduct, form, proximal),
        *(offered, libraries, constraints, networks),
    )
    return [mutant for module in modules for mutant in _mutants(module)]
