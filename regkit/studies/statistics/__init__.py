"""How sure a difference between two arms is, seed by seed."""
